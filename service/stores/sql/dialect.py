"""`INSERT ... ON CONFLICT` of many rows, which SQLAlchemy offers by dialect only."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from service.stores.sql.db import Base

Insert = postgresql.Insert | sqlite.Insert
Row = Mapping[str, Any]


def insert(connection: sa.Connection, model: type[Base]) -> Insert:
    """An insert of one row into the model's table that knows ON CONFLICT."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(model)
    return postgresql.insert(model)


def insert_many(
    dialect: str,
    model: type[Base],
    names: Sequence[str],
    shared: Sequence[str] = (),
    document: str = "rows",
) -> Insert:
    """An insert of many rows of the named columns, which share the values of some others, that
    knows ON CONFLICT.

    For PostgreSQL it takes all rows as one JSON document: the same short statement whatever their
    number, so it is parsed and planned once, and one parameter, which costs a fifth of what arrays
    cost the driver. Callers keep the statement: making it costs as much as running it.
    """
    if dialect == "sqlite":
        return sqlite.insert(model).values({name: sa.bindparam(name) for name in (*names, *shared)})
    rows = records(model, names, document)
    same = [sa.bindparam(name, type_=model.__table__.c[name].type) for name in shared]
    selected = sa.select(*rows.c, *same).select_from(rows)
    return postgresql.insert(model).from_select([*names, *shared], selected)


def records(model: type[Base], names: Sequence[str], document: str) -> sa.TableValuedAlias:
    """The rows of the JSON document in the named parameter, as PostgreSQL reads them."""
    parameter = sa.cast(sa.bindparam(document, type_=sa.Text), postgresql.JSONB)
    columns = [sa.column(name, model.__table__.c[name].type) for name in names]
    source = sa.func.jsonb_to_recordset(parameter).table_valued(*columns)
    return source.render_derived(f"given_{document}", with_types=True)


def parameters(dialect: str, rows: Sequence[Row]) -> Any:
    """The rows as `insert_many`'s statement takes them."""
    if dialect == "sqlite":
        return list(rows)
    return {"rows": as_document(rows)}


def as_document(rows: Sequence[Row]) -> str:
    """The rows as the JSON document that PostgreSQL reads them from."""
    return orjson.dumps(rows, default=_as_text).decode()


def _as_text(value: Any) -> str:
    """What JSON has no word for, as PostgreSQL reads it: bytes as hexadecimal."""
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    raise TypeError(type(value).__name__)
