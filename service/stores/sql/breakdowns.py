"""Counted ballots taken apart in SQL: equal ones are counted together by the database."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from service.records import BallotStatus, CountsByMoment, Share, Shares, VoteKey, votes_of
from service.stores.sql import models
from service.stores.sql.db import allow_seconds, reading
from service.stores.sql.long_reads import STREAMED

BALLOT = models.Ballot
Part = Literal["page", "country"]
PATIENCE_SECONDS = 60


class BreakdownStore:
    """Counts the counted ballots of a poll by one thing or another."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def span(self, poll_id: int) -> tuple[datetime, datetime] | None:
        """When the first and the last counted ballot were cast; None if there is none."""
        query = sa.select(BALLOT.cast_at).where(*_counted(poll_id)).limit(1)
        with reading(self._engine) as connection:
            allow_seconds(connection, PATIENCE_SECONDS)
            first = connection.scalar(query.order_by(BALLOT.cast_at))
            last = connection.scalar(query.order_by(BALLOT.cast_at.desc()))
        return None if first is None or last is None else (first, last)

    def by_moment(self, poll_id: int, seconds: int) -> CountsByMoment:
        """The counts of each stretch of so many seconds in which ballots were cast."""
        counts: dict[int, Counter[VoteKey]] = defaultdict(Counter)
        with reading(self._engine) as connection:
            allow_seconds(connection, PATIENCE_SECONDS)
            stretch = _stretch(connection.dialect.name, seconds)
            query = (
                sa.select(stretch, BALLOT.answers, sa.func.count())
                .where(*_counted(poll_id))
                .group_by(stretch, BALLOT.answers)
            )
            for start, answers, ballots in connection.execute(query, execution_options=STREAMED):
                second = start if isinstance(start, int) else int(start.timestamp())
                for vote in votes_of(answers):
                    counts[second][vote] += ballots
        return dict(counts)

    def by_part(self, poll_id: int, part: Part, most: int) -> Shares:
        """How many ballots have each page or country: those that most have, and how many in all."""
        column: Any = getattr(BALLOT, part)
        ballots = sa.func.count().label("ballots")
        query = (
            sa.select(column, ballots, sa.func.sum(ballots).over(), sa.func.count().over())
            .where(*_counted(poll_id))
            .group_by(column)
            .order_by(ballots.desc(), column)
            .limit(most)
        )
        with reading(self._engine) as connection:
            allow_seconds(connection, PATIENCE_SECONDS)
            rows = connection.execute(query).all()
        _, _, whole, values = rows[0] if rows else (None, 0, 0, 0)
        return Shares(int(whole), values, tuple(Share(value, n) for value, n, _, _ in rows))

    def apart(self, poll_id: int) -> Mapping[BallotStatus, int]:
        """How many ballots are not counted, by their status; an index holds them alone."""
        query = (
            sa.select(BALLOT.status, sa.func.count())
            .where(BALLOT.poll_id == poll_id, models.NOT_COUNTED)
            .group_by(BALLOT.status)
        )
        with reading(self._engine) as connection:
            return {BallotStatus(status): n for status, n in connection.execute(query)}


def _counted(poll_id: int) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return BALLOT.poll_id == poll_id, BALLOT.status == BallotStatus.COUNTED


def _stretch(dialect: str, seconds: int) -> sa.ColumnElement[Any]:
    """When the stretch began: a moment, or for SQLite the second since 1970. Literals, because the
    query must say it twice alike."""
    if dialect == "sqlite":
        number: sa.ColumnElement[int] = sa.literal_column(str(seconds))
        moment = sa.func.substr(BALLOT.cast_at, 1, 19)  # it would round what is less than a second
        return sa.cast(sa.func.strftime("%s", moment), sa.BigInteger) // number * number
    length: sa.ColumnElement[Any] = sa.literal_column(f"interval '{seconds} seconds'")
    epoch: sa.ColumnElement[Any] = sa.literal_column("timestamptz 'epoch'")
    return sa.func.date_bin(length, BALLOT.cast_at, epoch)  # half the work of numbers
