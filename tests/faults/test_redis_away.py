"""Redis flushed, killed, restarted stale and frozen under load: speed may go, votes may not."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from tests.faults.checks import Outcomes, assert_exact
from tests.support.ports import wait_until
from tests.support.redis import RedisServer
from tests.support.service import RunningService
from tests.support.voters import Remote, ballot, new_token

VOTERS = 16


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    server = RedisServer()
    yield server
    server.stop()


@pytest.fixture
def service(postgres_url: str, redis: RedisServer) -> Iterator[RunningService]:
    service = RunningService(postgres_url, redis.url, WEB_PROCESSES="2").start()
    yield service
    service.stop()


def flush(redis: RedisServer) -> None:
    redis.flush()


def kill_and_restart_empty(redis: RedisServer) -> None:
    redis.restart()


def kill_and_restart_stale(redis: RedisServer) -> None:
    redis.snapshot()
    redis.restart()


def freeze(redis: RedisServer) -> None:
    os.kill(redis._process.pid, signal.SIGSTOP)


@pytest.mark.parametrize("fault", [flush, kill_and_restart_empty, kill_and_restart_stale, freeze])
def test_no_vote_is_lost_or_doubled(
    service: RunningService, redis: RedisServer, fault: Callable[[RedisServer], None]
) -> None:
    outcomes, stop = Outcomes(), Event()
    remote = Remote(service.url)

    def vote_and_vote_again(_: int) -> None:
        while not stop.is_set():
            voter = new_token()
            first = ballot("c1", voter=voter)
            outcomes.cast(remote, first)
            outcomes.cast(remote, first)
            outcomes.cast(remote, ballot("c2", voter=voter))

    with ThreadPoolExecutor(VOTERS) as pool:
        voters = [pool.submit(vote_and_vote_again, number) for number in range(VOTERS)]
        try:
            for _ in range(3):
                counted = len(outcomes.counted)
                wait_until(lambda now=counted: len(outcomes.counted) >= now + 60, "votes go on")  # type: ignore[misc]
                fault(redis)
            counted = len(outcomes.counted)
            wait_until(lambda: len(outcomes.counted) >= counted + 60, "votes go on after the fault")
        finally:
            stop.set()
            if fault is freeze:
                os.kill(redis._process.pid, signal.SIGCONT)
        for voter in voters:
            voter.result()
    assert outcomes.errors == []
    assert outcomes.unknown == []
    assert set(outcomes.refused) == {"already_voted"}
    wait_until(lambda: shown(remote) == len(outcomes.counted), "Redis shows what SQL holds", 5)
    assert_exact(service, outcomes)


def test_a_web_process_that_dies_is_started_again_and_loses_nothing(
    service: RunningService,
) -> None:
    outcomes = Outcomes()
    remote = Remote(service.url)
    bodies: list[dict[str, Any]] = [ballot("c3") for _ in range(400)]
    victim = service.workers()[0]
    with ThreadPoolExecutor(VOTERS) as pool:
        futures = [pool.submit(outcomes.cast, remote, body) for body in bodies]
        wait_until(lambda: len(outcomes.counted) > 50, "votes are counted")
        os.kill(victim, signal.SIGKILL)
        for future in futures:
            future.result()
    wait_until(lambda: len(set(service.workers()) - {victim}) == 2, "two web processes run")
    for body in list(outcomes.unknown):  # what a reader's Try again does
        wait_until(lambda body=body: resolved(outcomes, remote, body), "votes go on")  # type: ignore[misc]
    assert len(outcomes.counted) == 400
    assert_exact(service, outcomes)


def resolved(outcomes: Outcomes, remote: Remote, body: dict[str, Any]) -> bool:
    """Whether the service, asked once more, says what became of the ballot."""
    outcomes.cast(remote, body)
    return body["ballot_id"] in outcomes.counted


def shown(remote: Remote) -> int:
    return int(remote.results()["ballots"])
