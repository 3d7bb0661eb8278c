"""Polls made and changed in the form, by browsers that run no scripts."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from service.domain import edits, polls, sites
from service.records import OPERATOR, Poll, QuestionType, Role, Schedule, Status
from service.stores import Stores
from tests.conftest import NOON, FakeClock
from tests.support.html_forms import Form, Page
from tests.web.admin.conftest import Browser, SignedIn

SITE = "/admin/sites/demo"
NEW = f"{SITE}/polls/new"
REGION = f"{SITE}/polls/region-interest"


@pytest.fixture
def editor(signed_in: SignedIn) -> Browser:
    return signed_in(Role.EDITOR)


def the_form(answer: TestResponse) -> Form:
    """The poll's form on the page."""
    return next(form for form in Page(answer.text).forms if "kind" in form.fields)


def new_form(editor: Browser) -> Form:
    return the_form(editor.get(NEW))


def send(editor: Browser, path: str, form: Form, button: str) -> TestResponse:
    return editor.post(path, form.press(button))


def press(editor: Browser, path: str, form: Form, button: str) -> Form:
    """The form after one of its own buttons."""
    answer = send(editor, path, form, button)
    assert answer.status_code == 200, answer.text
    return the_form(answer)


def written(form: Form, question: str = "Tea?", *choices: str) -> Form:
    """The form with a question and choices."""
    form.fields["n1-text"] = [question]
    for code, text in zip(form.codes("n1"), choices or ("Yes", "No"), strict=False):
        form.fields[f"n1-{code}-text"] = [text]
    return form


def made(stores: Stores, slug: str) -> Poll:
    return polls.managed(stores, OPERATOR, slug)


