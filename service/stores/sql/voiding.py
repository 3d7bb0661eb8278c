"""Ballots taken out of the tally and put back, in the same transaction as the tally.

All of it runs while the poll's row is locked by `lock_poll`, so no vote and no other voiding of the
poll comes between.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from service.errors import BallotNotFound
from service.records import BallotStatus
from service.stores.sql import models, other_texts, tallies

FOUND = sa.select(
    models.Ballot.id, models.Ballot.status, models.Ballot.answers, models.Ballot.other_texts
)


def void(
    connection: sa.Connection, poll_id: int, ids: Sequence[UUID], reason: str, now: datetime
) -> list[UUID]:
    """Take the ballots out; give the ids of those that were not out already.

    Raises BallotNotFound if one is none of the poll's.
    """
    changed = [row for row in _find(connection, poll_id, ids) if row.status != BallotStatus.VOID]
    _mark(connection, poll_id, changed, BallotStatus.VOID, reason)
    counted = [row for row in changed if row.status == BallotStatus.COUNTED]
    tallies.subtract(connection, poll_id, [row.answers for row in counted], now)
    texts = {text: -votes for text, votes in _texts(counted).items()}
    other_texts.shift(connection, poll_id, texts)
    return [row.id for row in changed]


def restore(
    connection: sa.Connection, poll_id: int, ids: Sequence[UUID], now: datetime
) -> list[UUID]:
    """Count ballots that were taken out; give the ids of those that were out.

    Raises BallotNotFound if one is none of the poll's.
    """
    changed = [row for row in _find(connection, poll_id, ids) if row.status == BallotStatus.VOID]
    _mark(connection, poll_id, changed, BallotStatus.COUNTED, None)
    tallies.add(connection, poll_id, [row.answers for row in changed], now)
    other_texts.shift(connection, poll_id, _texts(changed))
    return [row.id for row in changed]


def _find(connection: sa.Connection, poll_id: int, ids: Sequence[UUID]) -> Sequence[Any]:
    query = FOUND.where(*_named(poll_id, ids)).order_by(models.Ballot.id)
    rows = connection.execute(query).all()
    if len(rows) < len(set(ids)):
        raise BallotNotFound
    return rows


def _mark(
    connection: sa.Connection,
    poll_id: int,
    rows: Iterable[Any],
    status: BallotStatus,
    reason: str | None,
) -> None:
    ids = [row.id for row in rows]
    if ids:
        statement = sa.update(models.Ballot).where(*_named(poll_id, ids))
        connection.execute(statement.values(status=status, reason=reason))


def _named(poll_id: int, ids: Sequence[UUID]) -> tuple[sa.ColumnElement[bool], ...]:
    return models.Ballot.poll_id == poll_id, models.Ballot.id.in_(ids)


def _texts(rows: Iterable[Any]) -> Counter[tuple[str, str]]:
    return Counter(key for row in rows for key in (row.other_texts or {}).items())
