"""The answers to calls that may be sent again, in SQL."""

from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa

from service.errors import StillUnderWay
from service.records import Call, Claim, KeptAnswer
from service.stores.sql import models
from service.stores.sql.db import reading, writing
from service.stores.sql.dialect import insert

Row = models.IdempotentAnswer
Thing = TypeVar("Thing")


def keep(connection: sa.Connection, claim: Claim[Thing] | None, thing: Thing) -> None:
    """Keep the answer for the thing that this transaction has made, where it was made under a key.

    Raises StillUnderWay if the call counted as dead meanwhile and another one has its place.
    """
    if claim is None:
        return
    answer = claim.answer(thing)
    statement = (
        sa.update(Row)
        .where(*_is(claim.call), Row.created_at == claim.began_at, Row.status.is_(None))
        .values(status=answer.status, headers=dict(answer.headers), body=answer.body)
    )
    if connection.execute(statement).rowcount == 0:
        raise StillUnderWay


class RepeatStore:
    """Keeps which calls are under way, and what they were answered."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def claim(self, call: Call, now: datetime, dead_since: datetime, old_since: datetime) -> bool:
        """Whether the call is the first: the insert decides. A row takes another's place where
        that has been under way since `dead_since`, or answered since `old_since`, or earlier."""
        values = {
            "actor": call.actor,
            "key": call.key,
            "request_digest": call.digest,
            "status": None,
            "headers": None,
            "body": None,
            "created_at": now,
        }
        dead = Row.status.is_(None) & (Row.created_at <= dead_since)
        with writing(self._engine) as connection:
            statement = (
                insert(connection, Row)
                .values(values)
                .on_conflict_do_update(
                    index_elements=["actor", "key"],
                    set_=values,
                    where=dead | (Row.created_at <= old_since),
                )
                .returning(Row.created_at)
            )
            return connection.execute(statement).first() is not None

    def find(self, call: Call) -> tuple[bytes, KeptAnswer | None] | None:
        """What was sent with that key, as its digest, and what it was answered, if it was yet."""
        query = sa.select(Row.request_digest, Row.status, Row.headers, Row.body)
        with reading(self._engine) as connection:
            row = connection.execute(query.where(*_is(call))).one_or_none()
        if row is None:
            return None
        if row.status is None:
            return row.request_digest, None
        return row.request_digest, KeptAnswer(row.status, row.headers, row.body)

    def free(self, call: Call, claimed_at: datetime) -> None:
        """Forget a call that was claimed at that moment, unless it has made its thing."""
        statement = sa.delete(Row).where(
            *_is(call), Row.created_at == claimed_at, Row.status.is_(None)
        )
        with writing(self._engine) as connection:
            connection.execute(statement)

    def prune(self, old_since: datetime) -> None:
        """Forget the answers of `old_since` and earlier."""
        with writing(self._engine) as connection:
            connection.execute(sa.delete(Row).where(Row.created_at <= old_since))


def _is(call: Call) -> tuple[sa.ColumnElement[bool], ...]:
    return Row.actor == call.actor, Row.key == call.key
