"""The audit log in SQL: added to in the transaction of what it tells of, and read."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.records import AuditEvent
from service.stores.sql import models
from service.stores.sql.db import reading, writing


def append(connection: sa.Connection, *events: AuditEvent) -> None:
    """Log the events, if the transaction commits."""
    rows = [
        {
            "site_id": event.site_id,
            "actor": event.actor,
            "action": event.action,
            "subject": event.subject,
            "before": event.before,
            "after": event.after,
            "at": event.at,
        }
        for event in events
    ]
    connection.execute(sa.insert(models.AuditEvent), rows)


class AuditStore:
    """Reads the log, and adds to it what no other transaction tells."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(self, *events: AuditEvent) -> None:
        """Log the events in a transaction of their own."""
        with writing(self._engine) as connection:
            append(connection, *events)

    def list_before(
        self,
        site_ids: Iterable[int] | None,
        before: int | None,
        limit: int,
        *,
        by: str | None = None,
        about: str | None = None,
    ) -> list[AuditEvent]:
        """The newest events of the sites (None means all events), those older than the id `before`
        if it is given; `by` and `about` leave those of one actor and of one subject."""
        query = sa.select(models.AuditEvent).order_by(models.AuditEvent.id.desc()).limit(limit)
        if site_ids is not None:
            query = query.where(models.AuditEvent.site_id.in_(list(site_ids)))
        if before is not None:
            query = query.where(models.AuditEvent.id < before)
        if by is not None:
            query = query.where(models.AuditEvent.actor == by)
        if about is not None:
            query = query.where(models.AuditEvent.subject == about)
        with reading(self._engine) as connection, Session(connection) as session:
            return [_record(row) for row in session.scalars(query)]


def _record(row: models.AuditEvent) -> AuditEvent:
    return AuditEvent(
        id=row.id,
        site_id=row.site_id,
        actor=row.actor,
        action=row.action,
        subject=row.subject,
        before=row.before,
        after=row.after,
        at=row.at,
    )
