"""Query parameters, read as strictly as bodies: unknown, repeated or odd ones are named."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any

import marshmallow as ma
from flask import request
from marshmallow import Schema, fields, validate

from service.errors import FieldError, ValidationError
from service.web.bodies import View, load

MOST = 100
CURSOR_LENGTH = 200


class Count(fields.Integer):
    """A whole number written in plain digits."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any
    ) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", str(value), re.ASCII):
            raise self.make_error("invalid", input=value)
        return int(value)


class PageQuery(Schema):
    """Which part of a list to show."""

    limit = Count(
        load_default=50,
        validate=validate.Range(1, MOST),
        metadata={"description": "How many to show, 1 to 100."},
    )
    cursor = fields.String(
        validate=validate.Regexp(rf"^[A-Za-z0-9_.~-]{{1,{CURSOR_LENGTH}}}$"),
        metadata={"description": "Where to go on: as the last answer's `Link` says."},
    )


def use(schema: ma.Schema) -> Callable[[View], View]:
    """Hand the view what the schema loads from the query. The view raises ValidationError."""

    def decorator(view: View) -> View:
        @wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            return view(read(schema), *args, **kwargs)

        return wrapper

    return decorator


def read(schema: ma.Schema) -> dict[str, Any]:
    """What the schema loads from the query. Raises ValidationError, which speaks of the parameter
    `limit` as `?limit`."""
    given = request.args.to_dict(flat=False)
    faults = [
        fault(name, "Give it once, without NUL.")
        for name, values in given.items()
        if len(values) > 1 or "\0" in values[0]
    ]
    if faults:
        raise ValidationError(*faults)
    try:
        loaded: dict[str, Any] = load(schema, {name: values[0] for name, values in given.items()})
    except ValidationError as error:
        raise ValidationError(
            *(fault(each.pointer.removeprefix("/"), each.detail) for each in error.errors)
        ) from None
    return loaded


def bad_cursor() -> ValidationError:
    """What is said of a cursor that no answer of ours has given."""
    return ValidationError(fault("cursor", "Take it from the last answer."))


@contextmanager
def naming(name: str) -> Iterator[None]:
    """Say of the parameter what the domain says of its own argument. Raises ValidationError."""
    try:
        yield
    except ValidationError as error:
        raise ValidationError(fault(name, error.errors[0].detail)) from None


@contextmanager
def naming_the_cursor() -> Iterator[None]:
    """Say of the cursor what the domain says of its own argument. Raises ValidationError."""
    try:
        yield
    except ValidationError:
        raise bad_cursor() from None


def fault(name: str, detail: str) -> FieldError:
    """What is wrong with the parameter."""
    return FieldError(f"?{name}", detail)
