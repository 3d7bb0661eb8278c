"""A poll that is changed while readers vote, and by two editors at once."""

import re
from uuid import UUID

import pytest

from service.domain import ballot_log, polls
from service.records import OPERATOR, Choice, Poll, Role
from service.stores import Stores
from tests.conftest import NOON
from tests.support.html_forms import Form, Page
from tests.support.voters import Api, ballot
from tests.web.admin.conftest import Browser, SignedIn
from tests.web.admin.test_polls_form import REGION, press, send, the_form

CLOSED_PART = "Readers have voted"


@pytest.fixture
def editor(signed_in: SignedIn) -> Browser:
    return signed_in(Role.EDITOR)


@pytest.fixture
def other(signed_in: SignedIn) -> Browser:
    """Another editor, here the admin."""
    return signed_in(Role.ADMIN)


def region(stores: Stores) -> Poll:
    return polls.managed(stores, OPERATOR, "region-interest")


def choices(stores: Stores) -> dict[str, Choice]:
    return {choice.code: choice for choice in region(stores).questions[0].choices}


class TestWithBallots:
    @pytest.fixture(autouse=True)
    def a_vote(self, api: Api) -> None:
        self.cast = ballot("c2")
        assert api.cast(self.cast).status_code == 201

    def test_what_would_falsify_them_is_locked_and_says_why(self, editor: Browser) -> None:
        answer = editor.get(REGION)
        form = the_form(answer)
        assert "1 reader has voted" in answer.text
        assert "Locked: readers have voted." in answer.text
        assert 'id="duplicate_policy-none"' not in answer.text
        assert form["duplicate_policy"] == "device"
        assert form["q1-type"] == "single_choice"

    def test_a_choice_with_votes_is_retired_not_removed(
        self, editor: Browser, stores: Stores
    ) -> None:
        form = the_form(editor.get(REGION))
        assert "remove q1 c2" not in form.buttons
        assert "remove q1 c3" in form.buttons
        form = press(editor, REGION, form, "retire q1 c2")
        assert send(editor, REGION, form, "save").status_code == 303
        assert choices(stores)["c2"].retired
        form = press(editor, REGION, the_form(editor.get(REGION)), "offer q1 c2")
        send(editor, REGION, form, "save")
        assert not choices(stores)["c2"].retired

    def test_a_removal_that_no_button_offers_is_refused_and_nothing_typed_is_lost(
        self, editor: Browser, stores: Stores
    ) -> None:
        form = the_form(editor.get(REGION)).fill(thank_you="Thanks.")
        form.fields["q1-choice"].remove("c2")
        answer = send(editor, REGION, form, "save")
        assert answer.status_code == 409
        assert "has votes: retire it" in answer.text
        assert the_form(answer)["thank_you"] == "Thanks."
        assert "c2" in choices(stores)

    def test_a_choice_that_would_become_another_says_so_at_its_field(
        self, editor: Browser, stores: Stores
    ) -> None:
        form = the_form(editor.get(REGION)).fill(q1__c2__text="Antarctica")
        answer = send(editor, REGION, form, "save")
        assert answer.status_code == 409
        assert 'id="q1-c2-text-error"' in answer.text
        assert "retire it and add another, or duplicate the poll" in answer.text
        assert choices(stores)["c2"].text == "South Asia"

    def test_a_choice_that_only_void_ballots_mark_is_retired_too(
        self, editor: Browser, stores: Stores
    ) -> None:
        ballot_log.void(
            stores, OPERATOR, "region-interest", [UUID(self.cast["ballot_id"])], "x", NOON
        )
        answer = editor.get(REGION)
        assert "none of their ballots counts now" in answer.text
        form = the_form(answer)
        assert 'id="duplicate_policy-none"' not in answer.text
        assert "remove q1 c2" not in form.buttons
        form = press(editor, REGION, form, "retire q1 c2")
        assert send(editor, REGION, form, "save").status_code == 303
        assert choices(stores)["c2"].retired

    def test_another_question_need_not_be_answered(self, editor: Browser, stores: Stores) -> None:
        form = press(editor, REGION, the_form(editor.get(REGION)), "add-question")
        form.fill(n1__text="Why?", n1__n1__text="So", n1__n2__text="Thus")
        assert "n1-required" not in form.fields
        assert send(editor, REGION, form, "save").status_code == 303
        assert [q.required for q in region(stores).questions] == [True, False]

    def test_rules_that_the_first_vote_locked_meanwhile_are_said_and_stand_in_the_form(
        self, editor: Browser, stores: Stores
    ) -> None:
        form = the_form(editor.get(REGION)).fill(
            q1__type="multiple_choice", q1__max_choices="2", duplicate_policy="none", title="Mine"
        )
        answer = send(editor, REGION, form, "save")
        assert answer.status_code == 409
        for field in ("duplicate_policy", "q1-type", "q1-max_choices"):
            assert f'id="{field}-error">Readers have voted meanwhile' in answer.text
        form = the_form(answer)
        assert (form["q1-type"], form["q1-max_choices"]) == ("single_choice", "1")
        assert send(editor, REGION, form, "save").status_code == 303
        assert region(stores).title == "Mine"

    def test_what_votes_lock_of_a_choice_looks_locked_and_is_saved_as_it_stands(
        self, editor: Browser, stores: Stores
    ) -> None:
        answer = editor.get(REGION)
        assert "Locked: readers have voted for this choice without a picture." in answer.text
        for code, locked in (("c1", False), ("c2", True)):
            tick = re.search(rf'id="q1-{code}-is_other"[^>]*>', answer.text)
            picture = re.search(rf'id="q1-{code}-image_url"[^>]*>', answer.text)
            assert tick
            assert picture
            assert ("disabled" in tick[0], "readonly" in picture[0]) == (locked, locked)
        form = the_form(answer).fill(q1__c2__text="South Asia.")
        assert send(editor, REGION, form, "save").status_code == 303

    def test_an_own_answer_with_votes_stays_one_when_the_form_is_saved(
        self, editor: Browser, stores: Stores, api: Api
    ) -> None:
        form = the_form(editor.get(REGION)).fill(q1__c1__is_other="on")
        assert send(editor, REGION, form, "save").status_code == 303
        assert api.cast(ballot("c1", other_texts={"q1": "Here"})).status_code == 201
        form = the_form(editor.get(REGION)).fill(thank_you="Thanks.")
        assert send(editor, REGION, form, "save").status_code == 303
        assert choices(stores)["c1"].is_other

    def test_what_votes_locked_meanwhile_of_a_choice_is_said_and_stands_in_the_form(
        self, editor: Browser
    ) -> None:
        form = the_form(editor.get(REGION))
        form.fill(q1__c2__image_url="https://pictures.test/a.png", q1__c2__image_alt="A")
        form.fill(q1__c2__is_other="on")
        answer = send(editor, REGION, form, "save")
        assert answer.status_code == 409
        assert 'id="q1-c2-is_other-error">Readers have voted meanwhile' in answer.text
        shown = the_form(answer)
        assert "q1-c2-is_other" not in shown.fields
        assert shown["q1-c2-image_url"] == ""

    def test_words_are_corrected_and_choices_added(self, editor: Browser, stores: Stores) -> None:
        form = press(editor, REGION, the_form(editor.get(REGION)), "add q1")
        form.fill(q1__c2__text="South Asia.", q1__n1__text="Arctic")
        assert send(editor, REGION, form, "save").status_code == 303
        assert choices(stores)["c2"].text == "South Asia."
        assert choices(stores)["c9"].text == "Arctic"


