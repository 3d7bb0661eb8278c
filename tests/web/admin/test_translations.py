"""A poll's texts in other languages, as owners see and write them."""

from dataclasses import replace

import pytest

from service.domain import polls
from service.records import OPERATOR, Poll, Translations
from service.stores import Stores
from tests.conftest import NOON
from tests.web.admin.conftest import Browser
from tests.web.admin.test_polls_form import REGION, made, send, the_form

FRENCH: Translations = {"fr": {"text": "Moyen-Orient"}}


def translate(stores: Stores) -> Poll:
    """The region poll with its name and its first choice in French."""
    draft = polls.draft_of(made(stores, "region-interest"))
    question = draft.questions[0]
    first = replace(question.choices[0], translations=FRENCH)
    question = replace(question, choices=(first, *question.choices[1:]))
    named = replace(draft, translations={"fr": {"title": "Régions"}}, questions=(question,))
    return polls.edit(stores, OPERATOR, "region-interest", named, None, NOON)


@pytest.fixture
def translated(stores: Stores) -> Poll:
    return translate(stores)


def test_the_form_of_a_poll_keeps_its_translations(
    editor: Browser, stores: Stores, translated: Poll
) -> None:
    form = the_form(editor.get(REGION)).fill(q1__c1__text="The Middle East")
    assert send(editor, REGION, form, "save").status_code == 303
    saved = made(stores, "region-interest")
    assert saved.questions[0].choices[0].text == "The Middle East"
    assert saved.questions[0].choices[0].translations == FRENCH
    assert (saved.translations, saved.locales) == (translated.translations, ("fr",))


def test_a_choice_that_comes_to_read_like_another_in_a_language_is_told_at_its_field(
    editor: Browser, translated: Poll
) -> None:
    form = the_form(editor.get(REGION)).fill(q1__c2__text="moyen-orient")
    answer = send(editor, REGION, form, "save")
    assert answer.status_code == 422
    assert 'id="q1-c1-text-error">Another choice reads like this in French.' in answer.text
