"""Voiding in SQL: the ballots, the tally, the texts and the audit log change together or not."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask import Flask

from service.errors import BallotNotFound
from service.records import (
    ALL_BALLOTS,
    AuditEvent,
    BallotFilter,
    Choice,
    Poll,
    Question,
    Tally,
)
from service.stores import Stores
from service.stores.sql import models
from service.stores.sql.db import db
from tests.conftest import NOON
from tests.support.ballots import cast, make_poll

EVENT = AuditEvent(site_id=1, actor="owner:7", action="ballot.void", subject="poll:crops", at=NOON)


@pytest.fixture
def noise(stores: Stores) -> Poll:
    """Another poll with ballots for the same choices."""
    other = make_poll(stores, "noise")
    for choice in ("c1", "c2", "c3"):
        cast(stores, other, choice, q2=("c1", "c3"))
    return other


@pytest.fixture
def poll(stores: Stores, noise: Poll) -> Poll:
    return make_poll(stores, "crops")


def tally(stores: Stores, poll: Poll) -> Tally:
    return stores.tallies._sql.read(poll.id)


def counts(stores: Stores, poll: Poll) -> dict[Any, int]:
    return {vote: n for vote, n in tally(stores, poll).counts.items() if n}


def statuses(stores: Stores, poll: Poll) -> dict[UUID, tuple[str, str | None]]:
    logged = stores.ballots.page(poll.id, BallotFilter(), None, 99)
    return {ballot.id: (ballot.status.value, ballot.reason) for ballot in logged}


def void(stores: Stores, poll: Poll, *ids: UUID, reason: str = "A script") -> Sequence[UUID]:
    return stores.ballots.void(poll.id, ids, reason, EVENT, NOON)


def texts(poll: Poll) -> dict[str, int]:
    query = sa.select(models.OtherText).where(models.OtherText.poll_id == poll.id)
    with db.engine.connect() as connection:
        return {row.text: row.votes for row in connection.execute(query)}


def test_voided_ballots_leave_the_tally_and_restored_ones_come_back(
    stores: Stores, poll: Poll, noise: Poll
) -> None:
    first, second = cast(stores, poll, "c1", q2=("c1", "c2")), cast(stores, poll, "c1")
    third = cast(stores, poll, "c3", q2=("c2",))
    whole, others = counts(stores, poll), counts(stores, noise)
    before = tally(stores, poll).revision

    assert set(void(stores, poll, first, second)) == {first, second}
    assert counts(stores, poll) == {
        ALL_BALLOTS: 1,
        ("q1", ""): 1,
        ("q1", "c3"): 1,
        ("q2", ""): 1,
        ("q2", "c2"): 1,
    }
    assert tally(stores, poll).revision == before + 1
    assert statuses(stores, poll) == {
        first: ("void", "A script"),
        second: ("void", "A script"),
        third: ("counted", None),
    }
    assert stores.ballots.restore(poll.id, [first, second, third], EVENT, NOON) == sorted(
        [first, second]
    )
    assert counts(stores, poll) == whole
    assert counts(stores, noise) == others
    assert stores.recounts.differences(poll.id) == []


def test_to_void_twice_changes_nothing_and_logs_nothing(stores: Stores, poll: Poll) -> None:
    first, second = cast(stores, poll), cast(stores, poll)
    assert void(stores, poll, first, first) == [first]
    revision = tally(stores, poll).revision
    assert void(stores, poll, first, reason="Again") == []
    assert tally(stores, poll).revision == revision
    assert statuses(stores, poll)[first] == ("void", "A script")
    assert void(stores, poll, first, second) == [second]
    logged = stores.audit.list_before([1], None, 2)
    assert [event.after for event in logged] == [
        {"ballots": [str(second)]},
        {"ballots": [str(first)]},
    ]


def test_an_unknown_ballot_or_another_polls_leaves_all_as_it_was(
    stores: Stores, poll: Poll, noise: Poll
) -> None:
    ours, theirs = cast(stores, poll), cast(stores, noise)
    before = tally(stores, poll), tally(stores, noise)
    for stranger in (uuid4(), theirs):
        with pytest.raises(BallotNotFound):
            void(stores, poll, ours, stranger)
        with pytest.raises(BallotNotFound):
            stores.ballots.restore(poll.id, [stranger], EVENT, NOON)
    assert (tally(stores, poll), tally(stores, noise)) == before
    actions = {event.action for event in stores.audit.list_before(None, None, 9)}
    assert actions.isdisjoint({EVENT.action, "ballot.void", "ballot.restore"})


def test_a_held_ballot_is_voided_without_being_subtracted(
    app: Flask, stores: Stores, poll: Poll
) -> None:
    held, counted = cast(stores, poll), cast(stores, poll, "c2")
    void(stores, poll, held)
    with db.engine.begin() as connection:
        change = sa.update(models.Ballot).where(models.Ballot.id == held)
        connection.execute(change.values(status="held"))
    assert void(stores, poll, held, counted) == sorted([held, counted])
    assert counts(stores, poll) == {}
    assert stores.recounts.differences(poll.id) == []


def test_the_votes_of_texts_follow_their_ballots(app: Flask, stores: Stores) -> None:
    other = Question("q1", "Which?", (Choice("c1", "Rice"), Choice("c2", "Else", is_other=True)))
    poll = make_poll(stores, "crops", other)
    first, _, third = (
        cast(stores, poll, "c2", other_texts={"q1": text}) for text in ("Millet", "Millet", "Rye")
    )
    void(stores, poll, first, third)
    assert texts(poll) == {"Millet": 1, "Rye": 0}
    stores.ballots.restore(poll.id, [third], EVENT, NOON)
    assert texts(poll) == {"Millet": 1, "Rye": 1}
    assert stores.recounts.differences(poll.id) == []
