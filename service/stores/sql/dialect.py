"""`INSERT ... ON CONFLICT` of many rows, which SQLAlchemy offers by dialect only."""

from collections.abc import Mapping, Sequence
from typing import Any

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


def insert_many(dialect: str, model: type[Base], names: Sequence[str]) -> Insert:
    """An insert of many rows of the named columns that knows ON CONFLICT.

    For PostgreSQL it takes one array a column: the same short statement whatever the number of
    rows, so it is parsed and planned once. Callers keep the statement: making it costs as much as
    running it.
    """
    if dialect == "sqlite":
        return sqlite.insert(model).values({name: sa.bindparam(name) for name in names})
    kinds = {name: postgresql.ARRAY(model.__table__.c[name].type) for name in names}
    arrays = [sa.cast(sa.bindparam(name, type_=kind), kind) for name, kind in kinds.items()]
    source = sa.func.unnest(*arrays).table_valued(*names).render_derived()
    return postgresql.insert(model).from_select(list(names), sa.select(*source.c))


def parameters(dialect: str, rows: Sequence[Row]) -> Any:
    """The rows as `insert_many`'s statement takes them."""
    if dialect == "sqlite":
        return list(rows)
    return {name: [row[name] for row in rows] for name in rows[0]}
