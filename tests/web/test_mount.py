"""The service under a path of a publisher's own site."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service import demo
from service.app import create_app
from service.config import OWN_WORDS, Settings
from service.domain import owners
from service.records import OPERATOR, Role
from service.stores.sql.db import db
from service.web import current
from tests.conftest import NOON, FakeClock
from tests.support.accounts import open_poll_of_accounts
from tests.support.programs import Program, secret_for
from tests.support.voters import Api, ballot
from tests.web.admin.conftest import Browser
from tests.web.test_errors import assert_problem

ORIGIN = "https://news.example"
PREFIX = "/voxpop"
WHOLE = [PREFIX, ""]
LINK = re.compile(r'\s(?:href|src|action|content|hx-get|hx-post|data-chart|data-preview)="([^"]*)"')


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of database."""
    return sqlite_url


@pytest.fixture
def app(settings: Settings, clock: FakeClock) -> Iterator[Flask]:
    app = create_app(replace(settings, public_url=ORIGIN + PREFIX), now=clock)
    with app.app_context():
        demo.create(current.stores(), [], clock())
        demo.create_gallery(current.stores(), clock())
        open_poll_of_accounts(current.stores())
        yield app
        db.engine.dispose()


class Under(Browser):
    """A browser that asks for everything under the path, as it is led."""

    def open(self, path: str, **request: Any) -> Any:
        return super().open(PREFIX + path.removeprefix(PREFIX), **request)


def links(page: str, origin: str = ORIGIN) -> set[str]:
    """The addresses on our origin that a page names."""
    named = {link.removeprefix(origin) for link in LINK.findall(page)}
    return {link.partition("#")[0] for link in named if link.startswith("/")} - {""}


def crawl(get: Any, *starts: str) -> dict[str, int]:
    """What is answered at each address that can be reached by links from the first ones."""
    left, seen = list(starts), dict[str, int]()
    while left:
        address = left.pop()
        if address in seen:
            continue
        assert address.startswith(f"{PREFIX}/") or address == PREFIX, (address, seen)
        answer = get(address.replace("&amp;", "&"))
        seen[address] = answer.status_code
        if "Location" in answer.headers:
            left.append(answer.location.removeprefix(ORIGIN))
        if answer.mimetype == "text/html":
            left += links(answer.text) - seen.keys()
    return seen


@pytest.mark.parametrize("passed_on", WHOLE, ids=["passed on", "cut off"])
def test_no_public_page_leads_out_of_the_path(client: FlaskClient, passed_on: str) -> None:
    def get(address: str) -> Any:
        path = passed_on + address.removeprefix(PREFIX)
        return client.get(path or "/", headers={"Accept": "text/html"}, buffered=True)

    starts = ("", "/polls", "/demo", "/docs", "/embed/region-interest", "/sites/demo/current")
    seen = crawl(get, *(PREFIX + start for start in starts))
    assert len(seen) > 25
    posted = {f"{PREFIX}/polls/region-interest/ballots"}  # answers a GET by the way back
    sign_in = {f"{PREFIX}/admin", f"{PREFIX}/admin/sign-in"}
    strange = {a: s for a, s in seen.items() if s != 200 and a not in posted | sign_in}
    assert set(strange.values()) <= {302, 303}, strange


def test_the_feed_names_addresses_under_the_path(client: FlaskClient) -> None:
    feed = client.get(f"{PREFIX}/polls.atom").text
    addresses = re.findall(rf"{ORIGIN}[^\s\"<&]*", feed)
    assert len(addresses) > 5
    assert [address for address in addresses if not address.startswith(ORIGIN + PREFIX)] == []


def test_no_page_of_owners_leads_out_of_the_path(app: Flask) -> None:
    stores = current.stores()
    site = stores.sites.ensure("demo", "", "", "", NOON)
    owner = owners.create(
        stores, OPERATOR, "a@news.test", "a long password", {site: Role.ADMIN}, NOON
    )
    browser = Under(app, ORIGIN)
    browser.become(owner)
    seen = crawl(browser.get, f"{PREFIX}/admin")
    inside = {address for address in seen if address.startswith(f"{PREFIX}/admin/sites/demo")}
    assert len(inside) > 20
    assert {seen[address] for address in inside} <= {200, 303, 405}


