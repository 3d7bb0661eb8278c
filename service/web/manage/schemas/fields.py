"""Fields that take JSON as it is: no text for a number, no number for yes or no."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from marshmallow import Schema, fields, validate

from service.domain.locales import LONGEST_TAG
from service.domain.translations import MOST_LOCALES

MOMENT = "2026-11-24T12:00:00Z"
NEXT = {"description": "The next page's cursor; null on the last.", "example": None}


class AnswerSchema(Schema):
    """The shape of an answer: all of its fields are always there."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Have the OpenAPI document say so."""
        field_obj.required = True


class GivenMoment(fields.AwareDateTime):
    """A moment that owners decide: sent with its zone, shown in UTC as exactly as it is kept."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="iso", **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> datetime:
        if not isinstance(value, str):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        moment = super()._deserialize(value, attr, data, **options)
        try:
            return moment.astimezone(UTC)
        except OverflowError:
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE) from None

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **_: Any) -> Any:
        return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")


class Flag(fields.Boolean):
    """Yes or no."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


def one_of(default: StrEnum, description: str) -> fields.Enum[Any]:
    """One of the values that the default is one of."""
    return fields.Enum(
        type(default),
        by_value=True,
        load_default=default,
        metadata={"description": description, "example": default.value},
    )


def text_or_null(longest: int, description: str) -> fields.String:
    """A text, or null for none."""
    return fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=longest),
        metadata={"description": description, "example": None},
    )


def translations(noun: str, example: Mapping[str, str], **longest: int) -> fields.Dict:
    """The noun's texts in other languages, each of so many characters at most."""
    texts = {
        name: fields.String(
            allow_none=True,
            validate=validate.Length(max=most),
            metadata={"example": example.get(name)},
        )
        for name, most in longest.items()
    }
    return fields.Dict(
        keys=fields.String(validate=validate.Length(max=LONGEST_TAG)),
        values=fields.Nested(Schema.from_dict({**texts}, name=f"{noun}TextsSchema")),
        load_default={},
        validate=validate.Length(max=MOST_LOCALES),
        metadata={
            "description": "Its texts in other languages by their tags (BCP 47). What is missing, "
            "empty or null falls back to the original.",
            "example": {"fr": example},
        },
    )
