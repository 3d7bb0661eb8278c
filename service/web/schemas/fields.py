"""What the fields of several shapes share."""

from datetime import datetime
from typing import Any

from marshmallow import fields

CODE_LENGTH = 32


class Moment(fields.DateTime):
    """A moment in UTC, to the second: `2026-11-22T21:34:00Z`."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **_: Any) -> Any:
        return None if value is None else in_seconds(value)


def in_seconds(moment: datetime) -> str:
    """A moment as the API writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
