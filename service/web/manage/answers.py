"""Answers for programs: private, with an entity tag, and lists page by page."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

import orjson
from flask import Response, request
from marshmallow import Schema

from service.web.mount import under
from service.web.rendering import Rendered, conditional, render

Thing = TypeVar("Thing")
# A program may keep what it read, and asks each time whether that still holds.
PRIVATE = "private, no-cache"
SECRET = "private, no-store"  # noqa: S105 - what an answer that holds one is marked with


def rendered(schema: Schema, thing: object, tag: str = "") -> Rendered:
    """The thing as the schema shows it, with its entity tag, which `tag` begins."""
    return render(schema.dump(thing), tag)


def shown(schema: Schema, thing: object, tag: str = "") -> Response:
    """200 with the thing, or 304 where the program has it."""
    return _for_one_key(conditional(rendered(schema, thing, tag), PRIVATE))


def listed(
    schema: Schema,
    name: str,
    found: Sequence[Thing],
    limit: int,
    cursor_of: Callable[[Thing], str],
) -> Response:
    """200 with a page of a list under its name, or 304.

    Of what was found, which is one more than the limit where there is a next page.
    """
    items = found[:limit]
    following = cursor_of(items[-1]) if len(found) > limit else None
    return page(schema, name, items, following)


def page(
    schema: Schema, name: str, items: Sequence[object], following: str | None = None
) -> Response:
    """200 with a page of a list under its name, or 304; `following` is the next one's cursor."""
    document = {name: schema.dump(items, many=True), "next": following}
    response = _for_one_key(conditional(render(document), PRIVATE))
    if following is not None:
        query = urlencode({**request.args.to_dict(), "cursor": following})
        response.headers["Link"] = f'<{under(request.path)}?{query}>; rel="next"'
    return response


def done(schema: Schema, thing: object, tag: str = "", *, status: int = 200) -> Response:
    """What a call has made of the thing."""
    body, etag = rendered(schema, thing, tag)
    headers = {"ETag": f'"{etag}"', "Cache-Control": SECRET}
    return Response(body, status, headers, mimetype="application/json")


def made(schema: Schema, thing: object, path: str, tag: str = "") -> Response:
    """201 with the new thing, which stands under the path."""
    response = done(schema, thing, tag, status=201)
    response.headers["Location"] = path
    return response


def plain(document: Mapping[str, Any]) -> Response:
    """200 with a document that is not kept."""
    headers = {"Cache-Control": SECRET}
    return Response(orjson.dumps(document), 200, headers, mimetype="application/json")


def nothing() -> Response:
    """204: it is done, and there is nothing to tell."""
    return Response(None, 204, {"Cache-Control": SECRET})


def _for_one_key(response: Response) -> Response:
    response.vary.add("Authorization")
    return response
