"""Which tally readers get when process, Redis and SQL disagree: SQL's, within two seconds."""

import json
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from service.domain import polls
from service.errors import PollNotFound
from service.records import OPERATOR, Tally
from service.stores import Stores
from service.stores.redis import keys
from service.stores.redis.connection import Shelter
from service.stores.redis.tallies import Board
from service.stores.sql import models
from service.stores.sql.db import db
from service.stores.sql.tallies import TallyStore
from service.stores.tallies import Tallies
from tests.conftest import NOON
from tests.support.redis import RedisServer

FALSE = Tally(99, {("", ""): 99}, NOON)


class Process:
    """What one web process knows of the demo poll's tally; its time is set by the test."""

    def __init__(self, redis: RedisServer) -> None:
        self.seconds = 0.0
        self.board = Board(redis.client, Shelter(redis.client.ping, lambda: self.seconds))
        self.tallies = Tallies(TallyStore(db.engine), self.board, lambda: self.seconds)

    def seen_until(self, seconds: float) -> list[int]:
        """The revisions that a reader sees who looks ten times a second."""
        seen = []
        while self.seconds < seconds:
            self.seconds = round(self.seconds + 0.1, 1)
            seen.append(self.tallies.read(1).revision)
        return seen


@pytest.fixture
def process(app: Flask, empty_redis: RedisServer) -> Process:
    return Process(empty_redis)


def in_sql(revision: int) -> Tally:
    """Have SQL hold that many ballots."""
    counts = {("", ""): revision}
    with db.engine.begin() as connection:
        connection.execute(sa.update(models.Poll).values(revision=revision))
        connection.execute(sa.delete(models.Tally))
        row = {"question_code": "", "choice_code": "", "votes": revision, "counted_at": NOON}
        connection.execute(sa.insert(models.Tally).values(poll_id=1, **row))
    return Tally(revision, counts, NOON)


def test_a_tally_on_the_board_above_sql_is_gone_within_two_seconds(process: Process) -> None:
    true = in_sql(3)
    assert process.tallies.read(1) == true
    process.board.repair(1, FALSE, even_if_older=True)
    seen = process.seen_until(2)
    assert 99 in seen, "the process believes the board at first"
    assert seen[-1] == 3
    assert (process.tallies.read(1), process.board.read(1)) == (true, true)


def test_votes_that_are_committed_meanwhile_end_a_false_tally_too(process: Process) -> None:
    in_sql(3)
    process.tallies.read(1)
    process.board.repair(1, FALSE, even_if_older=True)
    assert process.seen_until(0.5)[-1] == 99
    process.tallies.keep(1, in_sql(4))
    assert process.seen_until(2)[-1] == 4


def test_a_database_that_was_restored_is_believed_within_two_seconds(process: Process) -> None:
    process.tallies.keep(1, in_sql(7))
    assert process.tallies.read(1).revision == 7
    in_sql(5)
    assert process.seen_until(2)[-1] == 5


def test_no_older_tally_is_shown_where_there_was_no_room_for_the_last_one(
    process: Process, empty_redis: RedisServer
) -> None:
    process.tallies.read(1)
    in_sql(49)
    process.seconds = 1.0
    assert process.tallies.read(1).revision == 49
    empty_redis.flush()
    process.tallies.keep(1, in_sql(50))
    for other in range(2, 1_002):
        process.tallies.keep(other, FALSE)
    assert process.tallies.read(1).revision == 50


def test_nor_where_another_process_has_published_it_and_redis_is_empty_now(
    process: Process, empty_redis: RedisServer
) -> None:
    in_sql(49)
    process.tallies.read(1)
    process.board.repair(1, in_sql(50), even_if_older=False)
    assert process.seen_until(0.3)[-1] == 50
    empty_redis.flush()
    for other in range(2, 1_002):
        process.tallies.keep(other, FALSE)
    assert process.tallies.read(1).revision == 50


def test_a_commit_while_sql_is_being_read_is_not_taken_for_a_false_tally(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    process.tallies.keep(1, in_sql(3))
    read = TallyStore.read

    def read_and_then_commit(store: TallyStore, poll_id: int) -> Tally:
        tally = read(store, poll_id)
        process.tallies.keep(1, replace(tally, revision=tally.revision + 1))
        return tally

    monkeypatch.setattr(TallyStore, "read", read_and_then_commit)
    process.seconds = 1.0
    process.tallies.read(1)
    assert process.tallies.read(1).revision == 4


def test_a_tally_that_redis_lost_is_put_back(process: Process, empty_redis: Any) -> None:
    true = in_sql(3)
    process.tallies.read(1)
    empty_redis.flush()
    process.seen_until(2)
    assert process.board.read(1) == true


def test_a_poll_that_another_process_has_deleted_has_no_tally_within_two_seconds(
    process: Process, stores: Stores
) -> None:
    process.tallies.keep(1, in_sql(3))
    polls.delete(stores, OPERATOR, "region-interest", NOON)
    process.seconds = 2.0
    with pytest.raises(PollNotFound):
        process.tallies.read(1)


NO_REVISIONS: list[Any] = ["abc", None, [], 1e300, 99.0, True, -1, 2**53 + 1]
NO_NUMBERS: list[Any] = ["9", None, [], 9.5, True, -5]
NO_COUNTS: list[Any] = [[None, "", 9], ["", 1, 9], [[], "", 9], ["", 9], 9]
NO_MOMENTS: list[Any] = [5, "", "noon", "2026-11-24T12:00:00", [1]]


@pytest.mark.parametrize(
    "wrong",
    [
        *({"revision": value} for value in NO_REVISIONS),
        *({"counts": [["", "", votes]]} for votes in NO_NUMBERS),
        *({"counts": [count]} for count in NO_COUNTS),
        *({"counted_at": moment} for moment in NO_MOMENTS),
    ],
    ids=str,
)
def test_a_tally_with_a_value_that_none_of_ours_has_gives_way(
    process: Process, empty_redis: RedisServer, wrong: dict[str, Any]
) -> None:
    true = in_sql(3)
    ours = {"revision": 9, "counts": [["", "", 9]], "counted_at": NOON.isoformat()}
    empty_redis.client.hset(keys.tally(1), mapping={"tally": json.dumps(ours | wrong)})
    assert process.board.read(1) is None
    assert process.tallies.read(1) == true
    assert process.board.read(1) == true
