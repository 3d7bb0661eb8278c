"""How the database goes about each statement of ours, as it says itself."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from unittest.mock import patch

import sqlalchemy as sa

from service.stores.sql.hot import HotStatement

Read = tuple[str, tuple[str, ...]]
"""A table, and the columns of the index by which it is read; none where it is read whole."""

INDEXES = """
SELECT i.relname, t.relname, array_agg(a.attname ORDER BY k.place)
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
CROSS JOIN LATERAL unnest(x.indkey) WITH ORDINALITY AS k(attnum, place)
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum
WHERE t.relnamespace = 'public'::regnamespace GROUP BY 1, 2
"""
STEP = re.compile(r"(SCAN|SEARCH) (\w+)(?: .*?INDEX (\w+))?")


class Plans:
    """Notes the plan of whatever is asked; the `large` tables have many rows."""

    def __init__(self, engine: sa.Engine, *large: str) -> None:
        self._large = large
        self._reads: set[Read] = set()
        self._is_postgresql = engine.dialect.name == "postgresql"
        with engine.connect() as connection:
            self._indexes = dict(_indexes(connection))

    @property
    def indexes(self) -> set[Read]:
        """All that there are."""
        return set(self._indexes.values())

    def of(self, action: Callable[[], object]) -> dict[str, set[tuple[str, ...]]]:
        """By which indexes each table is read, in all that the action asks."""
        self._reads.clear()
        told = (sa.Engine, "before_cursor_execute", self._note)  # long reads have an engine apart
        sa.event.listen(*told)
        try:
            with patch.object(HotStatement, "rows", self._noting(HotStatement.rows)):
                action()
        finally:
            sa.event.remove(*told)
        tables = {table for table, _ in self._reads} & {table for table, _ in self.indexes}
        return {table: {by for one, by in self._reads if one == table} for table in tables}

    def _noting(self, run: Callable[..., Any]) -> Callable[..., Any]:
        """What the driver is handed past SQLAlchemy is noted, too."""

        def rows(hot: HotStatement, connection: sa.Connection, values: Mapping[str, Any]) -> Any:
            if self._is_postgresql:
                text, constants = hot._compiled(connection.dialect)
                self._note(connection, None, text.decode(), {**constants, **values})
            return run(hot, connection, values)

        return rows

    def _note(
        self, connection: sa.Connection, _cursor: object, statement: str, given: Any, *_: object
    ) -> None:
        if statement.split(maxsplit=1)[0] in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"):
            one = given[0] if isinstance(given, list) else given
            explain = self._in_postgresql if self._is_postgresql else self._in_sqlite
            self._reads.update(explain(connection.connection.cursor(), statement, one))

    def _in_sqlite(self, cursor: Any, statement: str, given: Any) -> Iterator[Read]:
        for *_, detail in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", given):
            if step := STEP.match(detail):
                kind, table, index = step.groups()
                by = self._indexes.get(index, (table, ("id",)))
                yield by if kind == "SEARCH" else (table, ())

    def _in_postgresql(self, cursor: Any, statement: str, given: Any) -> Iterator[Read]:
        """As the planner goes about it where there are many rows. Of the other tables, which it
        rightly reads whole as long as they have few: as if that were dear."""
        for setting, is_large in (("on", True), ("off", False)):
            cursor.execute(f"SET LOCAL enable_seqscan = {setting}")
            cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", given)
            [[[plan]]] = cursor.fetchall()
            for table, columns in self._walk(plan["Plan"]):
                if (table in self._large) is is_large:
                    yield table, columns
        cursor.execute("SET LOCAL enable_seqscan = DEFAULT")

    def _walk(self, node: dict[str, Any]) -> Iterator[Read]:
        if node["Node Type"] == "Seq Scan":
            yield node["Relation Name"], ()
        elif index := node.get("Index Name"):
            table, columns = self._indexes[index]
            yield table, columns if "Index Cond" in node else ()
        for below in node.get("Plans", []):
            yield from self._walk(below)


def _indexes(connection: sa.Connection) -> Iterator[tuple[str, Read]]:
    if connection.dialect.name == "postgresql":
        for index, table, columns in connection.exec_driver_sql(INDEXES):
            yield index, (table, tuple(columns))
        return
    for table, index in connection.exec_driver_sql(
        "SELECT tbl_name, name FROM sqlite_master WHERE type = 'index'"
    ).all():
        columns = connection.exec_driver_sql(f"PRAGMA index_info({index})")
        yield index, (table, tuple(row.name for row in columns))
