"""The demo poll's rows, so that a test need not make it: to make it is a third of a test's time."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from service import demo
from service.stores import Stores
from service.stores.sql.db import Base, db, writing

Rows = dict[sa.Table, list[dict[str, Any]]]


class DemoRows:
    """What `demo.create` leaves in an empty database: made once, then only written."""

    def __init__(self) -> None:
        self._made: dict[object, Rows] = {}

    def write(self, stores: Stores, origins: Iterable[str], now: datetime) -> None:
        """Make the demo in the running app's database, where nothing is yet."""
        key = (db.engine.dialect.name, *origins, now)
        if key in self._made:
            _write(self._made[key])
        else:
            demo.create(stores, origins, now)
            self._made[key] = _read()


def _read() -> Rows:
    with db.engine.connect() as connection:
        found = {
            table: [_kept(table, row) for row in connection.execute(_in_order(table)).mappings()]
            for table in Base.metadata.sorted_tables
        }
    return {table: rows for table, rows in found.items() if rows}


def _write(made: Rows) -> None:
    with writing(db.engine) as connection:
        for table, rows in made.items():
            connection.execute(table.insert(), rows)


def _in_order(table: sa.Table) -> sa.Select[Any]:
    return sa.select(table).order_by(*table.primary_key)


def _kept(table: sa.Table, row: Mapping[Any, Any]) -> dict[str, Any]:
    """The row without the number that an empty database gives it again."""
    numbered = table.autoincrement_column
    return {name: value for name, value in row.items() if numbered is None or name != numbered.name}
