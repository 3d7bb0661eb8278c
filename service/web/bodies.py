"""Request bodies: strict JSON in, one clear error for anything else."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from typing import Any

import marshmallow as ma
import orjson
from flask import Request, request

from service.errors import FieldError, MalformedJson, UnsupportedMediaType, ValidationError

View = Callable[..., Any]
DEEPEST = 8
LARGEST_BYTES = 64 * 1024


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        raise ValueError("repeated key")
    return document


STRICT = json.JSONDecoder(object_pairs_hook=_unique)


class StrictParser:
    """What flask-smorest's `arguments` decorator asks of a parser, for JSON bodies alone.

    The schema is made once, and faults are spoken of by JSON pointer.
    """

    DEFAULT_VALIDATION_STATUS = 422

    def use_args(self, schema: ma.Schema, **_: Any) -> Callable[[View], View]:
        """Hand the view the document that the schema loads from the body.

        The view raises UnsupportedMediaType, MalformedJson, ValidationError.
        """

        def decorator(view: View) -> View:
            @wraps(view)
            def wrapper(*args: Any, **kwargs: Any) -> Any:
                return view(load(schema, read_json(request)), *args, **kwargs)

            return wrapper

        return decorator


def load(schema: ma.Schema, document: Any) -> Any:
    """What the schema makes of the document. Raises ValidationError."""
    try:
        return schema.load(document)
    except ma.ValidationError as error:
        raise ValidationError(*_pointed(error.messages)) from None


def read_json(request: Request) -> Any:
    """The request's JSON document. Raises UnsupportedMediaType, MalformedJson."""
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype != "application/json" or charset not in ("utf-8", "utf8"):
        raise UnsupportedMediaType
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise UnsupportedMediaType
    return parse(request.get_data(cache=False))


def parse(body: bytes) -> Any:
    """The document in the body. Raises MalformedJson for all that two readers could read in two
    ways: repeated keys, NaN, bad UTF-8, lone surrogates, a byte order mark, NUL, great depth."""
    try:
        orjson.loads(body)  # stricter about characters and numbers
        document = STRICT.decode(body.decode())  # sees repeated keys
    except (ValueError, RecursionError):
        raise MalformedJson from None
    if b"\\u0000" in body or _too_deep(body, document):
        raise MalformedJson
    return document


def _too_deep(body: bytes, document: Any) -> bool:
    """What opens no more than eight times cannot be deeper: nearly every body, told by counting."""
    return body.count(b"{") + body.count(b"[") > DEEPEST and _depth(document) > DEEPEST


def _depth(value: Any) -> int:
    inner: Iterable[Any] = ()
    if isinstance(value, dict):
        inner = value.values()
    elif isinstance(value, list):
        inner = value
    else:
        return 0
    return 1 + max(map(_depth, inner), default=0)


def _pointed(messages: Any, pointer: str = "") -> Iterator[FieldError]:
    """Flatten marshmallow's nested complaints into pointers and sentences."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            named = key not in ("_schema", "key", "value")  # a Dict field's own two words
            yield from _pointed(inner, f"{pointer}/{key}" if named else pointer)
    elif isinstance(messages, list):
        for text in messages:
            yield from _pointed(text, pointer)
    else:
        yield FieldError(pointer, str(messages))
