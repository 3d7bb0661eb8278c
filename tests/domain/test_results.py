from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain import edits, polls, results
from service.domain.results import percent
from service.records import (
    ALL_BALLOTS,
    OPERATOR,
    Choice,
    ChoiceOrder,
    OtherText,
    OtherTextStatus,
    Poll,
    Question,
    ResultsOrder,
    ResultsVisibility,
    Schedule,
    Status,
    Tally,
    WhenClosed,
)
from service.stores import Stores
from tests.conftest import NOON, FakeClock
from tests.support.ballots import cast, make_poll

CHOICES = (
    Choice("c1", "Rice"),
    Choice("c2", "Else", is_other=True),
    Choice("c3", "Barley", retired=True),
    Choice("c4", "Maize"),
)
TALLY = Tally(
    9,
    {
        ALL_BALLOTS: 8,
        ("q1", ""): 7,
        ("q1", "c1"): 1,
        ("q1", "c2"): 1,
        ("q1", "c3"): 2,
        ("q1", "c4"): 3,
    },
    NOON,
)
TEXTS = {
    "q1": [OtherText(question="q1", text="Oats", votes=4, status=OtherTextStatus.SHOWN)],
}


@pytest.fixture
def poll(stores: Stores) -> Poll:
    return replace(
        stores.polls.find("region-interest"), questions=(Question("q1", "Which?", CHOICES),)
    )


def codes(poll: Poll, **options: Any) -> list[str]:
    shown = results.for_readers(replace(poll, **options), TALLY, TEXTS, NOON)
    return [choice.code for choice in shown.questions[0].choices]


def test_results_stand_as_listed_with_retired_choices_marked(poll: Poll) -> None:
    (question,) = results.for_readers(poll, TALLY, TEXTS, NOON).questions
    assert [(one.code, one.votes, one.retired) for one in question.choices] == [
        ("c1", 1, False),
        ("c2", 1, False),
        ("c3", 2, True),
        ("c4", 3, False),
    ]
    assert question.votes == 7


def test_results_by_votes_leave_ties_as_listed(poll: Poll) -> None:
    assert codes(poll, results_order=ResultsOrder.BY_VOTES) == ["c4", "c3", "c1", "c2"]


def test_results_as_listed_stand_as_the_alphabet_lists_them(poll: Poll) -> None:
    assert codes(poll, choice_order=ChoiceOrder.ALPHABETICAL) == ["c3", "c4", "c1", "c2"]


def test_percentages_alone_carry_no_count(poll: Poll) -> None:
    shown = results.for_readers(replace(poll, percent_only=True), TALLY, TEXTS, NOON)
    (question,) = shown.questions
    assert (shown.ballots, question.answered, question.votes) == (None, None, None)
    assert {choice.votes for choice in question.choices} == {None}
    assert [choice.percent for choice in question.choices] == [14.3, 14.3, 28.6, 42.9]
    assert [(text.text, text.votes) for text in question.other_texts] == [("Oats", None)]


def test_no_results_are_older_than_their_poll_if_a_slow_clock_counted_the_first_vote(
    poll: Poll,
) -> None:
    early = replace(TALLY, counted_at=poll.created_at - timedelta(milliseconds=7))
    shown = [results.of_tally(poll, tally, NOON).as_of for tally in (Tally(0, {}, None), early)]
    assert shown == [poll.created_at] * 2


def test_owners_get_the_counts_of_a_poll_that_shows_percentages(poll: Poll) -> None:
    assert results.of_tally(replace(poll, percent_only=True), TALLY, NOON).ballots == 8


@pytest.mark.parametrize("when_closed", [WhenClosed.QUESTION, WhenClosed.NOTHING])
@pytest.mark.parametrize("visibility", list(ResultsVisibility))
@pytest.mark.parametrize("has_voted", [True, False])
def test_a_poll_that_hides_when_closed_hides_from_everybody(
    poll: Poll, when_closed: WhenClosed, visibility: ResultsVisibility, has_voted: bool
) -> None:
    closes = NOON + timedelta(hours=1)
    closing = replace(
        poll,
        schedule=Schedule(Status.OPEN, closes_at=closes),
        when_closed=when_closed,
        results_visibility=visibility,
    )
    open_to_voters = visibility in (ResultsVisibility.ALWAYS, ResultsVisibility.AFTER_VOTE)
    assert results.visible(closing, NOON, has_voted=True) is open_to_voters
    assert not results.visible(closing, closes, has_voted=has_voted)


@pytest.mark.parametrize(
    ("votes", "base", "share"),
    [(0, 0, 0.0), (0, 5, 0.0), (50, 123, 40.7), (1, 8, 12.5), (1, 2000, 0.1), (1, 2001, 0.0)],
)
def test_percent_has_one_decimal_and_rounds_halves_up(votes: int, base: int, share: float) -> None:
    assert percent(votes, base) == share


@given(base=st.integers(1, 10**9), data=st.data())
def test_percent_is_never_more_than_half_a_tenth_off(base: int, data: st.DataObject) -> None:
    votes = data.draw(st.integers(0, base))
    share = Fraction(round(percent(votes, base) * 10), 10)
    assert abs(share - Fraction(100 * votes, base)) <= Fraction(1, 20)


def test_the_revision_grows_with_each_ballot_whatever_is_shown_of_the_counts(
    stores: Stores, clock: FakeClock
) -> None:
    poll = make_poll(stores, "crops", percent_only=True)
    revisions: list[int] = []
    for percent_only in (True, False, True):
        draft = replace(polls.draft_of(poll), percent_only=percent_only)
        poll = edits.edit(stores, OPERATOR, "crops", draft, None, clock.moment)
        revisions.append(results.read(stores, poll, clock.moment).revision)
        for milliseconds in (5, -3):
            clock.moment += timedelta(milliseconds=milliseconds)
            cast(stores, poll, "c1")
            revisions.append(results.read(stores, poll, clock.moment).revision)
    noon = 1795521600000
    assert revisions == [
        *(0, noon + 5, noon + 6),
        *(noon + 6, noon + 7, noon + 8),
        *(noon + 8, noon + 9, noon + 10),
    ]
