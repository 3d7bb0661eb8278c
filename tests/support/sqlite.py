"""SQLite files of our own."""

import sqlite3
from contextlib import closing
from pathlib import Path

TABLES = """
SELECT name FROM sqlite_master
WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'alembic_version'
"""
TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"


def empty(path: Path) -> None:
    """Leave nothing in the tables but the schema's version, and count ids from 1 again. Unlike a
    fresh copy of the file it disturbs nobody who still has it open."""
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        tables = [name for (name,) in connection.execute(TABLES)]
        triggers = connection.execute(TRIGGERS).fetchall()  # they forbid it for some tables
        script = [
            "PRAGMA synchronous = OFF",
            "BEGIN IMMEDIATE",
            *(f"DROP TRIGGER {name}" for name, _ in triggers),
            *(f"DELETE FROM {name}" for name in (*tables, "sqlite_sequence")),  # noqa: S608 - the schema's own names
            *(sql for _, sql in triggers),
            "COMMIT",
        ]
        connection.executescript(";".join(script))
