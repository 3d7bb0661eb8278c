"""The vote's transaction when it fails: what is tried again, and what that costs."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask

from service import demo
from service.app import create_app
from service.config import Settings
from service.errors import (
    AlreadyVoted,
    BallotIdReused,
    RateLimited,
    TemporarilyUnavailable,
)
from service.records import Ballot, Ruling
from service.stores import Stores
from service.stores.sql import ballots as sql_ballots
from service.stores.sql import casting
from service.stores.sql.db import db
from service.web import current
from tests.conftest import NOON
from tests.support.batches import NETWORK, in_sql, judge, new_ballot
from tests.support.redis import RedisServer


def from_one_network(ballot: Ballot, limit: int) -> Ballot:
    return replace(ballot, network_key=NETWORK, network_limit=limit)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, vote_rate_limit=100)


@pytest.fixture
def tries(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The transactions that were begun."""
    begun: list[Any] = []
    lock_poll = sql_ballots.lock_poll

    def note(connection: sa.Connection, poll_id: int, now: datetime) -> Any:
        begun.append(poll_id)
        return lock_poll(connection, poll_id, now)

    monkeypatch.setattr(sql_ballots, "lock_poll", note)
    return begun


def rate_counted(redis: RedisServer) -> int:
    [key] = redis.client.keys("voxpop:rate:*")
    return int(redis.client.get(key) or 0)


def test_a_ballot_that_cannot_be_kept_harms_no_other_of_its_batch(
    stores: Stores, empty_redis: RedisServer
) -> None:
    good, unkeepable = [new_ballot() for _ in range(4)], new_ballot(page="https://\ud800.test/")
    verdicts = judge(stores, *good[:2], unkeepable, *good[2:])
    assert verdicts == [*[Ruling.COUNTED] * 2, TemporarilyUnavailable, *[Ruling.COUNTED] * 2]
    assert in_sql() == 4
    assert rate_counted(empty_redis) == 5, "a batch that is judged again is counted once"


def test_a_database_that_is_away_is_tried_once_more_for_all_and_counted_once(
    stores: Stores, empty_redis: RedisServer, tries: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise sa.exc.OperationalError("statement", {}, Exception("gone"))

    monkeypatch.setattr(casting, "cast", away)
    assert judge(stores, *[new_ballot() for _ in range(5)]) == [TemporarilyUnavailable] * 5
    assert tries == [1, 1]
    assert rate_counted(empty_redis) == 5


def test_voters_whom_redis_knows_get_their_answer_though_the_database_is_away(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = new_ballot()
    judge(stores, known)

    def away(*_: object) -> None:
        raise sa.exc.OperationalError("statement", {}, Exception("gone"))

    monkeypatch.setattr(sql_ballots, "lock_poll", away)
    assert judge(stores, known, new_ballot()) == [Ruling.REPEATED, TemporarilyUnavailable]


def test_those_who_join_a_batch_are_shielded_judged_and_counted_with_it(
    stores: Stores, empty_redis: RedisServer, tries: list[Any]
) -> None:
    known, first, late = new_ballot(), new_ballot(), new_ballot()
    judge(stores, known)
    again = replace(first, id=uuid4())
    verdicts = judge(stores, first, joined=[known, late, again, replace(late)])
    assert verdicts == [
        Ruling.COUNTED,
        Ruling.REPEATED,
        Ruling.COUNTED,
        AlreadyVoted,
        Ruling.REPEATED,
    ]
    assert (in_sql(), stores.tallies.read(1).ballots) == (3, 3)
    assert (tries, rate_counted(empty_redis)) == ([1, 1], 6)


def test_those_who_join_a_batch_that_fails_are_told_to_try_again(
    stores: Stores, tries: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise sa.exc.OperationalError("statement", {}, Exception("gone"))

    with monkeypatch.context() as patch:
        patch.setattr(casting, "cast", away)
        late = new_ballot()
        assert judge(stores, new_ballot(), joined=[late]) == [TemporarilyUnavailable] * 2
    assert (tries, in_sql()) == ([1, 1], 0)
    assert judge(stores, late) == [Ruling.COUNTED]


def test_nobody_joins_where_redis_knows_all(stores: Stores, tries: list[Any]) -> None:
    known = new_ballot()
    judge(stores, known)
    assert judge(stores, known, joined=[new_ballot()]) == [Ruling.REPEATED]
    assert tries == [1]


class TestPostgres:
    @pytest.fixture
    def database_url(self, postgres_url: str) -> str:
        return postgres_url

    def test_connections_that_it_has_closed_cost_no_vote(
        self, stores: Stores, postgres_url: str, tries: list[Any]
    ) -> None:
        judge(stores, new_ballot())
        everybody = sa.text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        outside = sa.create_engine(postgres_url)
        with outside.connect() as connection:
            connection.execute(everybody)
        outside.dispose()
        tries.clear()
        assert judge(stores, new_ballot(), new_ballot()) == [Ruling.COUNTED] * 2
        assert len(tries) == 2
        assert in_sql() == 3

    def test_a_lock_that_is_not_to_be_had_is_waited_for_once(
        self, stores: Stores, tries: list[Any]
    ) -> None:
        with db.engine.connect() as owner:
            owner.execute(sa.text("SELECT 1 FROM polls FOR UPDATE"))
            assert judge(stores, *[new_ballot()] * 3) == [TemporarilyUnavailable] * 3
        assert tries == [1]
        assert judge(stores, new_ballot()) == [Ruling.COUNTED]


def test_ballots_with_an_id_that_is_taken_take_no_place_of_their_network(stores: Stores) -> None:
    first, second, third = (from_one_network(new_ballot(), 2) for _ in range(3))
    same_id = replace(from_one_network(new_ballot(), 2), id=first.id)
    verdicts = judge(stores, first, same_id, second, third)
    assert verdicts == [Ruling.COUNTED, BallotIdReused, Ruling.COUNTED, RateLimited]
    last = from_one_network(new_ballot(), 3)
    assert judge(stores, same_id, last) == [BallotIdReused, Ruling.COUNTED]
    assert in_sql() == 3


def test_an_id_whose_first_ballot_is_not_inserted_takes_its_place_with_the_next(
    stores: Stores,
) -> None:
    known = new_ballot()
    judge(stores, known)
    again = replace(from_one_network(known, 1), id=uuid4(), stamp=uuid4().bytes)
    first, second = from_one_network(new_ballot(), 1), from_one_network(new_ballot(), 1)
    verdicts = judge(stores, again, replace(first, id=again.id), second)
    assert verdicts == [AlreadyVoted, Ruling.COUNTED, RateLimited]


def test_while_redis_is_away_nobody_votes_too_often(
    settings: Settings,
) -> None:
    without = replace(settings, vote_rate_limit=3, redis_url="redis://127.0.0.1:1")
    app = create_app(without)
    with app.app_context():
        demo.create(current.stores(), ["https://news.test"], NOON)
        verdicts = judge(current.stores(), *(new_ballot() for _ in range(6)))
        db.engine.dispose()
    assert verdicts == [Ruling.COUNTED] * 6