class TestMaking:
    def test_a_question_and_two_choices_are_enough(self, editor: Browser, stores: Stores) -> None:
        form = written(new_form(editor), "Is tea better?", "Yes", "No")
        answer = send(editor, NEW, form, "open")
        assert answer.status_code == 303
        assert answer.location == f"{SITE}/polls/is-tea-better/embed"
        poll = made(stores, "is-tea-better")
        assert poll.schedule.status is Status.OPEN
        assert [choice.text for choice in poll.questions[0].choices] == ["Yes", "No"]
        assert "Your poll “Is tea better?” is open." in editor.get(answer.location).text

    def test_a_draft_is_kept_from_readers(self, editor: Browser, stores: Stores) -> None:
        answer = send(editor, NEW, written(new_form(editor)), "draft")
        assert answer.location == f"{SITE}/polls/tea"
        assert made(stores, "tea").schedule.status is Status.DRAFT
        assert editor.get("/polls/tea").status_code == 404

    def test_a_question_asked_twice_gets_another_address(
        self, editor: Browser, stores: Stores
    ) -> None:
        for _ in range(2):
            answer = send(editor, NEW, written(new_form(editor)), "draft")
        assert answer.location == f"{SITE}/polls/tea-2"

    def test_an_address_that_is_taken_is_said_at_its_field(self, editor: Browser) -> None:
        form = written(new_form(editor)).fill(slug="region-interest")
        answer = send(editor, NEW, form, "open")
        assert answer.status_code == 422
        assert 'id="slug-error"' in answer.text
        assert 'href="#slug"' in answer.text

    def test_every_option_is_kept(self, editor: Browser, stores: Stores) -> None:
        form = written(new_form(editor), "Which?", "A", "B", "C").fill(
            title="Letters",
            slug="letters",
            results_visibility="after_vote",
            results_order="by_votes",
            percent_only="on",
            choice_order="shuffled",
            duplicate_policy="device_and_network",
            network_limit="30",
            thank_you="Thank you.\r\nCome again.",
            when_closed="nothing",
            n1__type="multiple_choice",
            n1__min_choices="1",
            n1__max_choices="2",
            n1__help="Take your time.",
            n1__n1__image_url="https://pictures.test/a.png",
            n1__n1__image_alt="The letter A",
            n1__n3__is_other="on",
        )
        assert send(editor, NEW, form, "open").status_code == 303
        poll = made(stores, "letters")
        question = poll.questions[0]
        assert (poll.title, poll.thank_you) == ("Letters", "Thank you.\nCome again.")
        assert (poll.results_visibility, poll.results_order) == ("after_vote", "by_votes")
        assert (poll.percent_only, poll.choice_order) == (True, "shuffled")
        assert (poll.duplicate_policy, poll.network_limit) == ("device_and_network", 30)
        assert poll.when_closed == "nothing"
        assert question.type is QuestionType.MULTIPLE_CHOICE
        assert (question.min_choices, question.max_choices) == (1, 2)
        assert question.help == "Take your time."
        assert question.choices[0].image_alt == "The letter A"
        assert [choice.is_other for choice in question.choices] == [False, False, True]

    def test_the_form_of_a_poll_is_the_poll(self, editor: Browser, stores: Stores) -> None:
        self.test_every_option_is_kept(editor, stores)
        before = made(stores, "letters")
        path = f"{SITE}/polls/letters"
        answer = send(editor, path, the_form(editor.get(path)), "save")
        assert answer.status_code == 303, answer.text
        assert made(stores, "letters") == before

    def test_several_choices_without_a_number_are_as_many_as_one_likes(
        self, editor: Browser, stores: Stores
    ) -> None:
        form = written(new_form(editor), "Which?", "A", "B", "C").fill(n1__type="multiple_choice")
        send(editor, NEW, form, "open")
        assert made(stores, "which").questions[0].max_choices == 3

    def test_all_of_them_stays_all_of_them(self, editor: Browser, stores: Stores) -> None:
        form = written(new_form(editor), "Which?", "A", "B", "C").fill(n1__type="multiple_choice")
        send(editor, NEW, form, "draft")
        path = f"{SITE}/polls/which"
        form = the_form(editor.get(path))
        assert form["q1-max_choices"] == ""
        form = press(editor, path, form, "add q1").fill(q1__n1__text="D")
        send(editor, path, form, "draft")
        assert made(stores, "which").questions[0].max_choices == 4
        form = press(editor, path, the_form(editor.get(path)), "remove q1 c1")
        assert send(editor, path, form, "draft").status_code == 303
        assert made(stores, "which").questions[0].max_choices == 3

    @pytest.mark.parametrize("field", ["n1-min_choices", "n1-max_choices"])
    def test_none_of_them_is_refused(self, editor: Browser, field: str) -> None:
        form = written(new_form(editor), "Which?", "A", "B").fill(n1__type="multiple_choice")
        form.fields[field] = ["0"]
        answer = send(editor, NEW, form, "open")
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text

    def test_several_questions_make_one_poll(self, editor: Browser, stores: Stores) -> None:
        form = press(editor, NEW, written(new_form(editor)), "add-question")
        form.fill(n2__text="And coffee?", n2__n1__text="Yes", n2__n2__text="No", n2__required=None)
        assert send(editor, NEW, form, "open").status_code == 303
        first, second = made(stores, "tea").questions
        assert (first.text, second.text) == ("Tea?", "And coffee?")
        assert (first.required, second.required) == (True, False)


