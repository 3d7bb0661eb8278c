"""The service is told to stop while readers vote: whoever has sent a ballot gets an answer."""

import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
import sqlalchemy as sa

from service.cli.serving import STOP_SECONDS
from tests.faults.record import Told
from tests.faults.station import Station
from tests.support.ports import wait_until
from tests.support.redis import RedisServer
from tests.support.service import RunningService

VOTERS = 20
LONGEST_SECONDS = 1.5  # half of what PostgreSQL lets a batch wait for a lock
LOADS_WITHIN = 5.0
WAITING = sa.text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
LOCK = sa.text("SELECT 1 FROM polls WHERE id = :id FOR UPDATE")


@pytest.fixture
def service(postgres_url: str, empty_redis: RedisServer) -> Iterator[RunningService]:
    """Two web processes that a test may stop for good."""
    service = RunningService(postgres_url, empty_redis.url, WEB_PROCESSES="2").start()
    yield service
    service.stop()


def test_the_ballots_in_hand_are_counted_and_answered_before_it_ends(
    service: RunningService, station: Station
) -> None:
    told = stop_with_ballots_in_hand(station)
    while told is None:  # the machine is busy: PostgreSQL had given up the lock by then
        told = stop_with_ballots_in_hand(station)
    assert service.ended() == 0
    assert [one.status for one in told] == VOTERS * [201]
    service.serve()
    station.cast_until_told(station.record.unresolved)
    station.figures().assert_exact()


def stop_with_ballots_in_hand(station: Station) -> list[Told] | None:
    """Tell the service to stop while ballots wait for their poll's lock, and let go of that. What
    these are told; nothing if they waited too long for that."""
    service, before = station.service, len(station.record.told)
    engine = sa.create_engine(service.environment["DATABASE_URL"])
    watcher = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    votes = Thread(target=lambda: station.cast(station.ballots(VOTERS), VOTERS))
    with watcher, engine.connect() as owner:
        owner.execute(LOCK, {"id": station.poll.id})
        began = time.monotonic()
        votes.start()
        wait_until(lambda: service.requests_read() == VOTERS, "all ballots have come")
        wait_until(lambda: watcher.scalar(WAITING) > 0, "a batch is in hand")
        in_time = time.monotonic() - began < LONGEST_SECONDS
        if in_time:
            service.tell_to_stop()
        owner.rollback()
    votes.join()
    engine.dispose()
    return station.record.told[before:] if in_time else None


def test_a_web_process_that_is_not_loaded_yet_ends_as_soon_as_it_is_told(
    service: RunningService,
) -> None:
    first, second = service.workers()
    if not is_seen_loading_after(service, first):  # it is a matter of a tenth of a second
        assert is_seen_loading_after(service, second)
    service.tell_to_stop()
    assert service.ended(STOP_SECONDS / 2) == 0


def is_seen_loading_after(service: RunningService, killed: int) -> bool:
    """Whether, once a web process is killed, the next one is seen as it loads."""
    before, ends = set(service.workers()), time.monotonic() + LOADS_WITHIN
    os.kill(killed, signal.SIGKILL)
    while time.monotonic() < ends:
        if any(map(ends_by_itself, set(service.workers()) - before)):
            return True
    return False


def ends_by_itself(pid: int) -> bool:
    """Whether no handler of the process's keeps the word to end from it."""
    [caught] = re.findall(r"^SigCgt:\s*(\w+)", Path(f"/proc/{pid}/status").read_text(), re.M)
    return not int(caught, 16) >> (signal.SIGTERM - 1) & 1
