"""Bringing the schema up to date, within an application context."""

from pathlib import Path

import flask_migrate

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def migrate() -> None:
    """Run the migrations that are missing."""
    flask_migrate.upgrade(directory=str(MIGRATIONS))