class TestWhatIsWrong:
    def test_is_said_at_its_field_and_above_and_nothing_typed_is_lost(
        self, editor: Browser, stores: Stores
    ) -> None:
        form = written(new_form(editor), "", "Yes", "Yes").fill(
            title="My <title>", opens_at="soon", n1__type="multiple_choice", n1__max_choices="two"
        )
        answer = send(editor, NEW, form, "open")
        assert answer.status_code == 422
        for field in ("opens_at", "n1-max_choices"):
            assert f'id="{field}-error"' in answer.text
            assert f'href="#{field}"' in answer.text
        kept = the_form(answer)
        assert (kept["title"], kept["opens_at"]) == ("My <title>", "soon")
        assert kept["n1-max_choices"] == "two"
        kept.fill(opens_at="", n1__max_choices="")
        again = send(editor, NEW, kept, "open")
        assert 'id="n1-text-error"' in again.text
        assert 'id="n1-n2-text-error"' in again.text

    def test_a_row_that_was_never_filled_in_is_passed_over(
        self, editor: Browser, stores: Stores
    ) -> None:
        form = written(new_form(editor), "Tea?", "Yes", "", "No")
        assert send(editor, NEW, form, "open").status_code == 303
        assert len(made(stores, "tea").questions[0].choices) == 2

    def test_white_space_that_came_with_a_paste_is_a_space(
        self, editor: Browser, stores: Stores
    ) -> None:
        form = written(new_form(editor), "Tea\r\nor\tcoffee?", "Tea\t", "Cof\u2028fee").fill(
            thank_you="Thanks,\r\nall\tof you."
        )
        assert send(editor, NEW, form, "open").status_code == 303
        poll = made(stores, "tea-or-coffee")
        assert poll.questions[0].text == "Tea or coffee?"
        assert [choice.text for choice in poll.questions[0].choices] == ["Tea", "Cof fee"]
        assert poll.thank_you == "Thanks,\nall of you."

    @pytest.mark.parametrize(
        ("address", "words"),
        [("new", "This address has another use."), ("region-interest", "has this address.")],
    )
    def test_an_address_is_spoken_of_in_the_forms_words(
        self, editor: Browser, address: str, words: str
    ) -> None:
        answer = send(editor, NEW, written(new_form(editor)).fill(slug=address), "open")
        assert words in answer.text.split('id="slug-error">')[1].split("</p>")[0]

    def test_a_form_too_large_names_its_own_limit(self, editor: Browser) -> None:
        answer = editor.post(NEW, {"title": "x" * 8_000_000})
        assert answer.status_code == 413
        assert "This form is larger than 8000 kB. Nothing is saved." in answer.text

    def test_one_choice_is_too_few(self, editor: Browser) -> None:
        answer = send(editor, NEW, written(new_form(editor), "Tea?", "Yes", ""), "open")
        assert 'id="n1-choices-error"' in answer.text
        assert '<a href="#n1-n1-text">Choices: Offer 2 to 100 choices.</a>' in answer.text

    def test_an_empty_form_names_each_field_once(self, editor: Browser) -> None:
        answer = send(editor, NEW, new_form(editor), "open")
        assert re.findall(r'<a href="#[^"]+">([^<]+)</a>', answer.text) == [
            "Question: Must not be empty.",
            "Choices: Offer 2 to 100 choices.",
        ]

    def test_a_picture_needs_words(self, editor: Browser) -> None:
        form = written(new_form(editor)).fill(n1__n2__image_url="https://pictures.test/b.png")
        answer = send(editor, NEW, form, "open")
        assert 'id="n1-n2-image_alt-error"' in answer.text

    @pytest.mark.parametrize(
        "fields",
        [
            {"question": ["../x", "n1"], "n1-choice": ["n1"] * 300},
            {"question": ["q1"], "q1-text": ["\1"], "q1-type": ["essay"]},
            {"opens_at": ["9999-12-31T23:59"], "closes_at": ["0001-01-01T00:00"]},
            {"question": ["n1"], "n1-choice": ["n1"], "n1-min_choices": ["9" * 400]},
        ],
    )
    def test_what_no_form_of_ours_sends_is_refused_in_good_order(
        self, editor: Browser, fields: dict[str, Any]
    ) -> None:
        assert editor.post(NEW, {**fields, "do": "open"}).status_code == 422
        assert editor.post(f"{SITE}/poll-preview", fields).status_code == 200

    def test_a_form_of_a_hundred_long_choices_is_taken(
        self, editor: Browser, stores: Stores
    ) -> None:
        form = written(new_form(editor))
        form.fields["n1-choice"] = [f"n{place}" for place in range(1, 101)]
        for place in range(1, 101):
            form.fields[f"n1-n{place}-text"] = [f"{place} " + "व" * 100]
        assert send(editor, NEW, form, "open").status_code == 303

    def test_one_choice_more_is_refused_and_not_lost(self, editor: Browser) -> None:
        form = written(new_form(editor))
        form.fields["n1-choice"] = [f"n{place}" for place in range(1, 102)]
        for place in range(1, 102):
            form.fields[f"n1-n{place}-text"] = [f"choice {place}"]
        answer = send(editor, NEW, form, "open")
        assert answer.status_code == 422
        assert "Choices: Offer 2 to 100 choices." in answer.text
        assert the_form(answer).texts("n1")[-1] == "choice 101"

    def test_more_rows_than_any_page_could_show_are_refused(self, editor: Browser) -> None:
        form = written(new_form(editor))
        form.fields["question"] = [f"n{place}" for place in range(1, 401)]
        for code in form.fields["question"]:
            form.fields[f"{code}-choice"] = ["n1", "n2", "n3", "n4"]
        assert "Ask 1 to 100 questions." in send(editor, NEW, form, "open").text
        form.fields["n400-choice"].append("n5")
        for button in ("open", "add-question", "add n1"):
            answer = editor.post(NEW, {**form.fields, "do": button})
            assert answer.status_code == 422
            assert "more than 2000 questions and choices. Nothing is saved." in answer.text


