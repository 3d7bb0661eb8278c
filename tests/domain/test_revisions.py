"""What may become of a poll in which readers have voted."""

from dataclasses import replace
from typing import Any

import pytest

from service.domain import revisions
from service.errors import PollHasBallots, ValidationError
from service.records import (
    Cast,
    Choice,
    DuplicatePolicy,
    PollDraft,
    Question,
    QuestionType,
    ResultsVisibility,
)

REGIONS = ("Midle East", "South Asia", "East Asia", "Other")
CHOICES = tuple(Choice(f"c{place}", text) for place, text in enumerate(REGIONS, start=1))
QUESTION = Question("q1", "Which region?", CHOICES)
POLL = PollDraft(slug="regions", title="Regions", questions=(QUESTION,))
UNTOUCHED = Cast(
    has_ballots=False,
    ballots=0,
    last_vote_at=None,
    marked=frozenset(),
    last_codes={"": 1, "q1": 6},
)
VOTED = replace(
    UNTOUCHED,
    has_ballots=True,
    ballots=2,
    marked=frozenset({("", ""), ("q1", ""), ("q1", "c1"), ("q1", "c2")}),
)


def with_choices(*choices: Choice, **fields: Any) -> PollDraft:
    return replace(POLL, questions=(replace(QUESTION, choices=choices, **fields),))


def with_text(code: str, text: str) -> PollDraft:
    return with_choices(*(replace(c, text=text) if c.code == code else c for c in CHOICES))


def codes(draft: PollDraft) -> list[str]:
    return [choice.code for choice in draft.questions[0].choices]


@pytest.mark.parametrize(
    ("old", "new", "others"),
    [
        ("Midle East", "Middle East", ("South Asia", "East Asia")),
        ("middle  east", "Middle East", ("East Asia",)),
        ("Cofee", "Coffee", ("Toffee",)),
        ("Ja", "JA", ("Nein",)),
        ("2 hours", "2 hours a day", ("1 hour",)),
    ],
)
def test_a_text_may_be_corrected(old: str, new: str, others: tuple[str, ...]) -> None:
    assert revisions.is_correction(old, new, others)


@pytest.mark.parametrize(
    ("old", "new", "others"),
    [
        ("Yes", "No", ("Perhaps",)),
        ("Yes", "No", ("No",)),
        ("Option A", "Option B", ("Option B",)),
        ("Option A", "Option C", ("Option B",)),
        ("Agree", "Disagree", ("Disagree",)),
        ("1 hour", "2 hours", ("5 hours",)),
        ("Tea", "Sparkling water", ()),
        ("Ja", "", ()),
    ],
)
def test_a_text_may_not_become_another(old: str, new: str, others: tuple[str, ...]) -> None:
    assert not revisions.is_correction(old, new, others)


def test_new_choices_and_questions_get_codes_that_were_never_given() -> None:
    second = Question("", "Why?", (Choice("", "So"), Choice("", "Thus")), required=False)
    draft = with_choices(Choice("", "Arctic"), *CHOICES[1:], Choice("", "Nowhere"))
    draft = replace(draft, questions=(second, *draft.questions))
    new = revisions.revised(POLL, draft, UNTOUCHED)
    assert [question.code for question in new.questions] == ["q2", "q1"]
    assert [choice.code for choice in new.questions[0].choices] == ["c1", "c2"]
    assert [c.code for c in new.questions[1].choices] == ["c7", "c2", "c3", "c4", "c8"]


def test_a_new_poll_is_numbered_from_1_whatever_it_came_with() -> None:
    odd = with_choices(Choice("c9", "A"), Choice("x", "B"))
    numbered = revisions.renumbered(replace(odd, questions=odd.questions * 2))
    assert [question.code for question in numbered.questions] == ["q1", "q2"]
    assert codes(numbered) == ["c1", "c2"]


