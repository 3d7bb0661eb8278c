"""Signing in and out, and what ends a session."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from service.app import create_app
from service.config import Settings
from service.domain import owners
from service.records import Owner, Role
from service.stores import Stores
from service.stores.sql.db import db
from tests.conftest import NOON, FakeClock
from tests.web.admin.conftest import PASSWORD, TOKEN, Browser

MakeOwner = Callable[..., Owner]


@pytest.fixture
def ann(make_owner: MakeOwner) -> Owner:
    return make_owner(email="ann@news.test")


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/admin/account").status_code == 200


def test_who_asks_for_a_page_comes_to_it_after_signing_in(browser: Browser, ann: Owner) -> None:
    asked = browser.get("/admin/account?from=letter")
    assert asked.status_code == 303
    assert asked.location == "/admin/sign-in?next=%2Fadmin%2Faccount%3Ffrom%3Dletter"
    assert 'value="/admin/account?from=letter"' in browser.get(asked.location).text
    answer = browser.sign_in("Ann@news.test", next="/admin/account?from=letter")
    assert (answer.status_code, answer.location) == (303, "/admin/account?from=letter")
    assert is_signed_in(browser)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.test/admin/",
        "//evil.test/admin/",
        "/polls/region-interest",
        "/adminevil",
        "/admin/\\evil",
        "\\\\evil.test",
        "javascript:alert(1)",
        " /admin/account",
        "/admin/\r\nX",
    ],
)
def test_signing_in_leads_to_our_own_pages_only(
    browser: Browser, ann: Owner, elsewhere: str
) -> None:
    assert quote(elsewhere) not in browser.get(f"/admin/sign-in?next={quote(elsewhere)}").text
    assert browser.sign_in(ann.email, next=elsewhere).location == "/admin"


def said(answer: TestResponse) -> str:
    """The page without its form token, which names the second it was made in."""
    found = TOKEN.search(answer.text)
    assert found
    return answer.text.replace(found[1], "")


def test_a_wrong_password_and_an_unknown_address_are_answered_in_the_same_words(
    browser: Browser, ann: Owner
) -> None:
    known = browser.sign_in("ann@news.test", "wrong password")
    unknown = browser.sign_in("nob@news.test", "wrong password")
    assert (known.status_code, unknown.status_code) == (401, 401)
    assert said(known).replace("ann@", "nob@") == said(unknown)
    assert "The e-mail address or the password is not right." in unknown.text


def test_too_many_failures_must_wait(browser: Browser, ann: Owner) -> None:
    for _ in range(10):
        browser.sign_in(ann.email, "wrong password")
    answer = browser.sign_in(ann.email)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "900"
    assert "Too many sign-ins have failed." in answer.text


def test_the_cookie_holds_no_more_than_the_sessions_name(browser: Browser, ann: Owner) -> None:
    browser.sign_in(ann.email)
    browser.get("/admin/account")
    with browser.session() as session:
        assert set(session) == {"_user_id", "_fresh", "_permanent", "csrf_token"}
        assert re.fullmatch(r"[0-9a-f]{32}\.1", session["_user_id"])


def test_nothing_of_a_session_before_survives_signing_in(browser: Browser, ann: Owner) -> None:
    before = browser.token()
    browser.sign_in(ann.email)
    assert browser.token() != before
    stale = browser.post("/admin/sign-out", {"csrf_token": before})
    assert stale.status_code == 403
    assert is_signed_in(browser)


def test_signing_out_ends_the_session(browser: Browser, ann: Owner) -> None:
    browser.sign_in(ann.email)
    assert browser.post("/admin/sign-out").location == "/admin/sign-in"
    assert not is_signed_in(browser)


def test_a_copy_of_the_cookie_is_of_no_use_once_its_owner_has_signed_out(
    browser: Browser, ann: Owner
) -> None:
    copy, other = Browser(browser.app), Browser(browser.app).become(ann)
    browser.sign_in(ann.email)
    with browser.session() as session, copy.session() as copied:
        copied.update(session)
    assert is_signed_in(copy)
    browser.post("/admin/sign-out")
    assert not is_signed_in(copy)
    assert is_signed_in(other)


def test_a_session_ends_after_thirty_days_however_much_it_is_used(
    browser: Browser, ann: Owner, clock: FakeClock
) -> None:
    browser.become(ann)
    clock.moment = NOON + timedelta(days=30)
    assert is_signed_in(browser)
    clock.moment += timedelta(seconds=1)
    assert not is_signed_in(browser)


def test_signing_out_everywhere_ends_every_session(app: Flask, ann: Owner) -> None:
    here, there = Browser(app).become(ann), Browser(app).become(ann)
    answer = here.post("/admin/account/sign-out-everywhere")
    assert "You are signed out everywhere." in here.get(answer.location).text
    assert not is_signed_in(here)
    assert not is_signed_in(there)


def test_a_new_password_ends_every_session_but_the_one_it_was_changed_in(
    app: Flask, ann: Owner
) -> None:
    here, there = Browser(app).become(ann), Browser(app).become(ann)
    new = "another long password"
    form = {"current_password": PASSWORD, "new_password": new, "again": new}
    assert here.post("/admin/account/password", form).location == "/admin/account"
    assert "Your password is changed." in here.get("/admin/account").text
    assert not is_signed_in(there)
    assert there.sign_in(ann.email).status_code == 401
    assert there.sign_in(ann.email, new).status_code == 303


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"current_password": "wrong"}, "This is not your password."),
        ({"again": "other"}, "The two new passwords differ."),
        ({"new_password": "short", "again": "short"}, "A password has 12 to 256 characters."),
    ],
)
def test_a_password_is_not_changed_by_mistake(
    app: Flask, ann: Owner, change: dict[str, str], words: str
) -> None:
    browser, new = Browser(app).become(ann), "another long password"
    form = {"current_password": PASSWORD, "new_password": new, "again": new, **change}
    answer = browser.post("/admin/account/password", form)
    assert answer.status_code == 422
    assert words in answer.text
    assert browser.sign_in(ann.email).status_code == 303


def test_a_found_session_is_no_way_to_guess_the_password(app: Flask, ann: Owner) -> None:
    browser = Browser(app).become(ann)
    for _ in range(10):
        browser.post("/admin/account/password", {"current_password": "wrong"})
    new = "another long password"
    form = {"current_password": "wrong", "new_password": new, "again": new}
    answers = [browser.post("/admin/account/password", form).status_code for _ in range(11)]
    assert answers == [*[422] * 10, 429]


def test_a_session_ends_after_twelve_hours_without_use(
    app: Flask, ann: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment, browser = time.time(), Browser(app)
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: moment)
    browser.become(ann)
    for _ in range(3):
        moment += 11.9 * 3600
        assert is_signed_in(browser)
    moment += 12.1 * 3600
    assert not is_signed_in(browser)


def test_the_session_of_a_removed_account_ends(app: Flask, stores: Stores, ann: Owner) -> None:
    (site_id,) = ann.roles
    owners.add(stores, ann.actor, site_id, "bob@news.test", Role.ADMIN, NOON)
    browser = Browser(app).become(ann)
    owners.forget(stores, ann.email, NOON)
    assert not is_signed_in(browser)


@pytest.mark.parametrize("user", ["", "x", "1", "1.", "1.x", "1.2"])
def test_a_session_that_names_nobody_is_nobodys(browser: Browser, ann: Owner, user: str) -> None:
    with browser.session() as session:
        session["_user_id"] = user
    assert not is_signed_in(browser)


def test_a_page_that_htmx_asks_for_goes_to_the_sign_in_as_a_whole(browser: Browser) -> None:
    answer = browser.get("/admin/account", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/admin/sign-in?next=%2Fadmin%2Faccount"
    assert "Location" not in answer.headers


def test_on_http_the_cookie_has_a_plain_name(browser: Browser, ann: Owner) -> None:
    name, *attributes = browser.sign_in(ann.email).headers["Set-Cookie"].split("; ")
    assert name.startswith("voxpop_session=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} < set(attributes)


def test_on_https_the_cookie_is_bound_to_the_host(settings: Settings, ann: Owner) -> None:
    fields = {name: getattr(settings, name) for name in settings.__slots__}
    app = create_app(Settings(**{**fields, "public_url": "https://polls.test"}))
    answer = Browser(app, "https://polls.test").sign_in(ann.email)
    with app.app_context():
        db.engine.dispose()
    name, *attributes = answer.headers["Set-Cookie"].split("; ")
    assert name.startswith("__Host-voxpop=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} < set(attributes)
    assert not [word for word in attributes if word.startswith("Domain")]
