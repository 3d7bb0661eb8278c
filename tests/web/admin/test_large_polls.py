"""Polls that are large and in letters of which a form makes many bytes."""

from dataclasses import replace

import pytest

from service.domain import polls
from service.records import OPERATOR, Choice, Poll, PollDraft, Question, Schedule, Status
from service.stores import Stores
from tests.conftest import NOON
from tests.support.html_forms import Page
from tests.web.admin.conftest import Browser
from tests.web.admin.test_polls_form import SITE, made, send, the_form

LETTERS = "क" * 56


@pytest.fixture
def large(stores: Stores, site_id: int) -> Poll:
    """A draft of 32 questions with 20 choices of 60 letters each, all of them translated."""

    def choice(place: int) -> Choice:
        text = f"{LETTERS} {place:03}"
        return Choice(f"c{place}", text, translations={"hi": {"text": text}})

    questions = tuple(
        Question(f"q{place}", f"{LETTERS}?", tuple(choice(1 + row) for row in range(20)))
        for place in range(1, 33)
    )
    draft = PollDraft(slug="large", title="Eins", schedule=Schedule(Status.DRAFT), questions=())
    return polls.create(stores, site_id, replace(draft, questions=questions), NOON, OPERATOR)


def test_a_large_poll_is_saved_in_its_form(editor: Browser, stores: Stores, large: Poll) -> None:
    path = f"{SITE}/polls/{large.slug}"
    form = the_form(editor.get(path)).fill(title="Zwei")
    assert send(editor, path, form, "save").status_code == 303
    assert made(stores, large.slug) == replace(
        large, title="Zwei", row_version=large.row_version + 1
    )


def test_a_large_poll_is_translated(editor: Browser, stores: Stores, large: Poll) -> None:
    path = f"{SITE}/polls/{large.slug}/languages"
    form = Page(editor.get(f"{path}?locale=hi").text).form("save")
    answer = editor.post(path, form.fill(q32__c20__text="अंत").press("save"))
    assert answer.status_code == 303
    last = made(stores, large.slug).questions[31].choices
    assert last[18].translations == {"hi": {"text": last[18].text}}
    assert last[19].translations == {"hi": {"text": "अंत"}}


@pytest.mark.parametrize("base", ["x", "AAAA", "é", "eJwDAAAAAAE="])
def test_a_first_version_that_is_none_is_passed_over(editor: Browser, base: str) -> None:
    path = f"{SITE}/polls/region-interest"
    form = the_form(editor.get(path)).fill(base=base, title="Topics")
    assert send(editor, path, form, "save").status_code == 303
