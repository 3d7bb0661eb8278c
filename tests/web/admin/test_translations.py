"""A poll's texts in other languages, as owners see and write them."""

import re
from dataclasses import replace
from typing import Any

import pytest
from werkzeug.test import TestResponse

from service.domain import edits, polls, sites
from service.records import OPERATOR, Poll, Translations
from service.stores import Stores
from tests.conftest import NOON
from tests.support.html_forms import Form, Page
from tests.support.voters import Api, ballot
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
    return edits.edit(stores, OPERATOR, "region-interest", named, None, NOON)


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


LANGUAGES = f"{REGION}/languages"


def french(browser: Browser) -> Form:
    return language_form(browser.get(f"{LANGUAGES}?locale=fr"))


def language_form(answer: TestResponse) -> Form:
    assert answer.status_code in (200, 412, 422, 409), answer.text
    return Page(answer.text).form("save")


def save(browser: Browser, form: Form, button: str = "save") -> TestResponse:
    return browser.post(LANGUAGES, form.press(button))


def first_choice(stores: Stores) -> Translations:
    return made(stores, "region-interest").questions[0].choices[0].translations


def test_who_changes_a_text_is_told_of_its_translations(editor: Browser, translated: Poll) -> None:
    form = the_form(editor.get(REGION)).fill(q1__c1__text="The Middle East", q1__c2__text="India")
    send(editor, REGION, form, "save")
    assert "Its texts in French are as they were" in editor.get(REGION).text
    send(editor, REGION, the_form(editor.get(REGION)).fill(q1__c2__text="Asia"), "save")
    assert "are as they were" not in editor.get(REGION).text


class TestWriting:
    def test_a_language_is_chosen_by_its_name(self, editor: Browser) -> None:
        page = editor.get(LANGUAGES).text
        assert '<option value="fr">French (fr)</option>' in page
        assert '<option value="ja">Japanese (ja)</option>' in page
        assert 'value="en"' not in page, "the site's own"
        assert page.index('value="ar"') < page.index('value="ja"'), "first those with our words"

    def test_each_text_has_a_field_in_the_languages_own_direction(self, editor: Browser) -> None:
        page = editor.get(f"{LANGUAGES}?locale=ar").text
        assert len(re.findall(r'lang="ar"\s+dir="rtl"', page)) == 10
        assert re.search(r'id="q1-c1-text-original" lang="en" dir="auto">Middle East<', page)
        assert "0 of 10 translated" in page

    def test_what_is_filled_in_is_saved_and_the_rest_left_open(
        self, editor: Browser, stores: Stores
    ) -> None:
        form = french(editor).fill(q1__text=" Quelle\r\nrégion ? ", q1__c1__text="Moyen-Orient")
        answer = save(editor, form)
        assert (answer.status_code, answer.location) == (303, f"{LANGUAGES}?locale=fr")
        assert "Saved. 2 of 10 texts are in French." in editor.get(answer.location).text
        question = made(stores, "region-interest").questions[0]
        assert question.translations == {"fr": {"text": "Quelle région ?"}}
        assert first_choice(stores) == FRENCH
        assert question.choices[1].translations == {}
        assert "2 of 10" in editor.get(LANGUAGES).text

    def test_what_the_site_has_come_to_speak_since_is_corrected_here_too(
        self, editor: Browser, stores: Stores, translated: Poll
    ) -> None:
        demo = sites.draft_of(sites.find(stores, OPERATOR, "demo"))
        sites.edit(stores, OPERATOR, "demo", replace(demo, locale="fr"), NOON)
        page = editor.get(LANGUAGES).text
        assert "translated into French before your site spoke it" in page
        assert f'<a href="{LANGUAGES}?locale=fr">French</a>' in page
        assert '<option value="fr">' not in page
        answer = save(editor, french(editor).fill(title="Les régions"))
        assert answer.status_code == 303
        assert made(stores, "region-interest").translations == {"fr": {"title": "Les régions"}}

    def test_other_languages_stay(self, editor: Browser, stores: Stores, translated: Poll) -> None:
        form = language_form(editor.get(f"{LANGUAGES}?locale=de"))
        assert save(editor, form.fill(q1__c1__text="Nahost")).status_code == 303
        assert first_choice(stores) == {**FRENCH, "de": {"text": "Nahost"}}

    def test_a_tag_is_led_to_in_its_usual_letters(self, editor: Browser) -> None:
        answer = editor.get(f"{LANGUAGES}?locale=pt-br")
        assert answer.location == f"{LANGUAGES}?locale=pt-BR"

    @pytest.mark.parametrize("tag", ["en", "EN", "xx", "", "fr_FR", "%00"])
    def test_what_is_no_other_language_leads_to_the_list(self, editor: Browser, tag: str) -> None:
        answer = editor.get(f"{LANGUAGES}?locale={tag}")
        assert answer.status_code in (200, 422)
        assert "q1-text" not in answer.text
        form = french(editor).fill(locale=tag, q1__text="X")
        if tag != "%00":
            assert save(editor, form).status_code == 404

    def test_a_fault_is_told_at_its_field_and_nothing_is_lost(self, editor: Browser) -> None:
        form = french(editor).fill(q1__c1__text="Asie", q1__c2__text="asie", title="Régions")
        answer = save(editor, form)
        assert answer.status_code == 422
        assert 'href="#q1-c2-text">Choice 2: Another choice reads like this' in answer.text
        assert 'id="q1-c2-text-error"' in answer.text
        again = language_form(answer)
        assert (again["q1-c1-text"], again["title"]) == ("Asie", "Régions")

    def test_a_language_is_taken_away_by_emptying_it(
        self, editor: Browser, stores: Stores, translated: Poll
    ) -> None:
        answer = save(editor, french(editor), "clear")
        assert "Save to take French away" in answer.text
        assert first_choice(stores) == FRENCH, "nothing is saved yet"
        answer = save(editor, language_form(answer))
        assert "French is taken away." in editor.get(answer.location).text
        assert made(stores, "region-interest").locales == ()

    def test_the_poll_of_the_form_is_found_by_its_new_address(
        self, editor: Browser, stores: Stores
    ) -> None:
        draft = polls.duplicate(stores, OPERATOR, "region-interest", NOON)
        path = f"/admin/sites/demo/polls/{draft.slug}/languages"
        form = Page(editor.get(f"{path}?locale=fr").text).form("save")
        moved = replace(polls.draft_of(draft), slug="moved")
        edits.edit(stores, OPERATOR, draft.slug, moved, None, NOON)
        answer = editor.post(path, form.fill(title="Régions").press("save"))
        assert answer.location == "/admin/sites/demo/polls/moved/languages?locale=fr"
        assert made(stores, "moved").translations == {"fr": {"title": "Régions"}}

    def test_a_viewer_neither_sees_nor_changes_it(self, viewer: Browser) -> None:
        assert viewer.get(LANGUAGES).status_code == 403
        assert viewer.post(LANGUAGES, {"locale": "fr", "title": "X"}).status_code == 403
        assert "/languages" not in viewer.get(f"{REGION}/results").text

    def test_the_widget_shows_what_is_typed(self, editor: Browser, translated: Poll) -> None:
        form = french(editor).fill(q1__text="Quelle région ?")
        shown = editor.post(f"{LANGUAGES}-preview", {**form.press("save"), "view": "results"}).json
        assert shown is not None
        assert shown["poll"]["locale"] == shown["poll"]["texts"]["locale"] == "fr"
        assert shown["poll"]["questions"][0]["text"] == "Quelle région ?"
        assert shown["results"]["questions"][0]["choices"][0]["text"] == "Moyen-Orient"
        assert shown["voted"] is True


