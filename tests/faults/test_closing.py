"""An owner closes a poll while readers vote as fast as two web processes let them."""

from datetime import UTC, datetime

import sqlalchemy as sa

from service.stores.sql import models
from tests.faults.closing_faults import INSTANT
from tests.faults.station import Station
from tests.support.ports import wait_until

VOTERS = 32
COUNTED_BEFORE = 300


def test_no_ballot_is_cast_after_an_owner_closes_a_poll_under_load(station: Station) -> None:
    record, slug = station.record, station.poll.slug
    with station.under_votes(VOTERS):
        wait_until(lambda: len(record.counted) >= COUNTED_BEFORE, "readers vote")
        before = len(record.counted)
        assert station.service.command("poll", "close", slug).endswith(": closed\n")
        wait_until(lambda: is_told_so(station), "they are told of it")
    assert len(record.counted) > before, "nobody voted while the owner closed the poll"
    # the last ballot may bear the very moment of the close
    gap = (closed_at(station) + INSTANT, datetime.max.replace(tzinfo=UTC))
    figures = station.figures(also_refused=["poll_closed"], closed=[gap])
    figures.assert_exact()
    assert figures.unknown == 0
    assert {told.word for told in station.cast(station.ballots(VOTERS))} == {"poll_closed"}


def is_told_so(station: Station) -> bool:
    """Whether somebody was told lately that the poll is closed."""
    return any(told.word == "poll_closed" for told in station.record.told[-100:])


def closed_at(station: Station) -> datetime:
    """When the audit log says that the poll was closed."""
    closes = sa.select(models.AuditEvent.at).where(
        models.AuditEvent.action == "poll.close",
        models.AuditEvent.subject == f"poll:{station.poll.slug}",
    )
    engine = sa.create_engine(station.service.environment["DATABASE_URL"])
    with engine.connect() as connection:
        moment = connection.scalars(closes).one()
    engine.dispose()
    return moment