class TestTwoEditors:
    def stale(self, editor: Browser, other: Browser, mine: Form, theirs: Form) -> Form:
        """The page of two versions, after they saved first."""
        assert send(other, REGION, theirs, "save").status_code == 303
        answer = send(editor, REGION, mine, "save")
        assert answer.status_code == 409
        assert "Somebody else has saved this poll meanwhile" in answer.text
        return Page(answer.text).form("merge")

    def forms(self, editor: Browser, other: Browser) -> tuple[Form, Form]:
        return the_form(editor.get(REGION)), the_form(other.get(REGION))

    def test_each_keeps_what_only_they_changed(
        self, editor: Browser, other: Browser, stores: Stores
    ) -> None:
        mine, theirs = self.forms(editor, other)
        theirs = press(other, REGION, theirs, "add q1")
        theirs.fill(title="Theirs", q1__n1__text="Arctic")
        mine = press(editor, REGION, mine, "add q1")
        mine.fill(thank_you="Mine", q1__n1__text="Antarctic")
        mine = press(editor, REGION, mine, "down q1 c1")
        form = self.stale(editor, other, mine, theirs)
        assert form["pick-title"] == "theirs"
        assert form["pick-thank_you"] == "mine"
        assert send(editor, REGION, form, "merge").status_code == 303
        poll = region(stores)
        texts = [choice.text for choice in poll.questions[0].choices]
        assert (poll.title, poll.thank_you) == ("Theirs", "Mine")
        assert texts[:2] == ["South Asia", "Middle East"]
        assert {"Arctic", "Antarctic"} <= set(texts)

    @pytest.mark.parametrize(("side", "kept"), [("theirs", "Their name"), ("mine", "My name")])
    def test_what_both_changed_is_the_editors_choice(
        self, editor: Browser, other: Browser, stores: Stores, side: str, kept: str
    ) -> None:
        mine, theirs = self.forms(editor, other)
        form = self.stale(
            editor, other, mine.fill(title="My name"), theirs.fill(title="Their name")
        )
        send(editor, REGION, form.fill(**{"pick-title": side}), "merge")
        assert region(stores).title == kept

    def test_both_versions_stand_side_by_side_with_their_differences_marked(
        self, editor: Browser, other: Browser
    ) -> None:
        mine, theirs = self.forms(editor, other)
        send(other, REGION, theirs.fill(q1__c1__text="The near Middle East"), "save")
        page = send(editor, REGION, mine.fill(q1__c1__text="Middle East now"), "save").text
        assert "<mark>The near</mark>" in page
        assert "<mark>now</mark>" in page
        assert "changed by both" in page

    def test_one_may_go_on_editing_with_what_is_chosen(
        self, editor: Browser, other: Browser, stores: Stores
    ) -> None:
        mine, theirs = self.forms(editor, other)
        form = self.stale(editor, other, mine.fill(thank_you="Mine"), theirs.fill(title="Theirs"))
        going_on = the_form(send(editor, REGION, form, "go-on"))
        assert (going_on["title"], going_on["thank_you"]) == ("Theirs", "Mine")
        assert region(stores).thank_you is None
        send(editor, REGION, going_on.fill(thank_you="Mine indeed"), "save")
        assert region(stores).thank_you == "Mine indeed"

    def test_a_third_save_meanwhile_is_told_of_too(
        self, editor: Browser, other: Browser, stores: Stores
    ) -> None:
        mine, theirs = self.forms(editor, other)
        form = self.stale(editor, other, mine.fill(title="Mine"), theirs.fill(title="Theirs"))
        third = the_form(other.get(REGION)).fill(title="Third")
        send(other, REGION, third, "save")
        answer = send(editor, REGION, form, "merge")
        assert answer.status_code == 409
        assert "Third" in answer.text
        assert region(stores).title == "Third"

    def test_who_saves_the_same_is_told_that_it_is_saved(
        self, editor: Browser, other: Browser
    ) -> None:
        mine, theirs = self.forms(editor, other)
        send(other, REGION, theirs.fill(title="Same"), "save")
        answer = send(editor, REGION, mine.fill(title="Same"), "save")
        assert answer.status_code == 303
        assert "saved the same" in editor.get(answer.location).text

    def test_a_choice_that_they_removed_can_be_kept_off_or_brought_back(
        self, editor: Browser, other: Browser, stores: Stores
    ) -> None:
        mine, theirs = self.forms(editor, other)
        theirs = press(other, REGION, theirs, "remove q1 c8")
        form = self.stale(editor, other, mine.fill(q1__c8__text="Asia and Pacific"), theirs)
        assert form["pick-q1-c8"] == "mine"
        send(editor, REGION, form, "merge")
        texts = [choice.text for choice in region(stores).questions[0].choices]
        assert texts[-1] == "Asia and Pacific"

    @pytest.mark.parametrize("button", ["merge", "go-on"])
    def test_a_question_that_they_removed_can_be_kept(
        self, editor: Browser, other: Browser, stores: Stores, button: str
    ) -> None:
        form = press(editor, REGION, the_form(editor.get(REGION)), "add-question")
        form.fill(n1__text="Why?", n1__n1__text="So", n1__n2__text="Thus")
        assert send(editor, REGION, form, "save").status_code == 303
        mine, theirs = self.forms(editor, other)
        theirs = press(other, REGION, theirs, "remove-question q2")
        form = self.stale(editor, other, mine.fill(q2__c1__text="So be it"), theirs)
        assert form["pick-q2"] == "mine"
        answer = send(editor, REGION, form, button)
        if button == "go-on":
            answer = send(editor, REGION, the_form(answer), "save")
        assert answer.status_code == 303
        kept = region(stores).questions[1]
        assert (kept.code, kept.text) == ("q3", "Why?")
        assert [choice.text for choice in kept.choices] == ["So be it", "Thus"]


def test_no_version_at_all_is_an_old_one(editor: Browser, stores: Stores) -> None:
    form = the_form(editor.get(REGION)).fill(title="Blind", row_version="x", base=None)
    answer = send(editor, REGION, form, "save")
    assert answer.status_code == 409
    assert region(stores).title == "Region interest"
    assert region(stores).updated_at == NOON
