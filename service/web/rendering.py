"""Answers made once and sent to every reader: JSON bytes with their ETag."""

import hashlib
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, NamedTuple

import orjson
from flask import Response, request
from werkzeug.http import parse_etags

JSON = "application/json"
# Some five thousand polls as readers get them: each is rendered once a language.
MOST_BYTES = 16 * 1024 * 1024


class Rendered(NamedTuple):
    """An answer's bytes and the entity tag that names them."""

    body: bytes
    etag: str


@dataclass(slots=True)
class _Kept:
    shows: tuple[Any, ...]
    rendered: Rendered


class Renderings:
    """The last rendering under each key, made anew when what it shows has changed; those made last,
    as far as they take no more than so many bytes."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._kept: dict[Hashable, _Kept] = {}  # the oldest first
        self._changing = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(
        self, key: Hashable, shows: tuple[Any, ...], show: Callable[[], Any], tag: str = ""
    ) -> Rendered:
        """The rendering under the key of what `shows` holds; `tag` begins its entity tag."""
        kept = self._kept.get(key)
        if kept is not None and kept.shows == shows:
            kept.shows = shows  # the next comparison is by identity, which is fast
            return kept.rendered
        rendered = render(show(), tag)
        self._keep(key, _Kept(shows, rendered))
        return rendered

    def _keep(self, key: Hashable, kept: _Kept) -> None:
        with self._changing:
            self._drop(key)
            self._kept[key] = kept
            self._bytes += len(kept.rendered.body)
            while self._bytes > self._most_bytes:
                self._drop(next(iter(self._kept)))

    def _drop(self, key: Hashable) -> None:
        if kept := self._kept.pop(key, None):
            self._bytes -= len(kept.rendered.body)


def render(document: Any, tag: str = "") -> Rendered:
    """The document as JSON; `tag` begins its entity tag, the rest follows from the bytes."""
    body = orjson.dumps(document)
    return Rendered(body, f"{tag}{hashlib.blake2b(body, digest_size=8).hexdigest()}")


class Answer(NamedTuple):
    """What is sent: JSON, unless its headers say of what type it is, or nothing with a 304."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def answer(rendered: Rendered, cache_control: str, known: str | None) -> Answer:
    """200 with the bytes, or 304 to a reader who has them: `known` is their If-None-Match."""
    headers = {"ETag": f'"{rendered.etag}"', "Cache-Control": cache_control}
    if known is not None and parse_etags(known).contains_weak(rendered.etag):
        return Answer(304, headers, b"")
    return Answer(200, headers, rendered.body)


def response(answer: Answer) -> Response:
    """The answer for Flask."""
    mimetype = answer.headers.get("Content-Type", JSON)
    return Response(answer.body, answer.status, answer.headers, mimetype=mimetype)


def conditional(rendered: Rendered, cache_control: str) -> Response:
    """The answer to this request for what is rendered."""
    return response(answer(rendered, cache_control, request.headers.get("If-None-Match")))
