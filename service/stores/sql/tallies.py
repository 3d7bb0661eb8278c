"""Tallies in SQL: counted in the ballots' transaction, and read."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.dml import ReturningInsert

from service.errors import PollNotFound
from service.records import ALL_BALLOTS, Answers, Tally, VoteKey, votes_of
from service.stores.sql import models
from service.stores.sql.db import UtcDateTime, reading
from service.stores.sql.dialect import Insert, insert_many, parameters, records

TALLIES = models.Tally.__table__.c
COUNTS = (
    models.Tally.question_code,
    models.Tally.choice_code,
    models.Tally.votes,
    models.Tally.counted_at,
)
OF_POLL = models.Tally.poll_id == sa.bindparam("poll_id")
COUNTS_OF_POLL = sa.select(*COUNTS).where(OF_POLL)
TALLY_OF_POLL = (
    sa.select(models.Poll.revision, *COUNTS)
    .outerjoin(models.Tally, models.Tally.poll_id == models.Poll.id)
    .where(models.Poll.id == sa.bindparam("poll_id"))
)


def _no_earlier(moment: sa.ColumnElement[datetime]) -> sa.ColumnElement[datetime]:
    """The moment, unless the count has a later one, by the clock of another host: what readers are
    told of when the counts last changed never goes back."""
    return sa.case((TALLIES.counted_at > moment, TALLIES.counted_at), else_=moment)


SUBTRACT = (
    sa.update(models.Tally)
    .where(TALLIES.poll_id == sa.bindparam("of_poll"))
    .where(TALLIES.question_code == sa.bindparam("of_question"))
    .where(TALLIES.choice_code == sa.bindparam("of_choice"))
    .values(
        votes=TALLIES.votes - sa.bindparam("n"),
        counted_at=_no_earlier(sa.bindparam("now", type_=UtcDateTime)),
    )
)


def add(connection: sa.Connection, poll_id: int, ballots: Iterable[Answers], now: datetime) -> None:
    """Count the ballots, which this transaction has just made count."""
    _write(connection, _add_up, _rows(poll_id, _votes(ballots), now))


def add_and_read(
    connection: sa.Connection,
    poll_id: int,
    ballots: Iterable[Answers],
    now: datetime,
    revision: int,
) -> Tally:
    """Count the ballots, which this transaction has just made count, and read the tally that this
    makes."""
    add(connection, poll_id, ballots, now)
    return read(connection, poll_id, revision)


def rows_of(ballots: Iterable[Answers]) -> list[dict[str, Any]]:
    """What the ballots add, as `add_up_where` takes it."""
    return [
        {"question_code": question, "choice_code": choice, "votes": n}
        for (question, choice), n in sorted(_votes(ballots).items())
    ]


def add_up_where(condition: sa.ColumnElement[bool]) -> ReturningInsert[str, str, int, datetime]:
    """For PostgreSQL: adds the votes in the JSON document `votes` if the condition holds; returns
    the counts that this changes, as they become."""
    rows = records(models.Tally, ("question_code", "choice_code", "votes"), "votes")
    poll_id = sa.bindparam("poll_id", type_=sa.Integer)
    counted_at = sa.bindparam("counted_at", type_=UtcDateTime)
    selected = sa.select(poll_id, *rows.c, counted_at).where(condition)
    statement = postgresql.insert(models.Tally).from_select(list(TALLIES.keys()), selected)
    counted = _upsert(statement, TALLIES.votes + statement.excluded.votes)
    return counted.returning(*COUNTS)


def unchanged_by(changed: sa.CTE) -> sa.Select[str, str, int, datetime]:
    """The poll's counts that are not among those that changed."""
    is_changed = sa.tuple_(TALLIES.question_code, TALLIES.choice_code).in_(
        sa.select(changed.c.question_code, changed.c.choice_code)
    )
    return sa.select(*COUNTS).where(OF_POLL, ~is_changed)


def put(
    connection: sa.Connection, poll_id: int, votes: Mapping[VoteKey, int], now: datetime
) -> None:
    """Set counts to what the ballots say, while the poll is locked."""
    _write(connection, _replace, _rows(poll_id, votes, now))


def subtract(
    connection: sa.Connection, poll_id: int, ballots: Iterable[Answers], now: datetime
) -> None:
    """Take off the ballots, which this transaction has just made count no more."""
    rows = [
        {"of_poll": poll_id, "of_question": question, "of_choice": choice, "n": n, "now": now}
        for (question, choice), n in sorted(_votes(ballots).items())
    ]
    if rows:
        connection.execute(SUBTRACT, rows)


def read(connection: sa.Connection, poll_id: int, revision: int) -> Tally:
    """The whole tally as this transaction, which made the revision, leaves it."""
    return tally_of(revision, connection.execute(COUNTS_OF_POLL, {"poll_id": poll_id}).all())


def tally_of(revision: int, rows: Iterable[Sequence[Any]]) -> Tally:
    """The tally that rows of COUNTS make."""
    counts: dict[VoteKey, int] = {}
    counted_at: datetime | None = None
    for question, choice, votes, moment in rows:
        counts[question, choice] = votes
        if (question, choice) == ALL_BALLOTS:
            counted_at = moment.astimezone(UTC)  # a hot statement's is in the session's zone
    return Tally(revision, counts, counted_at)


def _votes(ballots: Iterable[Answers]) -> Counter[VoteKey]:
    return Counter(chain.from_iterable(map(votes_of, ballots)))


def _rows(poll_id: int, votes: Mapping[VoteKey, int], now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "poll_id": poll_id,
            "question_code": question,
            "choice_code": choice,
            "votes": n,
            "counted_at": now,
        }
        for (question, choice), n in sorted(votes.items())
    ]


def _write(
    connection: sa.Connection, statement: Callable[[str], Insert], rows: list[dict[str, Any]]
) -> None:
    if rows:
        dialect = connection.dialect.name
        connection.execute(statement(dialect), parameters(dialect, rows))


@cache
def _add_up(dialect: str) -> Insert:
    statement = insert_many(dialect, models.Tally, tuple(TALLIES.keys()))
    return _upsert(statement, TALLIES.votes + statement.excluded.votes)


@cache
def _replace(dialect: str) -> Insert:
    statement = insert_many(dialect, models.Tally, tuple(TALLIES.keys()))
    return _upsert(statement, statement.excluded.votes)


def _upsert(statement: Insert, votes: sa.ColumnElement[int]) -> Insert:
    return statement.on_conflict_do_update(
        index_elements=[TALLIES.poll_id, TALLIES.question_code, TALLIES.choice_code],
        set_={"votes": votes, "counted_at": _no_earlier(statement.excluded.counted_at)},
    )


class TallyStore:
    """Reads the tallies that are committed."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def read(self, poll_id: int) -> Tally:
        """The poll's tally with its revision, both of one moment. Raises PollNotFound."""
        with reading(self._engine) as connection:
            rows = connection.execute(TALLY_OF_POLL, {"poll_id": poll_id}).all()
        if not rows:
            raise PollNotFound
        counts = [row[1:] for row in rows if row.question_code is not None]
        return tally_of(rows[0].revision, counts)
