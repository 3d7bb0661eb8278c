"""Polls that are voted in at the same time: none has to wait for what happens in another."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from service.records import Ballot, Poll, Ruling
from service.stores import Stores
from service.stores.ballot_box import Verdict
from service.stores.sql import casting
from service.stores.sql.db import db, writing
from tests.conftest import NOON
from tests.support.ballots import make_poll

ROUNDS = 10
VOTERS = 200
MOST_MILLISECONDS = 500


@pytest.fixture
def database_url(postgres_url: str) -> str:
    """PostgreSQL alone: SQLite has one writer at a time."""
    return postgres_url


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.fixture
def polls(stores: Stores) -> list[Poll]:
    return [make_poll(stores, slug) for slug in ("crops", "rivers")]


def ballots_of(poll: Poll, ids: Sequence[UUID]) -> list[Ballot]:
    """A new voter's ballot under each of the ids."""
    keys = [uuid4().bytes for _ in ids]
    return [
        Ballot(one, poll.id, key, None, None, {"q1": ("c1",)}, key, None, key)
        for one, key in zip(ids, keys, strict=True)
    ]


def test_batches_that_share_their_ids_in_opposite_orders_are_all_counted(
    stores: Stores, polls: Sequence[Poll], pool: ThreadPoolExecutor
) -> None:
    start = Barrier(2)

    def judge(poll: Poll, ids: Sequence[UUID]) -> list[Verdict]:
        ballots = ballots_of(poll, ids)
        start.wait()
        return stores.ballot_box._judge(ballots, list)

    for _ in range(ROUNDS):
        ids = [uuid4() for _ in range(VOTERS)]
        for verdicts in pool.map(judge, polls, (ids, ids[::-1])):
            assert verdicts == [Ruling.COUNTED] * VOTERS
    assert [stores.tallies.read(poll.id).ballots for poll in polls] == [ROUNDS * VOTERS] * 2


def test_a_ballot_that_is_not_committed_keeps_none_of_another_poll_waiting(
    stores: Stores, polls: Sequence[Poll]
) -> None:
    [held] = ballots_of(polls[0], [uuid4()])
    [other] = ballots_of(polls[1], [held.id])
    with writing(db.engine) as holder, writing(db.engine) as connection:
        casting.cast(holder, [held], NOON, 1)
        connection.execute(sa.text(f"SET LOCAL lock_timeout = {MOST_MILLISECONDS}"))
        counted, _ = casting.cast(connection, [other], NOON, 1)
    assert counted == [other]
    assert stores.ballot_box.cast(replace(held, row_version=0)) is Ruling.REPEATED