class TestRows:
    def test_are_added_moved_and_removed_without_saving(
        self, editor: Browser, stores: Stores
    ) -> None:
        form = written(new_form(editor), "Tea?", "One", "Two", "Three")
        form = press(editor, NEW, form, "add n1")
        form.fill(n1__n4__text="Four")
        form = press(editor, NEW, form, "up n1 n4")
        form = press(editor, NEW, form, "down n1 n1")
        form = press(editor, NEW, form, "remove n1 n3")
        assert form.texts("n1") == ["Two", "One", "Four"]
        send(editor, NEW, form, "open")
        texts = [choice.text for choice in made(stores, "tea").questions[0].choices]
        assert texts == ["Two", "One", "Four"]

    def test_the_first_cannot_go_up_nor_the_last_down(self, editor: Browser) -> None:
        buttons = new_form(editor).buttons
        assert "up n1 n1" not in buttons
        assert "down n1 n3" not in buttons
        assert {"down n1 n1", "up n1 n3"} <= buttons.keys()

    def test_the_field_that_one_will_want_next_has_the_focus(self, editor: Browser) -> None:
        answer = send(editor, NEW, new_form(editor), "add n1")
        start = answer.text.index('id="n1-n4-text"')
        assert "autofocus" in answer.text[start : answer.text.index(">", start)]

    def test_a_question_is_taken_away_again(self, editor: Browser) -> None:
        form = press(editor, NEW, written(new_form(editor)), "add-question")
        assert form.fields["question"] == ["n1", "n2"]
        form = press(editor, NEW, form, "remove-question n2")
        assert form.fields["question"] == ["n1"]