def test_an_owner_signs_in_under_the_path_and_the_cookie_stays_there(app: Flask) -> None:
    stores = current.stores()
    site = stores.sites.ensure("demo", "", "", "", NOON)
    owners.create(stores, OPERATOR, "a@news.test", "a long password", {site: Role.ADMIN}, NOON)
    browser = Under(app, ORIGIN)
    answer = browser.get("/admin/sites")
    assert answer.location == f"{PREFIX}/admin/sign-in?next=%2Fadmin%2Fsites"
    answer = browser.sign_in("a@news.test", "a long password", next="/admin/sites")
    assert (answer.status_code, answer.location) == (303, f"{PREFIX}/admin/sites")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert f"Path={PREFIX}" in cookie
    assert cookie.startswith("voxpop_session=")


def test_pages_of_the_same_origin_may_vote_and_no_others(client: FlaskClient) -> None:
    api = Api(client)
    assert api.cast(ballot(), origin=ORIGIN).status_code == 201
    for foreign in (ORIGIN + PREFIX, "https://polls.example", "null"):
        assert api.cast(ballot(), origin=foreign).json["code"] == "origin_not_allowed"


def test_a_form_is_counted_under_the_path(client: FlaskClient) -> None:
    def vote(path: str) -> Any:
        return client.post(
            path,
            data={"q1": "c1"},
            headers={"Origin": ORIGIN, "Accept": "text/html"},
            base_url=ORIGIN,
        )

    meeting = vote(f"{PREFIX}/polls/region-interest/ballots")
    assert meeting.location == f"{PREFIX}/polls/region-interest/ballots?device=new"
    assert f"Path={PREFIX}" in meeting.headers["Set-Cookie"]
    counted = vote(meeting.location)
    assert counted.location == f"{PREFIX}/polls/region-interest/results#voted"


def test_what_programs_are_told_is_under_the_path(client: FlaskClient) -> None:
    program = Program(client, secret_for(current.stores()))
    body = {"questions": [{"text": "Tea?", "choices": [{"text": "Yes"}, {"text": "No"}]}]}
    made = program.post(f"{PREFIX}/v1/polls", body)
    assert made.headers["Location"].startswith(f"{PREFIX}/v1/polls/")
    listed = program.get(f"{PREFIX}/v1/polls?limit=1")
    assert listed.headers["Link"].startswith(f"<{PREFIX}/v1/polls?")
    missing = client.get(f"{PREFIX}/v1/polls/nothing")
    assert assert_problem(missing, 404, "poll_not_found")["type"].startswith(f"{PREFIX}/docs#")
    described = client.get(f"{PREFIX}/openapi.json").get_data(as_text=True)
    assert json.loads(described)["servers"] == [{"url": PREFIX}]


def test_oembed_knows_the_addresses_under_the_path_alone(client: FlaskClient) -> None:
    own = f"{ORIGIN}{PREFIX}/polls/region-interest"
    answer = client.get("/oembed", query_string={"url": own})
    frame = json.loads(answer.data)["html"]
    assert f'src="{ORIGIN}{PREFIX}/embed/region-interest"' in frame
    for foreign in (f"{ORIGIN}/polls/region-interest", f"{ORIGIN}{PREFIX}x/polls/region-interest"):
        assert client.get("/oembed", query_string={"url": foreign}).status_code == 404


def test_a_slash_too_much_is_led_back_under_the_path(client: FlaskClient) -> None:
    answer = client.get(f"{PREFIX}/admin/sites/demo", base_url=ORIGIN)
    assert answer.location in (f"{PREFIX}/admin/sites/demo/", None)


def test_no_header_moves_the_service(client: FlaskClient) -> None:
    headers = {"X-Forwarded-Prefix": "//evil.example", "X-Script-Name": "/evil"}
    page = client.get("/polls/region-interest", headers=headers).text
    assert "evil" not in page
    assert f'src="{PREFIX}/widget.js"' in page


def test_the_words_that_no_path_may_begin_with_are_those_of_our_addresses(app: Flask) -> None:
    first = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()} - {""}
    assert {word for word in first if not set(word) & set("<.")} == OWN_WORDS  # no files
