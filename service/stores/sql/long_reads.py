"""Reads that take minutes: exports and recounts, apart from the connections that votes need."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import TypeVarTuple, cast

import sqlalchemy as sa

from service.errors import TemporarilyUnavailable
from service.stores.sql.db import (
    RETRY_AFTER_SECONDS,
    ImpatientConnection,
    allow_seconds,
    engine_options,
    prepare,
    reading,
)

Columns = TypeVarTuple("Columns")

AT_ONCE = 4
WAIT_SECONDS = 3
LONGEST_SECONDS = 600
STREAMED = {"yield_per": 1000}
"""Execution options of a query whose rows are read bit by bit, so many at once in memory."""
BUSY = "Too many long reads are under way. Please try again in a moment."


class LongReads:
    """Read transactions that the short time-outs do not end, a few at a time in this process."""

    def __init__(self, engine: sa.Engine) -> None:
        options = engine_options(engine.url.drivername)["connect_args"]
        self._engine = sa.create_engine(
            engine.url, poolclass=sa.NullPool, hide_parameters=True, connect_args=options
        )
        prepare(self._engine)
        self._room = BoundedSemaphore(AT_ONCE)

    @contextmanager
    def open(self) -> Iterator[sa.Connection]:
        """A transaction that sees one moment; a reader that pauses for LONGEST_SECONDS loses it.

        Raises TemporarilyUnavailable, also when too many are under way.
        """
        if not self._room.acquire(timeout=WAIT_SECONDS):
            raise TemporarilyUnavailable(RETRY_AFTER_SECONDS, BUSY)
        try:
            with reading(self._engine) as connection:
                allow_seconds(connection, LONGEST_SECONDS)
                yield connection
        finally:
            self._room.release()


def stream(connection: sa.Connection, query: sa.Select[*Columns]) -> sa.CursorResult[*Columns]:
    """The query's rows, which may be read on once the connection is let go."""
    if connection.dialect.name == "postgresql":
        cast(ImpatientConnection, connection.connection.driver_connection).hold()
    return connection.execute(query, execution_options=STREAMED)


def let_go(connection: sa.Connection) -> None:
    """Have PostgreSQL lay by what a `stream` still has to give, and end the transaction.

    As long as one is open that sees an older moment, no row that has changed since can be cleared
    away: each vote then steps over all that the votes before it have left of the poll and its
    tally, and gets slower by the second.
    """
    transaction = connection.get_transaction()
    if connection.dialect.name == "postgresql" and transaction is not None:
        limit = "idle_in_transaction_session_timeout"
        connection.exec_driver_sql(f"SET {limit} = '{LONGEST_SECONDS}s'")
        transaction.commit()
