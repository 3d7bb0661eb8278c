"""Owners who act at the same moment, among themselves and among voters."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Barrier, Event

import pytest

from service.domain import edits, polls
from service.errors import (
    InvalidChoice,
    PollHasBallots,
    StaleEdit,
    TemporarilyUnavailable,
    VoxpopError,
)
from service.records import OPERATOR, Choice, Poll, PollDraft, Status
from service.stores import Stores
from tests.conftest import NOON
from tests.support.actors import logged
from tests.support.ballots import cast, make_poll

ROUNDS = 10
OWNERS = 4


@pytest.fixture
def poll(stores: Stores) -> Poll:
    return make_poll(stores, "crops")


def at_once(*acts: Callable[[], Poll]) -> list[Poll | VoxpopError]:
    """What came of acts that begin at the same moment."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Poll]) -> Poll | VoxpopError:
        barrier.wait()
        try:
            return act()
        except VoxpopError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def save(stores: Stores, draft: PollDraft, row_version: int) -> Poll:
    return edits.edit(stores, OPERATOR, "crops", draft, row_version, NOON)


def test_of_owners_who_save_the_same_poll_at_once_exactly_one_wins(
    stores: Stores, poll: Poll
) -> None:
    for _ in range(ROUNDS):
        seen = polls.managed(stores, OPERATOR, "crops")
        drafts = [
            replace(
                polls.draft_of(seen),
                title=f"Title {owner} of {seen.row_version}",
                thank_you=f"Thanks from {owner}",
            )
            for owner in range(OWNERS)
        ]
        ends = at_once(*(partial(save, stores, draft, seen.row_version) for draft in drafts))
        [won] = [place for place, end in enumerate(ends) if isinstance(end, Poll)]
        assert all(type(end) is StaleEdit for place, end in enumerate(ends) if place != won)
        now = polls.managed(stores, OPERATOR, "crops")
        assert polls.draft_of(now) == drafts[won]
        assert now.row_version == seen.row_version + 1
    assert len(logged(stores, "poll.edit")) == ROUNDS


def test_an_edit_and_a_close_at_once_both_hold(stores: Stores, poll: Poll) -> None:
    for number in range(ROUNDS):
        seen = edits.set_status(stores, OPERATOR, "crops", Status.OPEN, NOON)
        draft = replace(polls.draft_of(seen), title=f"Title {number}")
        edit, close = at_once(
            partial(save, stores, draft, seen.row_version),
            partial(edits.set_status, stores, OPERATOR, "crops", Status.CLOSED, NOON),
        )
        assert isinstance(close, Poll)
        now = polls.managed(stores, OPERATOR, "crops")
        assert now.schedule.status is Status.CLOSED
        if isinstance(edit, StaleEdit):
            assert now.title == seen.title
        else:
            assert now.title == draft.title


def test_no_vote_is_lost_or_left_without_its_choice_while_owners_edit(
    stores: Stores, poll: Poll
) -> None:
    """Some voters mark choices by what they saw when they came, which the owner takes back."""
    done = Event()

    def vote(choice: str) -> int:
        counted = 0
        while not done.is_set():
            try:
                cast(stores, polls.find(stores, "crops"), choice)
                counted += 1
            except InvalidChoice:
                assert choice != "c1"
            except TemporarilyUnavailable:
                pass  # nothing was counted: the owner saves faster than the ballot can be checked
        return counted

    with ThreadPoolExecutor(6) as pool:
        steady = [pool.submit(vote, "c1") for _ in range(3)]
        unsure = [pool.submit(vote, code) for code in ("c4", "c5", "c6")]
        try:
            refused = sum(_add_then_remove(stores) for _ in range(ROUNDS))
        finally:
            done.set()
        votes = sum(each.result() for each in (*steady, *unsure))
    now = polls.managed(stores, OPERATOR, "crops")
    tally = stores.tallies.read(now.id)
    offered = {choice.code for choice in now.questions[0].choices}
    marked = {choice for question, choice in tally.counts if question == "q1" and choice}
    assert marked <= offered
    assert tally.ballots == votes
    assert refused < ROUNDS


def _add_then_remove(stores: Stores) -> bool:
    """Offer one choice more and take it back at once; True if it had votes by then."""
    seen = polls.managed(stores, OPERATOR, "crops")
    one, two = seen.questions
    more = replace(one, choices=(*one.choices, Choice("", f"Crop {seen.row_version}")))
    draft = replace(polls.draft_of(seen), questions=(more, two))
    added = save(stores, draft, seen.row_version)
    less = replace(polls.draft_of(added), questions=(one, two))
    try:
        save(stores, less, added.row_version)
    except PollHasBallots:
        return True
    return False
