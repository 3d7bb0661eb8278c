"""`INSERT ... ON CONFLICT`, which SQLAlchemy offers by dialect only."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from service.stores.sql.db import Base

Insert = postgresql.Insert | sqlite.Insert


def insert(connection: sa.Connection, model: type[Base]) -> Insert:
    """An insert into the model's table that knows ON CONFLICT."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(model)
    return postgresql.insert(model)
