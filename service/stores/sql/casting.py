"""What a batch writes in SQL: its ballots, and what they add to the tally.

It runs while the poll's row is locked, so what it counts from is what the batch before it left.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.sql.dml import ReturningInsert

from service.records import Ballot, BallotStatus, Tally
from service.stores.sql import models, other_texts, tallies
from service.stores.sql.dialect import as_document, insert_many
from service.stores.sql.hot import HotStatement

ALWAYS = ("id", "voter_key", "answers")
# Many ballots lack these: a batch in which all do is spared them.
SELDOM = ("network_key", "page", "country", "other_texts")
SHARED = ("poll_id", "cast_at", "status")
Place = tuple[UUID, bytes]
"""What a ballot takes of its poll: its id and its voter's key."""


def cast(
    connection: sa.Connection, ballots: Sequence[Ballot], now: datetime, revision: int
) -> tuple[list[Ballot], Tally | None]:
    """Insert the ballots, let the constraints decide, and count those that got in. Give these, and
    the tally that they make; none where none got in.

    PostgreSQL does all of it in one statement where all get in, as they nearly always do.
    """
    if not ballots:
        return [], None
    poll_id = ballots[0].poll_id
    if connection.dialect.name == "postgresql":
        counted, tally = _insert_and_count(connection, ballots, now, revision)
    else:
        counted, tally = _insert(connection, ballots, now), None
    if counted and tally is None:
        answers = [ballot.answers for ballot in counted]
        tally = tallies.add_and_read(connection, poll_id, answers, now, revision)
    other_texts.add(connection, poll_id, counted)
    return counted, tally


def _first_in(ballots: Iterable[Ballot], places: Iterable[Place]) -> list[Ballot]:
    """The ballots that got the places. Others of the batch may have the same id or the same voter;
    of those that have both the first one got in, as they are inserted in their order."""
    left = set(places)
    first: list[Ballot] = []
    for ballot in ballots:
        place = (ballot.id, ballot.voter_key)
        if place in left:
            left.remove(place)
            first.append(ballot)
    return first


def _insert_and_count(
    connection: sa.Connection, ballots: Sequence[Ballot], now: datetime, revision: int
) -> tuple[list[Ballot], Tally | None]:
    """The ballots that got in, and the tally if they are counted, which they are where all did."""
    seldom = _seldom(ballots)
    values = {
        **_shared(ballots, now),
        "counted_at": now,
        "ballots": as_document([_row(ballot, seldom) for ballot in ballots]),
        "votes": as_document(tallies.rows_of(ballot.answers for ballot in ballots)),
        "size": len(ballots),
    }
    rows = _statement(seldom).rows(connection, values)
    if rows and rows[0][0] is None:
        return list(ballots), tallies.tally_of(revision, [row[2:] for row in rows])
    return _first_in(ballots, [(row[0], row[1]) for row in rows]), None


@cache
def _statement(seldom: tuple[str, ...]) -> HotStatement:
    """Inserts the ballots and, if all get in, adds the votes. Returns the counts that change, as
    they become, and the others, as they are; or, if not all get in, the places of those that do.
    """
    inserted = _insert_where_new("postgresql", seldom).cte("inserted")
    got_in = sa.select(sa.func.count()).select_from(inserted).scalar_subquery()
    all_got_in = got_in == sa.bindparam("size", type_=sa.Integer)
    changed = tallies.add_up_where(all_got_in).cte("changed")
    nowhere = (sa.null().cast(sa.Uuid), sa.null().cast(sa.LargeBinary))
    uncounted = (sa.null(),) * len(tallies.COUNTS)
    unchanged = tallies.unchanged_by(changed).where(all_got_in)
    return HotStatement(
        sa.union_all(
            sa.select(*nowhere, *changed.c),
            unchanged.with_only_columns(*nowhere, *unchanged.selected_columns),
            sa.select(*inserted.c, *uncounted).where(~all_got_in),
        )
    )


def _insert(connection: sa.Connection, ballots: Sequence[Ballot], now: datetime) -> list[Ballot]:
    seldom, shared = _seldom(ballots), _shared(ballots, now)
    rows = [_row(ballot, seldom) | shared for ballot in ballots]
    got_in = connection.execute(_insert_where_new(connection.dialect.name, seldom), rows)
    return _first_in(ballots, [(row[0], row[1]) for row in got_in])


@cache
def _insert_where_new(dialect: str, seldom: tuple[str, ...]) -> ReturningInsert[UUID, bytes]:
    statement = insert_many(dialect, models.Ballot, ALWAYS + seldom, SHARED, "ballots")
    return statement.on_conflict_do_nothing().returning(models.Ballot.id, models.Ballot.voter_key)


def _seldom(ballots: Sequence[Ballot]) -> tuple[str, ...]:
    return tuple(name for name in SELDOM if any(getattr(ballot, name) for ballot in ballots))


def _shared(ballots: Sequence[Ballot], now: datetime) -> dict[str, object]:
    return {
        "poll_id": ballots[0].poll_id,
        "cast_at": now,
        "status": BallotStatus.COUNTED.value,
    }


def _row(ballot: Ballot, seldom: Iterable[str]) -> dict[str, Any]:
    row = {"id": ballot.id, "voter_key": ballot.voter_key, "answers": ballot.answers}
    return row | {name: getattr(ballot, name) or None for name in seldom}
