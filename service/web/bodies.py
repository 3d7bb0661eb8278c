"""Request bodies: strict JSON in, one clear error for anything else."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NoReturn

import marshmallow as ma
import orjson
from flask import Request
from webargs.flaskparser import FlaskParser

from service.errors import FieldError, MalformedJson, UnsupportedMediaType, ValidationError

DEEPEST = 8
LARGEST_BYTES = 64 * 1024


class StrictParser(FlaskParser):
    """Reads JSON bodies for the schemas; speaks of faults by JSON pointer."""

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        """The body's JSON document. Raises UnsupportedMediaType, MalformedJson."""
        return read_json(req)

    def handle_error(self, error: ma.ValidationError, *_: Any, **__: Any) -> NoReturn:
        """Raise the schema's complaints as our ValidationError."""
        messages = error.messages_dict.get("json", error.messages)
        raise ValidationError(*_pointed(messages))


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
        document = json.loads(body, object_pairs_hook=_unique)  # sees repeated keys
    except (ValueError, RecursionError):
        raise MalformedJson from None
    if b"\\u0000" in body or _depth(document) > DEEPEST:
        raise MalformedJson
    return document


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        raise ValueError("repeated key")
    return document


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
