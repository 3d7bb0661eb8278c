"""The service is told to stop while readers vote: whoever has sent a ballot gets an answer."""

import os
import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from service.cli.serving import STOP_SECONDS
from tests.faults.checks import Outcomes, ids_in_sql
from tests.support.ports import wait_until
from tests.support.service import RunningService
from tests.support.voters import Remote, ballot

VOTERS = 20
LONGEST_SECONDS = 1.5  # half of what PostgreSQL lets a batch wait for a lock
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


@pytest.fixture
def database_url(postgres_url: str) -> str:
    """PostgreSQL's alone."""
    return postgres_url


def test_the_ballots_in_hand_are_counted_and_answered_before_it_ends(
    service: RunningService,
) -> None:
    engine = sa.create_engine(service.environment["DATABASE_URL"])
    before, outcomes = stop_with_ballots_in_hand(service, engine)
    while outcomes is None:  # the machine is busy: PostgreSQL had given up the lock by then
        before, outcomes = stop_with_ballots_in_hand(service, engine)
    assert service.ended() == 0
    assert (outcomes.errors, outcomes.refused, outcomes.unknown) == ([], [], [])
    assert len(outcomes.counted) == len(ids_in_sql(service) - before) == VOTERS
    engine.dispose()


def stop_with_ballots_in_hand(
    service: RunningService, engine: sa.Engine
) -> tuple[set[str], Outcomes | None]:
    """Tell the service to stop while ballots wait for their poll's lock, and let go of that. The
    ballots before, and what became of these; nothing if they waited too long to be told."""
    outcomes, remote, before = Outcomes(), Remote(service.url), ids_in_sql(service)
    watcher = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    with ThreadPoolExecutor(VOTERS) as pool, watcher, engine.connect() as owner:
        owner.execute(sa.text("SELECT 1 FROM polls FOR UPDATE"))
        began = time.monotonic()
        votes = [pool.submit(outcomes.cast, remote, ballot()) for _ in range(VOTERS)]
        wait_until(lambda: service.requests_read() == VOTERS, "all ballots have come")
        wait_until(lambda: watcher.scalar(sa.text(WAITING)) > 0, "a batch is in hand")
        in_time = time.monotonic() - began < LONGEST_SECONDS
        if in_time:
            service.tell_to_stop()
        owner.rollback()
        for vote in votes:
            vote.result()
    return before, outcomes if in_time else None


def test_a_web_process_that_is_not_loaded_yet_ends_as_soon_as_it_is_told(
    service: RunningService,
) -> None:
    before = service.workers()
    os.kill(before[0], signal.SIGKILL)
    wait_until(
        lambda: any(map(ends_by_itself, set(service.workers()) - set(before))), "another is loaded"
    )
    service.tell_to_stop()
    assert service.ended(STOP_SECONDS / 2) == 0


def ends_by_itself(pid: int) -> bool:
    """Whether no handler of the process's keeps the word to end from it."""
    [caught] = re.findall(r"^SigCgt:\s*(\w+)", Path(f"/proc/{pid}/status").read_text(), re.M)
    return not int(caught, 16) >> (signal.SIGTERM - 1) & 1
