"""Answers made once and sent to every reader: JSON bytes with their ETag."""

import hashlib
from collections.abc import Callable
from typing import Any, NamedTuple

import orjson
from flask import Response, request

LARGEST = 1000


class Rendered(NamedTuple):
    """An answer's bytes and the entity tag that names them."""

    body: bytes
    etag: str


class Renderings:
    """The last rendering under each key, made anew when what it shows has changed."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[tuple[Any, ...], Rendered]] = {}

    def get(
        self, key: str, shows: tuple[Any, ...], show: Callable[[], Any], tag: str = ""
    ) -> Rendered:
        """The rendering under the key of what `shows` holds; `tag` begins its entity tag."""
        kept = self._kept.get(key)
        if kept is not None and kept[0] == shows:
            self._kept[key] = (shows, kept[1])  # the next comparison is by identity, which is fast
            return kept[1]
        if len(self._kept) >= LARGEST:
            self._kept.clear()
        rendered = render(show(), tag)
        self._kept[key] = (shows, rendered)
        return rendered


def render(document: Any, tag: str = "") -> Rendered:
    """The document as JSON; `tag` begins its entity tag, the rest follows from the bytes."""
    body = orjson.dumps(document)
    return Rendered(body, f"{tag}{hashlib.blake2b(body, digest_size=8).hexdigest()}")


def conditional(rendered: Rendered, cache_control: str) -> Response:
    """200 with the bytes, or 304 where the reader has them."""
    headers = {"ETag": f'"{rendered.etag}"', "Cache-Control": cache_control}
    if "If-None-Match" in request.headers and request.if_none_match.contains_weak(rendered.etag):
        return Response(None, 304, headers, mimetype="application/json")
    return Response(rendered.body, 200, headers, mimetype="application/json")
