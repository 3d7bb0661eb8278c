"""How Alembic runs the migrations: on the application's own engine."""

from typing import Any, Literal

from alembic import context
from flask import current_app

from service.stores.sql import models  # noqa: F401 - fills the metadata
from service.stores.sql.db import Base, UtcDateTime, db

SCHEMA_LOCK = 7_607_767  # any number, the same for all web processes of a deployment


def render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our column types into new migrations as what the database knows them by."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run_migrations() -> None:
    """Bring the schema up to date; of several processes that try, one does it."""
    options = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql("SET lock_timeout = 0")
            connection.exec_driver_sql("SET idle_in_transaction_session_timeout = 0")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({SCHEMA_LOCK})")
        if connection.dialect.name == "sqlite":  # a table made anew keeps the rows that refer to it
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection, target_metadata=Base.metadata, render_item=render, **options
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        connection.invalidate()  # its time-outs are the migration's, not a vote's


run_migrations()
