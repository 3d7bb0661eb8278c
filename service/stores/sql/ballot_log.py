"""The ballots of a poll as its owners read them: newest first, in pages or all in one stream.

The keys by which voters and networks are known never leave this store.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from service.records import BallotFilter, BallotPlace, BallotStatus, LoggedBallot, Poll
from service.stores.sql import models, poll_rows
from service.stores.sql.db import UtcDateTime, allow_seconds, reading
from service.stores.sql.long_reads import LongReads, let_go, stream

BALLOT = models.Ballot
PLACE = sa.tuple_(BALLOT.cast_at, BALLOT.id)
OLDEST_FIRST = (BALLOT.cast_at, BALLOT.id)
COLUMNS: tuple[Any, ...] = (
    BALLOT.id,
    BALLOT.cast_at,
    BALLOT.status,
    BALLOT.reason,
    BALLOT.page,
    BALLOT.country,
    BALLOT.answers,
    BALLOT.other_texts,
)
PAGE_SECONDS = 30
"""A page of what hardly any of millions of ballots match is found by looking at all of them."""


class BallotLog:
    """Reads the log."""

    def __init__(self, engine: sa.Engine, long_reads: LongReads) -> None:
        self._engine = engine
        self._long_reads = long_reads

    def page(
        self,
        poll_id: int,
        wanted: BallotFilter,
        after: BallotPlace | None,
        limit: int,
        before: BallotPlace | None = None,
    ) -> list[LoggedBallot]:
        """The newest ballots that are wanted; of those behind the place `after` if it is given,
        or else the last ones before the place `before`."""
        with reading(self._engine) as connection:
            allow_seconds(connection, PAGE_SECONDS)
            query = _query(connection, poll_id, wanted).limit(limit)
            if after is not None:
                query = query.where(_place(after) > PLACE)
            elif before is not None:
                query = query.where(_place(before) < PLACE).order_by(None).order_by(*OLDEST_FIRST)
            found = [_record(row) for row in connection.execute(query)]
        return found if before is None or after is not None else found[::-1]

    def named(self, poll_id: int, ids: Sequence[UUID]) -> list[LoggedBallot]:
        """Those of the poll's ballots that have one of the ids, newest first."""
        with reading(self._engine) as connection:
            query = _query(connection, poll_id, BallotFilter()).where(BALLOT.id.in_(ids))
            return [_record(row) for row in connection.execute(query)]

    @contextmanager
    def stream(
        self, poll_id: int, wanted: BallotFilter
    ) -> Iterator[tuple[Poll, Iterator[LoggedBallot]]]:
        """The poll, and all of its ballots that are wanted, both of one moment; a few of them are
        in memory at a time. Raises PollNotFound."""
        with self._long_reads.open() as connection:
            poll = poll_rows.read(connection, poll_id)
            query = _query(connection, poll_id, wanted)
            with stream(connection, query) as rows:
                let_go(connection)
                yield poll, map(_record, rows)


def _query(
    connection: sa.Connection, poll_id: int, wanted: BallotFilter
) -> sa.Select[*tuple[Any, ...]]:
    conditions = _conditions(connection.dialect.name, wanted)
    query = sa.select(*COLUMNS).where(BALLOT.poll_id == poll_id, *conditions)
    return query.order_by(BALLOT.cast_at.desc(), BALLOT.id.desc())


def _place(place: BallotPlace) -> sa.Tuple:
    cast_at, ballot_id = place
    return sa.tuple_(sa.literal(cast_at, UtcDateTime()), sa.literal(ballot_id, sa.Uuid()))


def _conditions(dialect: str, wanted: BallotFilter) -> Iterator[sa.ColumnElement[bool]]:
    for name in ("status", "page", "country"):
        if (value := getattr(wanted, name)) is not None:
            yield getattr(BALLOT, name) == value
    if wanted.since is not None:
        yield BALLOT.cast_at >= wanted.since
    if wanted.until is not None:
        yield BALLOT.cast_at < wanted.until
    if wanted.question is not None:
        marks = _marks_in_postgresql if dialect == "postgresql" else _marks_in_sqlite
        yield marks(wanted.question, wanted.choice)


def _marks_in_postgresql(question: str, choice: str | None) -> sa.ColumnElement[bool]:
    content: dict[str, list[str]] = {question: [] if choice is None else [choice]}
    return sa.type_coerce(BALLOT.answers, postgresql.JSONB).contains(content)


def _marks_in_sqlite(question: str, choice: str | None) -> sa.ColumnElement[bool]:
    each = sa.func.json_each
    asked = each(BALLOT.answers).table_valued("key", "value", name="asked", joins_implicitly=True)
    query = sa.select(sa.literal(1)).where(asked.c.key == question)
    if choice is not None:
        marked = each(asked.c.value).table_valued("value", name="marked", joins_implicitly=True)
        query = query.where(marked.c.value == choice)
    return query.exists()


def _record(row: Any) -> LoggedBallot:
    return LoggedBallot(
        id=row.id,
        cast_at=row.cast_at,
        status=BallotStatus(row.status),
        reason=row.reason,
        page=row.page,
        country=row.country,
        answers={question: tuple(choices) for question, choices in row.answers.items()},
        other_texts=row.other_texts or {},
    )
