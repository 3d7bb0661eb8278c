"""PostgreSQL frozen, locked and restarted under votes: everybody gets an answer in time."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from typing import Any

import pytest
import sqlalchemy as sa

from service.app import create_app
from service.config import Settings
from service.demo import REGION_INTEREST
from service.domain import polls
from service.stores.sql.db import db
from service.web import current
from tests.conftest import NOON
from tests.faults.checks import Outcomes, assert_exact
from tests.support.ports import wait_until
from tests.support.postgres import Postgres
from tests.support.redis import RedisServer
from tests.support.service import RunningService
from tests.support.voters import Remote, ballot

THREADS = 16
# Without a limit nobody is answered before the thaw. On a quiet machine all are within the widget's
# ten seconds; one that is busy with other tests may take longer to say so.
LOADED_SECONDS = 25.0


@pytest.fixture
def service(postgres_url: str, empty_redis: RedisServer) -> Iterator[RunningService]:
    """One web process."""
    settings = {"WEB_PROCESSES": "1", "WEB_THREADS": str(THREADS)}
    service = RunningService(postgres_url, empty_redis.url, **settings).start()
    yield service
    service.stop()


def make_poll(service: RunningService, slug: str) -> None:
    """Another poll like the demo's, which the service's own pages may vote in."""
    environment = service.environment
    settings = Settings(
        database_url=environment["DATABASE_URL"],
        redis_url=environment["REDIS_URL"],
        secret_key=environment["SECRET_KEY"],
        public_url=environment["PUBLIC_URL"],
    )
    with create_app(settings).app_context():
        stores = current.stores()
        site = stores.sites.ensure("demo", "", "", "", NOON)
        polls.create(stores, site, replace(REGION_INTEREST, slug=slug), NOON)
        db.engine.dispose()


def timed(remote: Remote, body: dict[str, Any]) -> tuple[int, float]:
    """The status of a vote's answer and the seconds it took."""
    began = time.monotonic()
    status, _ = remote.cast(body)
    return status, time.monotonic() - began


def test_a_frozen_database_is_503_for_all_in_time_and_costs_no_vote(
    service: RunningService, postgres: Postgres
) -> None:
    remote, outcomes = Remote(service.url), Outcomes()
    outcomes.cast(remote, ballot("c1"))
    bodies = [ballot(f"c{n % 8 + 1}") for n in range(THREADS)]
    postgres.freeze()
    try:
        with ThreadPoolExecutor(THREADS) as pool:
            answers = list(pool.map(lambda body: timed(remote, body), bodies))
    finally:
        postgres.thaw()
    assert Counter(status for status, _ in answers) == {503: THREADS}
    assert max(seconds for _, seconds in answers) < LOADED_SECONDS
    for body in bodies:  # what the widget does
        wait_until(lambda body=body: remote.cast(body)[0] in (200, 201), "votes go on")  # type: ignore[misc]
        outcomes.cast(remote, body)
    assert len(outcomes.counted) == THREADS + 1
    assert (outcomes.errors, outcomes.refused) == ([], [])
    assert_exact(service, outcomes)


def test_a_frozen_database_keeps_no_reader_waiting(
    service: RunningService, postgres: Postgres
) -> None:
    remote, stop = Remote(service.url), Event()
    seen = remote.results()

    def vote_on() -> None:
        while not stop.is_set():
            remote.cast(ballot())

    with ThreadPoolExecutor(3 * THREADS) as pool:
        wait_until(lambda: remote.results() == seen, "the results are known")
        postgres.freeze()
        try:
            voters = [pool.submit(vote_on) for _ in range(3 * THREADS)]
            wait_until(lambda: remote.cast(ballot())[0] == 503, "votes are refused")
            answers = [timed_reading(remote) for _ in range(40)]
        finally:
            stop.set()
            postgres.thaw()
        for voter in voters:
            voter.result()
    assert [told for told, _ in answers] == [seen["ballots"]] * 40
    # Only whoever is the first to ask in vain waits; it was five seconds for each.
    assert sum(seconds for _, seconds in answers) < 40


def timed_reading(remote: Remote) -> tuple[int, float]:
    """The ballots that results tell of and the seconds they took."""
    began = time.monotonic()
    told = remote.results()["ballots"]
    return told, time.monotonic() - began


def test_a_poll_that_hangs_leaves_threads_to_the_others(
    service: RunningService, postgres_url: str
) -> None:
    make_poll(service, "other")
    remote, other = Remote(service.url), Remote(service.url, "other")
    for one in (remote, other):
        assert one.cast(ballot())[0] == 201
    engine = sa.create_engine(postgres_url)
    with ThreadPoolExecutor(3 * THREADS) as pool, engine.connect() as owner:
        owner.execute(sa.text("SELECT 1 FROM polls WHERE slug = 'region-interest' FOR UPDATE"))
        hung = [pool.submit(timed, remote, ballot()) for _ in range(3 * THREADS)]
        wait_until(lambda: any(one.done() for one in hung), "it refuses what it has no room for")
        answers = [timed(other, ballot()) for _ in range(20)]
        owner.rollback()
        assert [status for status, _ in answers] == [201] * 20
        assert max(seconds for _, seconds in answers) < 8  # it was eleven when they shared threads
        told = [one.result(30) for one in hung]
    engine.dispose()
    assert {status for status, _ in told} <= {201, 503}
    assert max(seconds for _, seconds in told) < LOADED_SECONDS


def test_a_database_that_was_restarted_costs_no_vote(
    service: RunningService, empty_redis: RedisServer
) -> None:
    remote, outcomes = Remote(service.url), Outcomes()
    outcomes.cast(remote, ballot("c1"))
    engine = sa.create_engine(service.environment["DATABASE_URL"])
    with engine.connect() as connection:
        connection.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    engine.dispose()
    for _ in range(10):
        outcomes.cast(remote, ballot("c2"))
    assert (len(outcomes.counted), outcomes.errors) == (11, [])
    assert_exact(service, outcomes)
