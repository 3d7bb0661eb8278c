"""Statements that every batch of votes runs."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

import psycopg
import sqlalchemy as sa


class HotStatement:
    """A statement that is compiled once and then handed to PostgreSQL's driver as it is, on the
    connection and within the transaction that SQLAlchemy keeps: SQLAlchemy's own way to a statement
    takes several times as long as the driver's. The server prepares it, for as long as transactions
    of the connection commit: PostgreSQL would keep it, but the driver drops all that is prepared
    after a ROLLBACK, in one more round trip (DEALLOCATE ALL), and prepares anew what comes next.

    Its rows are the driver's: tuples without names, and values as the driver reads them.
    """

    def __init__(self, statement: sa.Executable) -> None:
        self._statement = statement
        self._compiled = cache(self._compile)

    def rows(self, connection: sa.Connection, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """Run it and give what it returns."""
        if connection.dialect.name != "postgresql":
            return connection.execute(self._statement, values).all()
        text, constants = self._compiled(connection.dialect)
        driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
        return driver.execute(text, {**constants, **values}, prepare=True).fetchall()

    def _compile(self, dialect: sa.Dialect) -> tuple[bytes, Mapping[str, Any]]:
        """Its text, and the constants in it."""
        compiled = cast(sa.ClauseElement, self._statement).compile(dialect=dialect)
        constants = {name: value for name, value in compiled.params.items() if value is not None}
        return compiled.string.encode(), constants