class TestMeanwhile:
    def test_the_form_of_the_poll_goes_together_with_a_translation(
        self, editor: Browser, stores: Stores
    ) -> None:
        form = the_form(editor.get(REGION)).fill(title="Topics")
        save(editor, french(editor).fill(q1__c1__text="Moyen-Orient"))
        assert send(editor, REGION, form, "save").status_code == 303
        saved = made(stores, "region-interest")
        assert (saved.title, first_choice(stores)) == ("Topics", FRENCH)

    def test_what_others_saved_elsewhere_is_kept(
        self, editor: Browser, stores: Stores, translated: Poll
    ) -> None:
        form = french(editor).fill(q1__c2__text="Asie du Sud")
        draft = polls.draft_of(made(stores, "region-interest"))
        others = replace(draft, percent_only=True, translations={"fr": {"title": "Les régions"}})
        edits.edit(stores, OPERATOR, "region-interest", others, None, NOON)
        assert save(editor, form).status_code == 303
        saved = made(stores, "region-interest")
        assert (saved.percent_only, saved.translations) == (True, others.translations)
        assert saved.questions[0].choices[1].translations == {"fr": {"text": "Asie du Sud"}}

    def test_what_both_changed_is_shown_and_the_editors_choice(
        self, editor: Browser, stores: Stores, translated: Poll
    ) -> None:
        form = french(editor).fill(title="Quelle région")
        draft = polls.draft_of(made(stores, "region-interest"))
        theirs = replace(draft, translations={"fr": {"title": "Les régions"}})
        edits.edit(stores, OPERATOR, "region-interest", theirs, None, NOON)
        answer = save(editor, form)
        assert answer.status_code == 412
        assert "Somebody else has saved this poll meanwhile." in answer.text
        assert '<bdi lang="fr">Les régions</bdi>' in answer.text
        assert made(stores, "region-interest").translations == theirs.translations
        again = language_form(answer)
        assert again["title"] == "Quelle région"
        assert save(editor, again).status_code == 303
        assert made(stores, "region-interest").translations == {"fr": {"title": "Quelle région"}}

    def test_an_original_that_became_another_is_told(
        self, editor: Browser, stores: Stores, translated: Poll
    ) -> None:
        form = french(editor).fill(title="Quelle région")
        draft = polls.draft_of(made(stores, "region-interest"))
        edits.edit(stores, OPERATOR, "region-interest", replace(draft, title="Topics"), None, NOON)
        answer = save(editor, form)
        assert answer.status_code == 412
        assert '<bdi lang="en">Topics</bdi>' in answer.text

    def test_a_save_in_the_very_same_moment_goes_together(
        self, editor: Browser, stores: Stores, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        edit, form = edits.edit, french(editor).fill(title="Régions")

        def be_overtaken(*arguments: Any) -> Poll:
            monkeypatch.setattr(edits, "edit", edit)
            draft = polls.draft_of(made(stores, "region-interest"))
            faster = replace(draft, percent_only=True)
            edit(stores, OPERATOR, "region-interest", faster, None, NOON)
            return edit(*arguments)

        monkeypatch.setattr(edits, "edit", be_overtaken)
        assert save(editor, form).status_code == 303
        saved = made(stores, "region-interest")
        assert (saved.percent_only, saved.title) == (True, "Region interest")
        assert saved.translations == {"fr": {"title": "Régions"}}

    def test_what_readers_voted_by_meanwhile_is_not_exchanged(
        self, editor: Browser, stores: Stores, translated: Poll
    ) -> None:
        form = french(editor).fill(q1__c1__text="Proche-Orient")
        Api(editor.client).cast(ballot("c1"))
        answer = save(editor, form)
        assert answer.status_code == 409
        assert 'id="q1-c1-text-error"' in answer.text
        assert first_choice(stores) == FRENCH
