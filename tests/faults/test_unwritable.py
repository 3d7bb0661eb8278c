"""The disk is full, or the database takes no writes: readers still see results, voters are told to
come again, nothing is half done, and it heals by itself."""

import resource
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager

import pytest

from tests.faults.station import Station
from tests.support.ports import wait_until
from tests.support.postgres import Postgres
from tests.support.service import RunningService

VOTERS = 16
REFUSED = 4 * VOTERS
HEALED_WITHIN = 10.0
Unwritable = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def unwritable(service: RunningService, postgres: Postgres) -> Unwritable:
    """Makes the database take no writes for a block, as its kind may come to."""
    if service.environment["DATABASE_URL"].startswith("sqlite"):
        return lambda: full_disk(service)
    return lambda: postgres.read_only("faults")


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


def test_it_costs_no_vote_and_no_reader(station: Station, unwritable: Unwritable) -> None:
    [first] = station.ballots(1)
    station.cast([first])
    with unwritable():
        with ThreadPoolExecutor(VOTERS) as pool:
            said = list(pool.map(lambda _: station.vote(), range(REFUSED)))
        assert set(said) == {(503, "2")}
        assert station.remote.results()["ballots"] == 1
        known = station.cast([first, station.voting.ballot(first.voter)], readers=1)
        assert [told.status for told in known] == [200, 409]
        assert len(station.keeping.ballots(station.poll.id)) == 1, "nothing is half done"
    wait_until(lambda: station.vote() == (201, None), "it heals", HEALED_WITHIN)
    station.cast_until_told(station.record.unresolved)
    figures = station.figures()
    figures.assert_exact()
    assert (figures.refused, figures.counted) == (1, len(station.record.casts) - 1)
