"""What runs spend, read from the real stores."""

import os
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from bench.meters import NOTHING, Meter, Spent
from tests.support.postgres import Postgres
from tests.support.redis import RedisServer


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    """One of its own, too young to look after itself with transactions that would be counted."""
    server = Postgres(fsync=False)
    yield server
    server.stop()


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    """One of its own, which nobody else asks anything."""
    server = RedisServer()
    yield server
    server.stop()


@pytest.fixture
def meter(postgres: Postgres, redis: RedisServer) -> Iterator[Meter]:
    with closing(Meter(os.getpid(), postgres, redis)) as meter:
        meter.read()  # which connects
        yield meter


def test_commits_round_trips_and_cpu_time_are_counted(
    meter: Meter, postgres: Postgres, redis: RedisServer
) -> None:
    client = redis.client
    client.ping()  # which connects
    before = meter.read()
    for _ in range(7):
        client.ping()
    with psycopg.connect(postgres.url().replace("+psycopg", ""), autocommit=True) as sql:
        sql.execute("SELECT count(*) FROM generate_series(1, 1000000)")  # writes nothing
        for _ in range(3):
            sql.execute("SELECT pg_current_xact_id()")  # as what writes has
        spent = meter.read() - before  # while all that had CPU time is there
    client.close()
    assert (spent.commits, spent.round_trips) == (3, 7)
    assert 20_000 < spent.postgres_us < 5_000_000
    assert spent.web_us > 0


def test_a_pipeline_is_one_round_trip(meter: Meter, redis: RedisServer) -> None:
    client = redis.client
    client.ping()
    before = meter.read()
    pipeline = client.pipeline(transaction=False)
    for _ in range(5):
        pipeline.ping()
    pipeline.execute()
    assert (meter.read() - before).round_trips == 1
    client.close()


def test_a_redis_that_is_away_is_told_nothing(meter: Meter, redis: RedisServer) -> None:
    redis.freeze()
    assert meter.read().round_trips == 0
    redis.thaw()
    redis.kill()
    assert meter.read().round_trips == 0
    assert meter.read().redis_us == 0


def test_what_is_spent_adds_up_and_is_shared_among_the_requests() -> None:
    spent = Spent(900, 300, 30, 3, 6)
    assert spent + spent - spent == spent
    assert spent.over(3) == Spent(300, 100, 10, 1, 2)
    assert NOTHING.over(0) == NOTHING


def test_what_began_anew_meanwhile_has_spent_nothing_rather_than_less() -> None:
    assert Spent(5, 5, 5, 5, 5) - Spent(4, 5, 6, 5, 9) == Spent(1, 0, 0, 0, 0)
