"""PostgreSQL frozen, locked and restarted under votes: everybody gets an answer in time."""

import time
from collections import Counter
from collections.abc import Iterator
from threading import Thread

import pytest
import sqlalchemy as sa

from tests.faults.record import Told
from tests.faults.station import Station
from tests.support.ports import wait_until
from tests.support.postgres import Postgres
from tests.support.redis import RedisServer
from tests.support.service import RunningService

THREADS = 16
DATABASE = "away"
READINGS = 40
# Without a limit nobody is answered before the thaw. On a quiet machine all are within the widget's
# ten seconds; one that is busy with other tests may take longer to say so.
LOADED_SECONDS = 25.0
LOCK = sa.text("SELECT 1 FROM polls WHERE id = :id FOR UPDATE")


@pytest.fixture(scope="module")
def one_process(postgres: Postgres, redis_server: RedisServer) -> Iterator[RunningService]:
    settings = {"WEB_PROCESSES": "1", "WEB_THREADS": str(THREADS)}
    database_url = postgres.create_database(DATABASE)
    service = RunningService(database_url, redis_server.url, **settings).start()
    yield service
    service.stop()


@pytest.fixture
def service(one_process: RunningService, empty_redis: RedisServer) -> RunningService:
    """One web process, for all of them."""
    return one_process


def longest(told: list[Told]) -> float:
    """The seconds that the slowest answer took."""
    return max(one.came_at - one.sent_at for one in told)


def test_a_frozen_database_is_503_for_all_in_time_and_costs_no_vote(
    station: Station, postgres: Postgres
) -> None:
    station.cast(station.ballots(1))
    postgres.freeze()
    try:
        told = station.cast(station.ballots(THREADS), THREADS)
    finally:
        postgres.thaw()
    assert Counter(one.status for one in told) == {503: THREADS}
    assert longest(told) < LOADED_SECONDS
    station.cast_until_told(station.record.unresolved)  # what the widget does
    figures = station.figures()
    figures.assert_exact()
    assert (figures.counted, figures.refused) == (THREADS + 1, 0)


def test_a_frozen_database_keeps_no_reader_waiting(station: Station, postgres: Postgres) -> None:
    station.cast(station.ballots(1))
    wait_until(lambda: station.remote.results()["ballots"] == 1, "the results are known")
    postgres.freeze()
    with station.under_votes(3 * THREADS):
        try:
            wait_until(lambda: len(station.record.unknown) > 0, "votes are refused")
            answers = [timed_reading(station) for _ in range(READINGS)]
        finally:
            postgres.thaw()
    assert [ballots for ballots, _ in answers] == READINGS * [1]
    # Only whoever is the first to ask in vain waits; it was five seconds for each.
    assert sum(seconds for _, seconds in answers) < READINGS
    station.cast_until_told(station.record.unresolved)
    station.figures().assert_exact()


def timed_reading(station: Station) -> tuple[int, float]:
    """The ballots that results tell of and the seconds they took."""
    began = time.monotonic()
    told = station.remote.results()["ballots"]
    return told, time.monotonic() - began


def test_a_poll_that_hangs_leaves_threads_to_the_others(
    service: RunningService, station: Station
) -> None:
    other = Station.of(service)
    for one in (station, other):
        assert one.vote() == (201, None)
    engine = sa.create_engine(service.environment["DATABASE_URL"])
    hung = Thread(target=lambda: station.cast(station.ballots(3 * THREADS), 3 * THREADS))
    with engine.connect() as owner:
        owner.execute(LOCK, {"id": station.poll.id})
        hung.start()
        wait_until(lambda: len(station.record.unknown) > 0, "it refuses what it has no room for")
        answers = other.cast(other.ballots(20), 1)
        owner.rollback()
    engine.dispose()
    hung.join()
    assert [told.status for told in answers] == [201] * 20
    assert longest(answers) < 8  # it was eleven when they shared threads
    assert longest(station.record.told) < LOADED_SECONDS
    station.cast_until_told(station.record.unresolved)
    figures = station.figures()
    figures.assert_exact()
    assert (figures.counted, figures.refused) == (3 * THREADS + 1, 0)


def test_a_database_that_was_restarted_costs_no_vote(station: Station, postgres: Postgres) -> None:
    station.cast(station.ballots(1))
    postgres.end_sessions(DATABASE)
    station.cast(station.ballots(10), 1)
    figures = station.figures()
    figures.assert_exact()
    assert (figures.counted, figures.unknown) == (11, 0)
