"""Request bodies: strict JSON in, one clear error for anything else."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from io import BytesIO
from typing import IO, Any

import marshmallow as ma
import orjson
from flask import Flask, Request, Response, current_app, request
from werkzeug.wsgi import get_content_length

from service.errors import (
    BodyTooLarge,
    FieldError,
    MalformedJson,
    UnsupportedMediaType,
    ValidationError,
)

View = Callable[..., Any]
DEEPEST = 8
LARGEST_BYTES = 64 * 1024
LARGEST_DEFINITION_BYTES = 2 * 1024 * 1024  # a hundred questions of a hundred choices, as shown
LONGEST_NAME = 64
BODILESS = ("GET", "HEAD", "OPTIONS")
UNKNOWN = ma.Schema._default_error_messages["unknown"]


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        raise ValueError("repeated key")
    return document


# An escaped NUL, and not an escaped backslash before `u0000`.
NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
STRICT = json.JSONDecoder(object_pairs_hook=_unique)


def register(app: Flask) -> None:
    """Refuse bodies that are too long even where nobody says how long they are, and leave none
    unread."""
    app.before_request(_allow)
    app.before_request(_measure)
    app.after_request(_drain)


def up_to(most: int) -> Callable[[View], View]:
    """Let the view's bodies be longer than a ballot can be."""

    def decorator(view: View) -> View:
        view.largest_bytes = most  # type: ignore[attr-defined]
        return view

    return decorator


def too_large(most: int) -> BodyTooLarge:
    """The refusal of a body above the limit."""
    return BodyTooLarge(f"The body is larger than {most // 1024} kB.")


def _allow() -> None:
    """Give the request the limit of its view."""
    view = current_app.view_functions.get(request.endpoint or "")
    if most := getattr(view, "largest_bytes", None):
        request.max_content_length = most


def _measure() -> None:
    """Read a body of no declared length to its end or to the limit, at which Werkzeug would cut it
    without a word. Raises BodyTooLarge."""
    environ = request.environ
    if request.method in BODILESS or get_content_length(environ) is not None:
        return
    if not environ.get("wsgi.input_terminated"):
        return  # Werkzeug reads nothing of it
    most = request.max_content_length or LARGEST_BYTES
    read = iter(lambda: environ["wsgi.input"].read(most + 1), b"")
    body = bytearray()
    for part in read:
        body += part
        if len(body) > most:
            raise too_large(most)
    environ["wsgi.input"], environ["CONTENT_LENGTH"] = BytesIO(body), str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)


def _drain(response: Response) -> Response:
    """Read what nobody wanted of the body: the server would drop the connection over it, maybe
    with the next request on it. Where that is more than any body may be, the answer says so."""
    environ = request.environ
    declared = get_content_length(environ) or 0
    chunked = "HTTP_TRANSFER_ENCODING" in environ and environ.get("wsgi.input_terminated")
    if (declared or chunked) and not _is_drained(environ["wsgi.input"], declared):
        response.headers["Connection"] = "close"
    return response


def _is_drained(body: IO[bytes], declared: int) -> bool:
    """Whether the body's end is reached."""
    if declared > LARGEST_DEFINITION_BYTES:
        return False
    left = LARGEST_DEFINITION_BYTES + 1
    while left > 0 and (part := body.read(min(left, LARGEST_BYTES))):
        left -= len(part)
    return left > 0


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
        raise ValidationError(*_pointed(error.messages, schema)) from None


def read_json(request: Request) -> Any:
    """The request's JSON document. Raises UnsupportedMediaType, MalformedJson."""
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype != "application/json" or charset not in ("utf-8", "utf8"):
        raise UnsupportedMediaType
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise UnsupportedMediaType
    return parse(request.get_data())  # kept: a view may be called once more


def parse(body: bytes) -> Any:
    """The document in the body. Raises MalformedJson for all that two readers could read in two
    ways: repeated keys, NaN, bad UTF-8, lone surrogates, a byte order mark, NUL, great depth."""
    try:
        document = orjson.loads(body)  # stricter about characters and numbers
        if _too_deep(body, document):
            raise MalformedJson
        if orjson.dumps(document) != body:  # else it came out as it went in, and no key repeats
            document = STRICT.decode(body.decode())  # sees repeated keys
    except (ValueError, RecursionError):
        raise MalformedJson from None
    if b"\\u0000" in body and NUL.search(body):
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


Place = ma.Schema | ma.fields.Field[Any] | None
"""Where in a document a complaint is: what the schema expects there, if it knows the place."""


class _Item(ma.fields.Raw):
    """An entry of a Dict field, about which marshmallow complains by the words key and value."""

    def __init__(self, value: Place) -> None:
        super().__init__()
        self.value = value


def _pointed(messages: Any, place: Place, pointer: str = "") -> Iterator[FieldError]:
    """Flatten marshmallow's nested complaints into JSON pointers (RFC 6901) and sentences."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            named = _names_a_place(place, name, inner)
            within = f"{pointer}/{_token(name)}" if named else pointer
            yield from _pointed(inner, _inside(place, name), within)
    elif isinstance(messages, list):
        for text in messages:
            yield from _pointed(text, place, pointer)
    else:
        yield FieldError(pointer, str(messages))


def _names_a_place(place: Place, name: Any, inner: Any) -> bool:
    """Whether the name is one in the document, and not a word of marshmallow's own."""
    if isinstance(place, _Item | ma.fields.Dict):
        return isinstance(place, ma.fields.Dict)
    return name != "_schema" or bool(inner == [UNKNOWN])


def _inside(place: Place, name: Any) -> Place:
    """What is expected under the name."""
    match place:
        case ma.Schema():
            return place.fields.get(name)
        case ma.fields.Nested():
            return place.schema.fields.get(name)
        case ma.fields.Dict():
            return _Item(place.value_field)
        case ma.fields.List():
            return place.inner
        case _Item():
            return place.value
        case _:
            return None


def _token(name: Any) -> str:
    """A field's name as a pointer has it; of one that is longer than any of ours, the beginning."""
    return str(name)[:LONGEST_NAME].replace("~", "~0").replace("/", "~1")
