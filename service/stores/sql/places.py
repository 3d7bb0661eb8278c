"""Which polls a site's places choose from, in SQL."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVarTuple

import sqlalchemy as sa

from service import records
from service.errors import PollNotFound, SiteNotFound
from service.records import PlacedPoll, SitePolls, Status
from service.stores.sql import audit, models, poll_rows
from service.stores.sql.db import reading, writing
from service.stores.sql.poll_lists import stands_at

POLL = models.Poll
MOST_OPEN = 200
MOST_COMING = 50  # by the time that these have opened, what is known here is long looked up anew
PLACED = sa.select(POLL.slug, POLL.status, POLL.opens_at, POLL.closes_at, POLL.opened_at)
NEWEST_FIRST = (POLL.opened_at.desc(), POLL.id.desc())
SOONEST_FIRST = (POLL.opened_at, POLL.id)

Row = TypeVarTuple("Row")

Tell = Callable[[records.CurrentPoll], records.AuditEvent | None]
"""Says what is logged of a choice, by what was chosen before; None changes nothing. What it raises
undoes all."""


class PlaceStore:
    """Reads what places show, and keeps what owners chose."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def of_site(self, slug: str, now: datetime) -> SitePolls:
        """The polls that the site's places choose from at `now`. Raises SiteNotFound."""
        if "\0" in slug:  # PostgreSQL cannot hold NUL
            raise SiteNotFound
        with reading(self._engine) as connection:
            site_id = connection.scalar(sa.select(models.Site.id).where(models.Site.slug == slug))
            if site_id is None:
                raise SiteNotFound
            found = _open(connection, site_id, now)
            over = None if found else _over(connection, site_id, now)
            coming = _coming(connection, site_id, now)
            return SitePolls(_pinned(connection, site_id), coming + found, over)

    def current(self, site_id: int) -> records.CurrentPoll:
        """What the site's owners chose."""
        with reading(self._engine) as connection:
            return _current(connection, site_id)

    def choose(self, site_id: int, poll_id: int | None, tell: Tell) -> None:
        """Make the poll the site's current one, or none. Raises SiteNotFound, PollNotFound and what
        `tell` raises."""
        kept = models.CurrentPoll
        lock = sa.update(models.Site).where(models.Site.id == site_id).values(id=site_id)
        with writing(self._engine) as connection:
            if connection.execute(lock).rowcount == 0:
                raise SiteNotFound
            event = tell(_current(connection, site_id))
            if event is None:
                return
            connection.execute(sa.delete(kept).where(kept.site_id == site_id))
            if poll_id is not None:
                _insert(connection, site_id, poll_id)
            audit.append(connection, event)


def unchoose(connection: sa.Connection, poll_id: int) -> bool:
    """Take from the site of a poll that is deleted its choice, if it is this poll; say whether it
    was. From here to the end of the transaction nobody chooses."""
    kept, site_id = models.CurrentPoll, sa.select(POLL.site_id).where(POLL.id == poll_id)
    site = models.Site.id == site_id.scalar_subquery()
    connection.execute(sa.update(models.Site).where(site).values(id=models.Site.id))
    return connection.execute(sa.delete(kept).where(kept.poll_id == poll_id)).rowcount > 0


def _open(connection: sa.Connection, site_id: int, now: datetime) -> tuple[PlacedPoll, ...]:
    query = PLACED.where(_stands(site_id, Status.OPEN, now)).order_by(*NEWEST_FIRST)
    return tuple(_placed(row) for row in connection.execute(query.limit(MOST_OPEN)))


def _coming(connection: sa.Connection, site_id: int, now: datetime) -> tuple[PlacedPoll, ...]:
    """Those that open next, apart: however many there are, they take no place from open ones."""
    query = PLACED.where(_stands(site_id, Status.SCHEDULED, now)).order_by(*SOONEST_FIRST)
    return tuple(_placed(row) for row in connection.execute(query.limit(MOST_COMING)))[::-1]


def _over(connection: sa.Connection, site_id: int, now: datetime) -> PlacedPoll | None:
    query = PLACED.where(_stands(site_id, Status.CLOSED, now)).order_by(*NEWEST_FIRST)
    row = connection.execute(query.limit(1)).first()
    return None if row is None else _placed(row)


def _stands(site_id: int, status: Status, now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(POLL.site_id == site_id, stands_at(status, now))


def _pinned(connection: sa.Connection, site_id: int) -> PlacedPoll | None:
    row = connection.execute(_chosen(PLACED, site_id)).first()
    return None if row is None else _placed(row)


def _current(connection: sa.Connection, site_id: int) -> records.CurrentPoll:
    return records.CurrentPoll(connection.scalar(_chosen(sa.select(POLL.slug), site_id)))


def _chosen(query: sa.Select[*Row], site_id: int) -> sa.Select[*Row]:
    kept = models.CurrentPoll
    return query.join(kept, kept.poll_id == POLL.id).where(kept.site_id == site_id)


def _insert(connection: sa.Connection, site_id: int, poll_id: int) -> None:
    """Keep the choice. Raises PollNotFound for a poll that is deleted meanwhile."""
    values = {"site_id": site_id, "poll_id": poll_id}
    try:
        connection.execute(sa.insert(models.CurrentPoll), values)
    except sa.exc.IntegrityError as error:
        raise PollNotFound from error


def _placed(row: sa.Row[*tuple[Any, ...]]) -> PlacedPoll:
    schedule = poll_rows.schedule_of(row.status, row.opens_at, row.closes_at)
    return PlacedPoll(row.slug, schedule, row.opened_at)
