"""The service is told to stop while readers vote: whoever has sent a ballot gets an answer."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from service.cli.serving import STOP_SECONDS
from tests.faults.checks import Outcomes, ids_in_sql
from tests.support.ports import wait_until
from tests.support.redis import RedisServer
from tests.support.service import RunningService
from tests.support.voters import Remote, ballot

VOTERS = 40
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


@pytest.fixture
def service(postgres_url: str, empty_redis: RedisServer) -> Iterator[RunningService]:
    service = RunningService(postgres_url, empty_redis.url, WEB_PROCESSES="2").start()
    yield service
    service.stop()


def test_the_ballots_in_hand_are_counted_and_answered_before_it_ends(
    service: RunningService,
) -> None:
    outcomes, remote = Outcomes(), Remote(service.url)
    engine = sa.create_engine(service.environment["DATABASE_URL"])
    watcher = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    with ThreadPoolExecutor(VOTERS) as pool, watcher, engine.connect() as owner:
        owner.execute(sa.text("SELECT 1 FROM polls FOR UPDATE"))
        votes = [pool.submit(outcomes.cast, remote, ballot()) for _ in range(VOTERS)]
        wait_until(lambda: service.requests_read() == VOTERS, "all ballots have come")
        wait_until(lambda: watcher.scalar(sa.text(WAITING)) > 0, "a batch is in hand")
        service.tell_to_stop()
        owner.rollback()
        for vote in votes:
            vote.result()
    assert service.ended() == 0
    assert (outcomes.errors, outcomes.refused, outcomes.unknown) == ([], [], [])
    assert len(outcomes.counted) == len(ids_in_sql(service)) == VOTERS
    engine.dispose()


def test_a_web_process_that_is_not_loaded_yet_ends_as_soon_as_it_is_told(
    service: RunningService,
) -> None:
    [loaded, *_] = service.workers()
    os.kill(loaded, signal.SIGKILL)
    wait_until(lambda: len(set(service.workers()) - {loaded}) == 2, "another is being loaded")
    service.tell_to_stop()
    assert service.ended(STOP_SECONDS / 2) == 0
