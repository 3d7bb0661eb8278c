"""What the columns of several tables share."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

Json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def one_of(column: str, values: type[StrEnum]) -> sa.CheckConstraint:
    """The column holds one of the enumeration's values."""
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)
