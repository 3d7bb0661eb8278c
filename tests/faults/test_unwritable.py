"""The disk is full, or the database takes no writes: readers still see results, voters are told to
come again, nothing is half done, and it heals by itself."""

import json
import resource
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from http.client import HTTPConnection
from typing import Any

import pytest

from tests.faults.checks import Outcomes, assert_exact, ids_in_sql
from tests.support.ports import wait_until
from tests.support.postgres import Postgres
from tests.support.service import RunningService
from tests.support.voters import Remote, ballot, new_token

BALLOTS = "/v1/polls/region-interest/ballots"
VOTERS = 16
HEALED_WITHIN = 10.0
Unwritable = Callable[[RunningService], AbstractContextManager[None]]


@pytest.fixture
def unwritable(database_url: str, request: pytest.FixtureRequest) -> Unwritable:
    """Makes the database take no writes for a block, as its kind may come to."""
    if database_url.startswith("sqlite"):
        return full_disk
    server: Postgres = request.getfixturevalue("postgres")
    return lambda _: server.read_only("voxpop")


@contextmanager
def full_disk(service: RunningService) -> Iterator[None]:
    """No file of the web processes can grow, nor can the start of one be written."""
    before = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in service.workers()}
    for pid, (_, most) in before.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, most))
    try:
        yield
    finally:
        for pid, limits in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


def test_it_costs_no_vote_and_no_reader(service: RunningService, unwritable: Unwritable) -> None:
    outcomes, remote = Outcomes(), Remote(service.url)
    voter = new_token()
    first = ballot("c1", voter=voter)
    outcomes.cast(remote, first)
    bodies = [ballot(f"c{n % 8 + 1}") for n in range(4 * VOTERS)]
    with ThreadPoolExecutor(VOTERS) as pool:
        with unwritable(service):
            told = list(pool.map(lambda body: refusal(service, body), bodies))
            assert set(told) == {(503, "temporarily_unavailable", "2")}
            assert remote.results()["ballots"] == 1
            outcomes.cast(remote, first)
            outcomes.cast(remote, ballot("c2", voter=voter))
            assert len(ids_in_sql(service)) == 1, "nothing is half done"
        wait_until(lambda: remote.cast(bodies[0])[0] in (200, 201), "it heals", HEALED_WITHIN)
        list(pool.map(lambda body: outcomes.cast(remote, body), bodies))
    assert (outcomes.refused, outcomes.unknown) == (["already_voted"], [])
    assert len(outcomes.counted) == 1 + len(bodies)
    assert_exact(service, outcomes)


def refusal(service: RunningService, body: dict[str, Any]) -> tuple[int, str, str | None]:
    """Status and code of the refusal of a ballot, and when to come again."""
    connection = HTTPConnection("127.0.0.1", service.port, timeout=30)
    headers = {"Content-Type": "application/json", "Origin": service.url}
    connection.request("POST", BALLOTS, json.dumps(body), headers)
    with closing(connection), connection.getresponse() as answer:
        return answer.status, json.load(answer)["code"], answer.headers["Retry-After"]
