"""What every page for owners holds to, and that readers' answers know nothing of owners."""

import re
from uuid import uuid4

import pytest
from flask import Flask

from service.records import Role
from tests.support.voters import OWN_ORIGIN, ballot
from tests.web.admin.conftest import DEMO, Browser, SignedIn
from tests.web.admin.test_roles import ROUTES, VALUES

UNSAFE = [route for route in ROUTES if not route.startswith("GET ")]
PUBLIC = [
    "/",
    "/demo",
    "/docs",
    "/openapi.json",
    "/healthz",
    "/widget.js",
    "/static/admin.css",
    "/polls/region-interest",
    "/polls/region-interest/results",
    "/v1/polls/region-interest",
    "/v1/polls/region-interest/results",
    "/v1/polls/nothing",
    "/nothing",
]


def path_of(route: str) -> str:
    path = route.split()[1]
    for name, value in VALUES.items():
        path = path.replace(f"<{name}>", value)
    return path


def send(browser: Browser, route: str, token: str, **headers: str) -> int:
    """The status of the answer to an unsafe request with these headers."""
    form = {"csrf_token": token} if token else {}
    method = route.split()[0]
    return browser.open(path_of(route), method=method, data=form, headers=headers).status_code


@pytest.mark.parametrize("route", UNSAFE)
def test_nothing_is_done_for_a_page_that_is_not_ours(admin: Browser, route: str) -> None:
    token, own = admin.token(), {"Origin": OWN_ORIGIN}
    forged = {
        "no token": send(admin, route, "", **own),
        "another session's token": send(admin, route, Browser(admin.app).token(), **own),
        "no origin": send(admin, route, token),
        "another origin": send(admin, route, token, Origin="https://evil.test"),
        "an opaque origin": send(admin, route, token, Origin="null"),
        "another site": send(admin, route, token, **own, **{"Sec-Fetch-Site": "cross-site"}),
        "a subdomain": send(admin, route, token, **own, **{"Sec-Fetch-Site": "same-site"}),
    }
    assert forged == dict.fromkeys(forged, 403)


def test_the_token_may_come_in_the_header_that_htmx_sends(admin: Browser) -> None:
    headers = {"Origin": OWN_ORIGIN, "X-CSRFToken": admin.token()}
    assert send(admin, "POST /admin/sign-out", "", **headers) == 303


@pytest.mark.parametrize("path", ["/admin", "/admin/sign-in", "/admin/account", "/admin/nothing"])
@pytest.mark.parametrize("who", ["nobody", "admin"])
def test_every_answer_is_private_and_strict(
    browser: Browser, signed_in: SignedIn, who: str, path: str
) -> None:
    asking = signed_in(Role.ADMIN) if who == "admin" else browser
    headers = asking.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"


@pytest.mark.parametrize("path", PUBLIC)
def test_readers_answers_neither_set_nor_vary_by_a_cookie(admin: Browser, path: str) -> None:
    assert admin.get("/admin/account").status_code == 200
    owners, readers = admin.get(path), Browser(admin.app).get(path)
    for answer in (owners, readers):
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")
    if not readers.headers.get("X-Request-Id"):
        assert owners.data == readers.data


def test_a_vote_neither_sets_nor_varies_by_a_cookie(admin: Browser) -> None:
    answer = admin.open(
        "/v1/polls/region-interest/ballots",
        method="POST",
        json=ballot("c1"),
        headers={"Origin": OWN_ORIGIN},
    )
    assert answer.status_code == 201
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers["Vary"]


def test_a_session_opens_no_api(admin: Browser) -> None:
    assert admin.get("/v1/sites").status_code == 401


def test_an_error_within_a_site_is_shown_on_its_page(signed_in: SignedIn) -> None:
    editor = signed_in(Role.EDITOR)
    answer = editor.get("/admin/sites/demo/owners")
    assert answer.status_code == 403
    assert "<h1>Editors cannot do this</h1>" in answer.text
    assert "An admin of Centre for the Study of Asian Affairs" in answer.text


def test_a_site_of_others_is_no_site_at_all(app: Flask, admin: Browser) -> None:
    missing = admin.get("/admin/sites/nothing/settings")
    assert missing.status_code == 404
    assert "There is no such site." in missing.text


@pytest.mark.parametrize(
    ("role", "places"),
    [
        (Role.ADMIN, ["Polls", "Settings", "Owners", "API keys", "Audit log"]),
        (Role.EDITOR, ["Polls"]),
        (Role.VIEWER, ["Polls"]),
    ],
)
def test_the_bar_offers_what_the_role_may_open(
    signed_in: SignedIn, role: Role, places: list[str]
) -> None:
    page = signed_in(role).get("/admin/sites/demo/settings").text
    bar = page.split('<nav class="places"')[1].split("</nav>")[0]
    assert re.findall(r">([^<>]+)</a>", bar) == places


@pytest.mark.parametrize(
    "address",
    [
        "audit?by=%00",
        "audit?about=%00",
        "?q=%00",
        "keys?before=%00",
        "polls/region-interest/ballots?page=%00",
        "polls/region-interest/ballots?choice=q1:%00",
    ],
)
def test_an_address_with_nul_is_refused(admin: Browser, address: str) -> None:
    assert admin.get(f"{DEMO}/{address}").status_code == 422


def test_a_form_with_nul_is_refused(admin: Browser) -> None:
    path = f"{DEMO}/polls/region-interest/ballots/void"
    assert admin.post(path, {"ballot": str(uuid4()), "reason": "a\0b"}).status_code == 422


@pytest.mark.parametrize("place", ["0" * 12 + "9" * 30, "9" * 5000])
def test_a_list_goes_on_from_no_number_that_no_database_has(admin: Browser, place: str) -> None:
    assert admin.get(f"{DEMO}/audit?before={place}").status_code == 422
    assert admin.get(f"{DEMO}/?after={place}").status_code == 200


@pytest.mark.parametrize(
    ("address", "led_to"),
    [
        ("/admin/sites/demo?q=tea", "/admin/sites/demo/?q=tea"),
        ("/admin/sites/%0d%0aX:y", "/admin/sites/%0D%0AX:y/"),
    ],
)
def test_a_missing_slash_leads_nobody_to_a_host_of_the_callers(
    browser: Browser, address: str, led_to: str
) -> None:
    answer = browser.get(address, headers={"Host": "evil.test"})
    assert (answer.status_code, answer.headers["Location"]) == (308, led_to)
    assert "evil.test" not in answer.text
