"""An owner closes a poll while readers vote as fast as two web processes let them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import sqlalchemy as sa

from service.stores.sql import models
from tests.faults.checks import Outcomes, assert_exact
from tests.support.ports import wait_until
from tests.support.service import RunningService
from tests.support.voters import Remote, ballot

VOTERS = 32
COUNTED_BEFORE = 300


def test_no_ballot_is_cast_after_an_owner_closes_a_poll_under_load(
    service: RunningService,
) -> None:
    outcomes, remote = Outcomes(), Remote(service.url)

    def vote_until_it_is_closed(number: int) -> None:
        while "poll_closed" not in outcomes.refused:
            outcomes.cast(remote, ballot(f"c{number % 8 + 1}"))

    with ThreadPoolExecutor(VOTERS) as pool:
        voters = [pool.submit(vote_until_it_is_closed, number) for number in range(VOTERS)]
        wait_until(lambda: len(outcomes.counted) >= COUNTED_BEFORE, "readers vote")
        before = len(outcomes.counted)
        assert service.command("poll", "close", "region-interest").endswith(": closed\n")
        for voter in voters:
            voter.result()
    assert len(outcomes.counted) > before, "nobody voted while the owner closed the poll"
    assert set(outcomes.refused) == {"poll_closed"}
    assert outcomes.errors == []
    assert remote.cast(ballot("c1"))[1]["code"] == "poll_closed"
    closed_at, last_cast_at = _moments(service)
    assert last_cast_at <= closed_at
    assert_exact(service, outcomes)


def _moments(service: RunningService) -> tuple[datetime, datetime]:
    """When the audit log says that the poll was closed, and when its last ballot was cast."""
    engine = sa.create_engine(service.environment["DATABASE_URL"])
    closes = sa.select(models.AuditEvent.at).where(models.AuditEvent.action == "poll.close")
    with engine.connect() as connection:
        closed_at = connection.scalars(closes).one()
        last_cast_at = connection.scalars(sa.select(sa.func.max(models.Ballot.cast_at))).one()
    engine.dispose()
    return closed_at, last_cast_at