@pytest.mark.parametrize(
    ("draft", "pointer"),
    [
        (with_choices(*CHOICES, Choice("c9", "A")), "/questions/0/choices/4/id"),
        (with_choices(*CHOICES, CHOICES[0]), "/questions/0/choices/4/id"),
        (replace(POLL, questions=(QUESTION, QUESTION)), "/questions/1/id"),
        (replace(POLL, questions=(replace(QUESTION, code="q7", choices=()),)), "/questions/0/id"),
        (
            replace(POLL, questions=(replace(QUESTION, code=""),)),
            "/questions/0/choices/0/id",
        ),
    ],
)
@pytest.mark.parametrize("cast", [UNTOUCHED, VOTED])
def test_a_code_that_the_poll_does_not_have_is_refused(
    draft: PollDraft, pointer: str, cast: Cast
) -> None:
    with pytest.raises(ValidationError) as refusal:
        revisions.revised(POLL, draft, cast)
    assert refusal.value.errors[0].pointer == pointer


FALSIFYING: dict[str, PollDraft] = {
    "a choice with votes is removed": with_choices(*CHOICES[1:]),
    "a choice with votes becomes another": with_text("c1", "Antarctica"),
    "two choices change places": with_choices(
        replace(CHOICES[0], text="South Asia"), replace(CHOICES[1], text="Midle East"), *CHOICES[2:]
    ),
    "a choice with votes asks for a text": with_choices(
        replace(CHOICES[0], is_other=True), *CHOICES[1:]
    ),
    "the question is removed": replace(
        POLL, questions=(Question("", "Why?", CHOICES[:0], required=False),)
    ),
    "the question takes several": with_choices(
        *CHOICES, type=QuestionType.MULTIPLE_CHOICE, max_choices=2
    ),
    "the question need not be answered": with_choices(*CHOICES, required=False),
    "a new question must be answered": replace(
        POLL, questions=(QUESTION, Question("", "Why?", ()))
    ),
    "duplicates are recognised otherwise": replace(POLL, duplicate_policy=DuplicatePolicy.NONE),
}
HARMLESS: dict[str, PollDraft] = {
    "a text is corrected": with_text("c1", "Middle East"),
    "a choice with votes is retired": with_choices(replace(CHOICES[0], retired=True), *CHOICES[1:]),
    "a choice is added": with_choices(*CHOICES, Choice("", "Arctic")),
    "a choice without votes is removed": with_choices(*CHOICES[:3]),
    "a choice without votes becomes another": with_text("c3", "Oceania"),
    "the choices are sorted otherwise": with_choices(*reversed(CHOICES)),
    "a question is added": replace(
        POLL, questions=(QUESTION, Question("", "Why?", (), required=False))
    ),
    "the question is put better": with_choices(*CHOICES, text="Which region, then?"),
    "results are hidden": replace(POLL, results_visibility=ResultsVisibility.OWNERS),
}


@pytest.mark.parametrize("change", FALSIFYING)
def test_what_would_falsify_ballots_is_refused_once_there_are_some(change: str) -> None:
    with pytest.raises(PollHasBallots):
        revisions.revised(POLL, FALSIFYING[change], VOTED)


@pytest.mark.parametrize("change", [*FALSIFYING, *HARMLESS])
def test_all_is_free_as_long_as_nobody_has_voted(change: str) -> None:
    revisions.revised(POLL, {**FALSIFYING, **HARMLESS}[change], UNTOUCHED)


@pytest.mark.parametrize("change", HARMLESS)
def test_what_falsifies_nothing_stays_free(change: str) -> None:
    revisions.revised(POLL, HARMLESS[change], VOTED)


@pytest.mark.parametrize(
    ("draft", "named"),
    [
        (with_choices(*CHOICES[1:]), "Midle East"),
        (with_text("c2", "North"), "North"),
        (replace(POLL, duplicate_policy=DuplicatePolicy.NONE), "duplicate_policy"),
        (with_choices(*CHOICES, required=False), "required of q1"),
    ],
)
def test_the_refusal_names_what_it_is_about(draft: PollDraft, named: str) -> None:
    with pytest.raises(PollHasBallots, match=named):
        revisions.revised(POLL, draft, VOTED)


def test_a_choice_that_only_voided_ballots_mark_cannot_be_removed() -> None:
    voided = replace(VOTED, ballots=0)
    with pytest.raises(PollHasBallots):
        revisions.revised(POLL, with_choices(*CHOICES[1:]), voided)
