"""What runs spend, read from the real stores."""

import os
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from bench.meters import NOTHING, Meter, Spent
from tests.support.ports import wait_until
from tests.support.postgres import Postgres
from tests.support.redis import RedisServer

DATABASE = "metered"


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    """One of its own, which nobody else asks anything."""
    server = RedisServer()
    yield server
    server.stop()


@pytest.fixture
def meter(postgres: Postgres, redis: RedisServer) -> Iterator[Meter]:
    with closing(Meter(os.getpid(), DATABASE, postgres, redis)) as meter:
        postgres.create_database(DATABASE)
        yield meter
        with psycopg.connect(postgres.url().replace("+psycopg", ""), autocommit=True) as sql:
            sql.execute(f"DROP DATABASE {DATABASE}")


def test_transactions_redis_commands_and_cpu_time_are_counted(
    meter: Meter, postgres: Postgres, redis: RedisServer
) -> None:
    client = redis.client
    client.ping()
    meter.read()  # which connects
    before = meter.read()
    for _ in range(7):
        client.ping()
    with psycopg.connect(postgres.url(DATABASE).replace("+psycopg", ""), autocommit=True) as sql:
        for _ in range(3):
            sql.execute("SELECT count(*) FROM generate_series(1, 200000)")
    wait_until(lambda: (meter.read() - before).transactions >= 3, "PostgreSQL tells its count")
    spent = meter.read() - before
    client.close()
    assert spent.commands == 7
    assert 10_000 < spent.postgres_us < 5_000_000
    assert spent.web_us > 0


def test_a_redis_that_is_away_is_told_nothing(meter: Meter, redis: RedisServer) -> None:
    meter.read()
    redis.freeze()
    assert meter.read().commands == 0
    redis.thaw()
    redis.kill()
    assert meter.read().commands == 0
    assert meter.read().redis_us == 0


def test_what_is_spent_adds_up_and_is_shared_among_the_requests() -> None:
    spent = Spent(900, 300, 30, 3, 6)
    assert spent + spent - spent == spent
    assert spent.over(3) == Spent(300, 100, 10, 1, 2)
    assert NOTHING.over(0) == NOTHING


def test_what_began_anew_meanwhile_has_spent_nothing_rather_than_less() -> None:
    assert Spent(5, 5, 5, 5, 5) - Spent(4, 5, 6, 5, 9) == Spent(1, 0, 0, 0, 0)
