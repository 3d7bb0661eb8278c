"""Which pages may read and vote: CORS by the site's own list of origins."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Flask, Response, current_app, g, request

from service.config import Settings
from service.domain import polls
from service.errors import OriginNotAllowed, PollNotFound, PollReplaced
from service.records import Poll
from service.web import current

Arguments = ParamSpec("Arguments")
PREFLIGHT_SECONDS = 86400
READ_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After",
}
"""What lets any page read what is public."""


def register(app: Flask) -> None:
    """Put the CORS headers on every answer of the API, errors too."""
    app.before_request(_judge_preflight)
    app.after_request(_allow)


def may_vote(poll: Poll, origin: str | None, settings: Settings) -> bool:
    """Whether pages of the origin may vote: the site's by exact match, and the service's own."""
    return origin in poll.origins or origin == settings.public_origin


def refuse_foreign_pages(detail: str | None = None) -> None:
    """Only our own pages may send what a cookie vouches for. Raises OriginNotAllowed.

    Browsers name the page's origin with every form; the host is ours by whatever name it was
    reached, because other pages' origins differ from it.
    """
    own = {current.settings().public_origin, request.host_url.rstrip("/")}
    if request.headers.get("Origin") not in own:
        raise OriginNotAllowed(detail)
    if request.headers.get("Sec-Fetch-Site", "same-origin") in ("cross-site", "same-site"):
        raise OriginNotAllowed(detail)


def vote_headers(origin: str) -> dict[str, str]:
    """What lets a page of the origin read the answer to its vote."""
    return {
        "Vary": "Origin",
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": "Retry-After",
    }


def votes_only_from_its_pages(view: Callable[Arguments, Response]) -> Callable[Arguments, Response]:
    """Refuse a vote from a foreign page before its body is read; hand the poll on in `g.poll`.

    Raises PollNotFound, OriginNotAllowed.
    """

    @wraps(view)
    def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Response:
        origin = request.headers.get("Origin")
        g.poll = _poll_for(origin, str(kwargs["slug"]))
        g.voting_origin = origin
        return view(*args, **kwargs)

    return guarded


def _poll_for(origin: str | None, slug: str) -> Poll:
    """The poll under the slug, if pages of the origin may vote in it, be it since a moment ago.

    Raises OriginNotAllowed, PollNotFound, and PollReplaced if the slug went to another poll twice.
    """
    try:
        return _known_poll_for(origin, slug)
    except PollReplaced:
        return _known_poll_for(origin, slug)


def _known_poll_for(origin: str | None, slug: str) -> Poll:
    stores, settings = current.stores(), current.settings()
    poll = polls.find_to_vote(stores, slug)
    if not may_vote(poll, origin, settings):
        poll = polls.look_again(stores, poll)
        if not may_vote(poll, origin, settings):
            raise OriginNotAllowed
    return poll


def _allow(response: Response) -> Response:
    if not request.path.startswith("/v1/") or _is_for_programs():
        return response
    if request.method in ("GET", "HEAD"):
        response.headers.update(READ_HEADERS)
        return response
    if "voting_origin" in g:
        response.headers.update(vote_headers(g.voting_origin))
        return response
    response.headers["Vary"] = "Origin"
    if request.method == "OPTIONS" and response.status_code < 400:
        _preflight(response)
    return response


def _is_for_programs() -> bool:
    """Whether the route is one that browsers have no business with."""
    view = current_app.view_functions.get(request.endpoint or "")
    return hasattr(view, "scope")


def _judge_preflight() -> None:
    """Find out who asks before the answer is made, so that a failure is answered as any other."""
    if request.method == "OPTIONS" and request.path.startswith("/v1/"):
        g.preflight = _granted(request.headers.get("Access-Control-Request-Method"))


def _granted(method: str | None) -> tuple[str, str] | None:
    """The method and the origin that a preflight is granted, if it is."""
    if method in ("GET", "HEAD"):
        return "GET", "*"
    if method != "POST" or "slug" not in (request.view_args or {}):
        return None
    origin = request.headers.get("Origin")
    if not origin:
        return None
    try:
        _poll_for(origin, str((request.view_args or {})["slug"]))
    except (PollNotFound, OriginNotAllowed):
        return None
    return "POST", origin


def _preflight(response: Response) -> None:
    response.headers.pop("Content-Type", None)  # there is nothing in it
    if g.get("preflight"):
        method, origin = g.preflight
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Methods"] = method
        response.headers["Access-Control-Allow-Headers"] = "Content-Type, Voxpop-Receipt"
        response.headers["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)
