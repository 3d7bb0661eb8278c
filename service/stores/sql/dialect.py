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


def insert_many(
    connection: sa.Connection, model: type[Base], rows: Sequence[Row]
) -> tuple[Insert, Any]:
    """An insert of the rows that knows ON CONFLICT, with its parameters.

    For PostgreSQL it takes one array a column: the same short statement whatever the number of
    rows, so it is parsed and planned once (a statement with a value list took three times as long).
    """
    if connection.dialect.name == "sqlite":
        return sqlite.insert(model), list(rows)
    names = list(rows[0])
    columns = [model.__table__.c[name] for name in names]
    arrays = [
        sa.cast(sa.bindparam(f"all_{name}", type_=kind), kind)
        for name, kind in ((column.name, postgresql.ARRAY(column.type)) for column in columns)
    ]
    source = sa.func.unnest(*arrays).table_valued(*names).render_derived()
    statement = postgresql.insert(model).from_select(names, sa.select(*source.c))
    return statement, {f"all_{name}": [row[name] for row in rows] for name in names}