class TestChanging:
    def test_a_poll_keeps_its_codes_whatever_its_order(
        self, editor: Browser, stores: Stores
    ) -> None:
        form = the_form(editor.get(REGION))
        form = press(editor, REGION, form, "add q1")
        form.fill(q1__n1__text="Arctic", q1__c1__text="The Middle East")
        form = press(editor, REGION, form, "down q1 c1")
        form = press(editor, REGION, form, "remove q1 c8")
        assert send(editor, REGION, form, "save").status_code == 303
        choices = made(stores, "region-interest").questions[0].choices
        assert [choice.code for choice in choices][:3] == ["c2", "c1", "c3"]
        assert choices[1].text == "The Middle East"
        assert (choices[-1].code, choices[-1].text) == ("c9", "Arctic")

    def test_a_draft_is_saved_and_opened_at_once(self, editor: Browser, stores: Stores) -> None:
        send(editor, NEW, written(new_form(editor)), "draft")
        path = f"{SITE}/polls/tea"
        form = the_form(editor.get(path)).fill(q1__text="More tea?")
        answer = send(editor, path, form, "open")
        assert answer.location == f"{path}/embed"
        poll = made(stores, "tea")
        assert (poll.schedule.status, poll.questions[0].text) == (Status.OPEN, "More tea?")

    def test_a_draft_that_cannot_be_opened_is_not_saved_either(
        self, editor: Browser, stores: Stores
    ) -> None:
        send(editor, NEW, written(new_form(editor)), "draft")
        path = f"{SITE}/polls/tea"
        form = the_form(editor.get(path)).fill(q1__text="More tea?", closes_at="2026-11-24T09:00")
        answer = send(editor, path, form, "open")
        assert answer.status_code == 422
        assert "Has passed. Set another time, or none." in answer.text
        assert made(stores, "tea").questions[0].text == "Tea?"
        answer = send(editor, path, the_form(answer).fill(closes_at=""), "open")
        assert answer.location == f"{path}/embed"
        poll = made(stores, "tea")
        assert (poll.schedule.status, poll.questions[0].text) == (Status.OPEN, "More tea?")

    def test_a_form_means_the_time_zone_that_it_was_opened_in(
        self, editor: Browser, stores: Stores
    ) -> None:
        form = written(new_form(editor)).fill(closes_at="2026-11-26T17:30")
        send(editor, NEW, form, "open")
        form = the_form(editor.get(f"{SITE}/polls/tea")).fill(title="Tea")
        site = stores.sites.find("demo")
        moved = replace(sites.draft_of(site), timezone="America/New_York")
        sites.edit(stores, OPERATOR, "demo", moved, NOON)
        wrong = send(editor, form.action, form.fill(opens_at="soon"), "save")
        assert "what you write here is still meant in Asia/Kolkata" in wrong.text
        send(editor, form.action, the_form(wrong).fill(opens_at=""), "save")
        poll = made(stores, "tea")
        assert (poll.title, poll.schedule.closes_at) == ("Tea", NOON + timedelta(days=2))
        again = the_form(editor.get(f"{SITE}/polls/tea"))
        assert (again["timezone"], again["closes_at"]) == ("America/New_York", "2026-11-26T07:00")

    def test_a_time_zone_that_there_is_not_is_the_sites(
        self, editor: Browser, stores: Stores
    ) -> None:
        for zone in ("Mars/Olympus", "../../etc/passwd", "", "Europe"):
            form = written(new_form(editor)).fill(timezone=zone, closes_at="2026-11-26T17:30")
            answer = send(editor, NEW, form, "draft")
            poll = made(stores, answer.location.rsplit("/", 1)[1])
            assert poll.schedule.closes_at == NOON + timedelta(days=2)

    def test_a_moment_finer_than_the_form_stays_what_it_is(
        self, editor: Browser, stores: Stores, clock: FakeClock
    ) -> None:
        form = written(new_form(editor)).fill(opens_at="2026-11-25T09:00")
        send(editor, NEW, form, "open")
        path = f"{SITE}/polls/tea"
        clock.moment = NOON + timedelta(seconds=5, microseconds=123456)
        editor.post(f"{path}/status", {"status": "open"})
        opened = made(stores, "tea")
        assert opened.schedule.opens_at == NOON + timedelta(seconds=5)
        finer = Schedule(Status.OPEN, closes_at=NOON + timedelta(days=1, microseconds=1))
        draft = replace(polls.draft_of(opened), schedule=finer)
        before = edits.edit(stores, OPERATOR, "tea", draft, opened.row_version, NOON)
        send(editor, path, the_form(editor.get(path)), "save")
        assert made(stores, "tea") == before

    def test_another_sites_poll_is_not_there(
        self, editor: Browser, stores: Stores, admin: Browser
    ) -> None:
        assert editor.get(f"{SITE}/polls/nothing").status_code == 404
