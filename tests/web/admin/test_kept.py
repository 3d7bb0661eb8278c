"""Forms that come too late: what was written in them is kept until it can be saved."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NoReturn

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from service.domain import edits, polls, sites
from service.errors import TemporarilyUnavailable
from service.records import OPERATOR, Owner, Role, Schedule, Status
from service.stores import Stores
from service.stores.sql.db import db
from service.stores.sql.polls import PollStore
from service.stores.sql.sites import SiteStore
from tests.conftest import NOON
from tests.support.between import after_reading
from tests.support.html_forms import Page
from tests.web.admin.conftest import PASSWORD, Browser
from tests.web.admin.test_polls_form import NEW, REGION, SITE, new_form, send, the_form, written

SAVE = ""  # the button has no value of its own


@pytest.fixture
def ann(make_owner: Callable[..., Owner]) -> Owner:
    return make_owner(Role.EDITOR, "ann@news.test")


@pytest.fixture
def editor(app: Flask, ann: Owner) -> Browser:
    return Browser(app).become(ann)


def title(stores: Stores) -> str:
    return polls.managed(stores, OPERATOR, "region-interest").title


def away(*_: object, **__: object) -> NoReturn:
    raise TemporarilyUnavailable(2)


def press(editor: Browser, answer: TestResponse) -> TestResponse:
    """Send the form again that the page has kept."""
    again = next(form for form in Page(answer.text).forms if "kind" in form.fields)
    return editor.open(
        again.action, method="POST", data=again.fields, headers={"Origin": editor.origin}
    )


class TestASessionThatHasEnded:
    def test_the_form_waits_for_the_sign_in_and_for_one_press(
        self, editor: Browser, stores: Stores, ann: Owner
    ) -> None:
        form = the_form(editor.get(REGION)).fill(title="Mine", thank_you="One\r\n<two> & “three”")
        editor.post("/admin/sign-out")
        answer = send(editor, REGION, form, "save")
        assert answer.status_code == 401
        assert "What you wrote is kept" in answer.text
        wrong = Page(answer.text).form(SAVE).fill(email=ann.email, password="wrong password")
        answer = editor.post(wrong.action, wrong.press(SAVE))
        assert answer.status_code == 401
        right = Page(answer.text).form(SAVE).fill(password=PASSWORD)
        answer = editor.post(right.action, right.press(SAVE))
        assert answer.status_code == 200
        assert "You are signed in again" in answer.text
        assert title(stores) == "Region interest"
        answer = press(editor, answer)
        assert (answer.status_code, answer.location) == (303, REGION)
        saved = polls.managed(stores, OPERATOR, "region-interest")
        assert (saved.title, saved.thank_you) == ("Mine", "One\n<two> & “three”")

    def test_as_large_a_form_as_is_taken_is_kept_too(self, editor: Browser, ann: Owner) -> None:
        editor.post("/admin/sign-out")
        fields = {f"n1-n{place}-text": "x" * 4900 for place in range(100)}
        answer = editor.post(NEW, fields)
        assert answer.status_code == 401
        form = Page(answer.text).form(SAVE).fill(email=ann.email, password=PASSWORD)
        assert editor.post(form.action, form.press(SAVE)).status_code == 200

    def test_a_password_is_never_carried(self, editor: Browser) -> None:
        editor.post("/admin/sign-out")
        form = {"current_password": PASSWORD, "new_password": "new " * 5, "again": "new " * 5}
        answer = editor.post("/admin/account/password", form)
        assert (answer.status_code, answer.location) == (303, "/admin/sign-in?next=%2Fadmin")

    def test_nothing_is_kept_of_what_a_page_of_others_sends(self, browser: Browser) -> None:
        answer = browser.post(REGION, {"title": "x"}, headers={"Origin": "https://evil.test"})
        assert answer.status_code == 403
        assert "evil" not in answer.text
        assert 'name="kept' not in answer.text

    def test_an_address_puts_nothing_into_the_form(self, browser: Browser) -> None:
        page = browser.get("/admin/sign-in?kept.title=Forged&next=/admin/sites").text
        assert "Forged" not in page


class TestAnOldToken:
    def test_the_form_waits_for_one_press(self, editor: Browser, stores: Stores) -> None:
        form = the_form(editor.get(REGION)).fill(title="Mine")
        editor.sign_in("ann@news.test")
        answer = editor.post(REGION, {**form.press("save"), "csrf_token": ["old"]})
        assert answer.status_code == 403
        assert "This page was out of date" in answer.text
        assert title(stores) == "Region interest"
        assert press(editor, answer).status_code == 303
        assert title(stores) == "Mine"

    def test_at_the_sign_in_it_is_asked_for_once_more(self, browser: Browser, ann: Owner) -> None:
        answer = browser.sign_in(ann.email, csrf_token="old")
        assert answer.status_code == 403
        assert "your browser keeps no cookies of ours" in answer.text
        assert f'value="{ann.email}"' in answer.text
        assert PASSWORD not in answer.text


class TestAStoreThatIsAway:
    def test_the_form_waits_for_one_press(
        self, editor: Browser, stores: Stores, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        form = the_form(editor.get(REGION)).fill(title="Mine")
        with monkeypatch.context() as patch:
            patch.setattr(PollStore, "revise", away)
            answer = send(editor, REGION, form, "save")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
        assert "What you sent is kept on this page." in answer.text
        assert title(stores) == "Region interest"
        assert press(editor, answer).location == REGION
        assert title(stores) == "Mine"

    def test_nothing_is_asked_for_the_page_where_not_even_the_owner_is_found(
        self, editor: Browser, stores: Stores, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        form = {**the_form(editor.get(REGION)).fill(title="Mine").press("save")}
        form["csrf_token"] = [editor.token()]
        with monkeypatch.context() as patch:
            patch.setattr("service.domain.sessions.owner_of", away)
            patch.setattr(SiteStore, "list_all", away)
            answer = editor.open(
                REGION, method="POST", data=form, headers={"Origin": editor.origin}
            )
        assert answer.status_code == 503
        assert press(editor, answer).location == REGION
        assert title(stores) == "Mine"

    def test_what_was_done_after_all_is_not_done_twice(
        self, editor: Browser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        revise = PollStore.revise

        def lose_the_answer(*given: Any) -> NoReturn:
            revise(*given)
            away()

        form = the_form(editor.get(REGION)).fill(title="Mine")
        with monkeypatch.context() as patch:
            patch.setattr(PollStore, "revise", lose_the_answer)
            answer = send(editor, REGION, form, "save")
        assert "It may have been done" in answer.text
        page = editor.get(press(editor, answer).location).text
        assert "Somebody else has saved the same meanwhile." in page

    def test_what_the_sign_in_carries_is_carried_on(
        self, browser: Browser, ann: Owner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        carried = {"email": ann.email, "password": PASSWORD, "kept.title": "Mine", "next": REGION}
        monkeypatch.setattr("service.domain.sign_ins.sign_in", away)
        answer = browser.post("/admin/sign-in", carried)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
        form = Page(answer.text).form(SAVE)
        assert (form["kept.title"], form["next"], form["email"]) == ("Mine", REGION, ann.email)
        assert PASSWORD not in answer.text

    def test_a_password_is_not_kept(self, editor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
        form = {"current_password": PASSWORD, "new_password": "new " * 5, "again": "new " * 5}
        monkeypatch.setattr("service.domain.sign_ins.sign_in", away)
        answer = editor.post("/admin/account/password", form)
        assert answer.status_code == 503
        assert PASSWORD not in answer.text


class TestWhatHasMovedMeanwhile:
    def test_a_draft_is_found_at_its_new_address(self, editor: Browser, stores: Stores) -> None:
        send(editor, NEW, written(new_form(editor)), "draft")
        form = the_form(editor.get(f"{SITE}/polls/tea")).fill(title="Mine")
        poll = polls.managed(stores, OPERATOR, "tea")
        moved = replace(polls.draft_of(poll), slug="chai")
        edits.edit(stores, OPERATOR, "tea", moved, poll.row_version, NOON)
        polls.create(stores, poll.site_id, replace(moved, slug="tea"), NOON)
        answer = send(editor, form.action, form, "save")
        assert answer.status_code == 409
        assert "Somebody else has saved this poll meanwhile" in answer.text
        both = Page(answer.text).form("merge")
        answer = send(editor, both.action, both, "merge")
        assert answer.location == f"{SITE}/polls/chai"
        assert polls.managed(stores, OPERATOR, "chai").title == "Mine"
        assert polls.managed(stores, OPERATOR, "tea").title == "Tea?"

    def test_a_poll_that_was_deleted_becomes_a_new_one(
        self, editor: Browser, stores: Stores
    ) -> None:
        form = the_form(editor.get(REGION)).fill(title="Mine")
        polls.delete(stores, OPERATOR, "region-interest", NOON)
        answer = send(editor, REGION, form, "save")
        assert answer.status_code == 404
        assert "deleted this poll meanwhile" in answer.text
        form = the_form(answer)
        assert send(editor, form.action, form, "draft").status_code == 303
        made = polls.managed(stores, OPERATOR, "region-interest")
        assert (made.title, made.schedule) == ("Mine", Schedule(Status.DRAFT))

    def test_a_poll_that_is_deleted_while_it_is_saved_is_not_lost_either(
        self, editor: Browser, stores: Stores
    ) -> None:
        form = the_form(editor.get(REGION)).fill(title="Mine")

        def delete() -> None:
            polls.delete(stores, OPERATOR, "region-interest", NOON)

        with after_reading(db.engine, "WHERE polls.slug =", delete):
            answer = send(editor, REGION, form, "save")
        assert answer.status_code == 404
        assert "deleted this poll meanwhile" in answer.text
        assert 'value="Mine"' in answer.text

    def test_a_site_is_found_under_its_new_short_name(
        self, editor: Browser, admin: Browser, stores: Stores
    ) -> None:
        form = the_form(editor.get(REGION)).fill(title="Mine")
        settings = Page(admin.get(f"{SITE}/settings").text).forms[-1].fill(name="Mine")
        moved = replace(sites.draft_of(stores.sites.find("demo")), slug="centre")
        sites.edit(stores, OPERATOR, "demo", moved, NOON)
        answer = send(editor, REGION, form, "save")
        assert answer.location == "/admin/sites/centre/polls/region-interest"
        assert title(stores) == "Mine"
        answer = admin.post(f"{SITE}/settings", settings.fields)
        assert answer.status_code == 412
        assert "<dd>centre</dd>" in answer.text

    def test_the_site_of_a_form_must_be_ones_own(
        self, stranger: Browser, stores: Stores, site_id: int
    ) -> None:
        answer = stranger.post(f"{SITE}/settings", {"site_id": str(site_id), "name": "Mine"})
        assert answer.status_code == 404
