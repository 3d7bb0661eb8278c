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

DESERT, TEA = "https://pictures.test/desert.png", "https://pictures.test/tea.png"
CHOICES = (
    Choice("c1", "Midle East", image_url=DESERT, image_alt="A dessert"),
    Choice("c2", "South Asia"),
    Choice("c3", "East Asia"),
    Choice("c4", "Other"),
)
QUESTION = Question("q1", "Which region?", CHOICES)
POLL = PollDraft(slug="regions", title="Regions", questions=(QUESTION,))
UNTOUCHED = Cast(
    has_ballots=False,
    ballots=0,
    first_vote_at=None,
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
    "the question becomes another": with_choices(*CHOICES, text="Which region not?"),
    "two pictures change places": with_choices(
        replace(CHOICES[0], image_url=TEA),
        replace(CHOICES[1], image_url=DESERT, image_alt="A dessert"),
        *CHOICES[2:],
    ),
    "a choice with votes gets a picture": with_choices(
        CHOICES[0], replace(CHOICES[1], image_url=DESERT, image_alt="A dessert"), *CHOICES[2:]
    ),
    "a picture is said to show another thing": with_choices(
        replace(CHOICES[0], image_alt="An oasis"), *CHOICES[1:]
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
    "the question is corrected": with_choices(*CHOICES, text="Which regoin?"),
    "a picture is taken away": with_choices(
        replace(CHOICES[0], image_url=None, image_alt=None), *CHOICES[1:]
    ),
    "what a picture shows is corrected": with_choices(
        replace(CHOICES[0], image_alt="A desert"), *CHOICES[1:]
    ),
    "a choice without votes gets a picture": with_choices(
        *CHOICES[:2], replace(CHOICES[2], image_url=TEA, image_alt="Tea"), CHOICES[3]
    ),
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
    ("draft", "pointer", "named"),
    [
        (with_choices(*CHOICES[1:]), "/questions/0/choices", "Midle East"),
        (with_text("c2", "North"), "/questions/0/choices/1/text", "North"),
        (
            replace(POLL, duplicate_policy=DuplicatePolicy.NONE),
            "/duplicate_policy",
            "cannot change",
        ),
        (with_choices(*CHOICES, required=False), "/questions/0/required", "required of q1"),
        (with_choices(*CHOICES, text="Why?"), "/questions/0/text", "duplicate the poll"),
        (FALSIFYING["a new question must be answered"], "/questions/1/required", "new question"),
    ],
)
def test_the_refusal_names_what_it_is_about_and_where_it_stands(
    draft: PollDraft, pointer: str, named: str
) -> None:
    with pytest.raises(PollHasBallots, match=named) as refusal:
        revisions.revised(POLL, draft, VOTED)
    assert [fault.pointer for fault in refusal.value.errors] == [pointer]


@pytest.mark.parametrize("draft", [with_text("c2", "Suth"), with_choices(*CHOICES, text="Why?")])
def test_the_refusal_says_what_may_be_corrected(draft: PollDraft) -> None:
    with pytest.raises(PollHasBallots, match="one letter of a word of 5 letters or more"):
        revisions.revised(POLL, draft, VOTED)


def test_all_that_would_falsify_is_named_at_once() -> None:
    draft = replace(with_choices(*CHOICES[2:]), duplicate_policy=DuplicatePolicy.NONE)
    with pytest.raises(PollHasBallots) as refusal:
        revisions.revised(POLL, draft, VOTED)
    assert [fault.pointer for fault in refusal.value.errors] == [
        "/duplicate_policy",
        "/questions/0/choices",
        "/questions/0/choices",
    ]


def test_a_question_that_nobody_answered_may_become_another() -> None:
    unanswered = replace(VOTED, marked=frozenset({("", "")}))
    revisions.revised(POLL, with_choices(*CHOICES, text="Why?"), unanswered)


def test_a_choice_that_only_voided_ballots_mark_cannot_be_removed() -> None:
    voided = replace(VOTED, ballots=0)
    with pytest.raises(PollHasBallots):
        revisions.revised(POLL, with_choices(*CHOICES[1:]), voided)
