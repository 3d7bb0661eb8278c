"""What voters are offered, and what they write."""

import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain import questions
from service.errors import InvalidChoice
from service.records import Choice, ChoiceOrder, Poll, Question, QuestionType
from service.stores import Stores

CHOICES = (
    Choice("c1", "Rice"),
    Choice("c2", "Something else", is_other=True),
    Choice("c3", "Élan"),
    Choice("c4", "Barley", retired=True),
    Choice("c5", "Maize"),
)
ASKED = Question("q1", "Which?", CHOICES)
MARKED = {"q1": ("c2",)}


@pytest.fixture
def poll(stores: Stores) -> Poll:
    return replace(stores.polls.find("region-interest"), questions=(ASKED,))


def codes(poll: Poll, **options: Any) -> list[str]:
    (question,) = questions.offered(replace(poll, **options))
    return [choice.code for choice in question.choices]


def test_retired_choices_are_not_offered(poll: Poll) -> None:
    assert codes(poll) == ["c1", "c2", "c3", "c5"]


def test_alphabetical_choices_end_with_the_other_one(poll: Poll) -> None:
    assert codes(poll, choice_order=ChoiceOrder.ALPHABETICAL) == ["c3", "c5", "c1", "c2"]


def test_shuffled_choices_are_listed_the_same_for_all(poll: Poll) -> None:
    assert codes(poll, choice_order=ChoiceOrder.SHUFFLED) == ["c1", "c2", "c3", "c5"]


def test_a_ballot_says_the_same_however_its_choices_are_listed_by_then() -> None:
    """So that a retry is known as one when an owner has changed the list meanwhile."""
    offered = tuple(Choice(f"c{number}", f"Crop {number}") for number in range(1, 12))
    asked = Question("q1", "Which?", offered, QuestionType.MULTIPLE_CHOICE, max_choices=11)
    turned = replace(asked, choices=offered[::-1])
    for listed in (asked, turned):
        said = questions.answer((listed,), {"q1": ["c10", "c2", "c1"]})
        assert said == {"q1": ("c1", "c2", "c10")}


def test_a_text_is_kept_composed_and_with_single_spaces() -> None:
    given = unicodedata.normalize("NFD", "  Crème \t\n brûlée ")
    assert questions.written((ASKED,), MARKED, {"q1": given}) == {"q1": "Crème brûlée"}


def test_a_text_of_200_characters_is_not_too_long() -> None:
    text = "\N{GRINNING FACE}" * 200
    assert questions.written((ASKED,), MARKED, {"q1": text}) == {"q1": text}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "Write your answer."),
        (" \n ", "Write your answer."),
        ("\N{ZERO WIDTH SPACE}", "Write your answer."),
        ("x" * 201, "Write at most 200 characters."),
        ("a\x07b", "Control characters are not allowed."),
        ("a\x9bb", "Control characters are not allowed."),
    ],
)
def test_an_unfit_text_is_refused_by_its_question(text: str, fault: str) -> None:
    with pytest.raises(InvalidChoice) as refusal:
        questions.written((ASKED,), MARKED, {"q1": text})
    assert [(error.pointer, error.detail) for error in refusal.value.errors] == [
        ("/other_texts/q1", fault)
    ]


@pytest.mark.parametrize("code", ["q1", "q9", "a/b"])
def test_a_text_for_a_choice_that_is_not_marked_is_refused(code: str) -> None:
    with pytest.raises(InvalidChoice, match="not marked"):
        questions.written((ASKED,), {"q1": ("c1",)}, {code: "Barley"})


def test_a_marked_other_choice_needs_a_text() -> None:
    with pytest.raises(InvalidChoice, match="Write your answer"):
        questions.written((ASKED,), MARKED, {})


few_codes = st.lists(st.sampled_from(["c1", "c2", "c3", "c4", "c5", "c9"]), max_size=4)
some_rules = st.builds(
    replace,
    st.sampled_from([ASKED, replace(ASKED, code="q2")]),
    required=st.booleans(),
    min_choices=st.integers(1, 2),
    max_choices=st.integers(1, 3),
)


@given(
    st.lists(some_rules, max_size=2, unique_by=lambda question: question.code),
    st.dictionaries(st.sampled_from(["q1", "q2", "q3"]), few_codes, max_size=3),
)
def test_answers_are_taken_at_a_glance_exactly_where_nothing_is_wrong_with_them(
    asked: list[Question], answers: dict[str, list[str]]
) -> None:
    faults = questions._all_faults(asked, answers)
    if faults:
        with pytest.raises(InvalidChoice) as refusal:
            questions.answer(asked, answers)
        assert list(refusal.value.errors) == faults
    else:
        taken = {code: tuple(sorted(marked)) for code, marked in answers.items() if marked}
        assert questions.answer(asked, answers) == taken
