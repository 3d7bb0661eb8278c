"""Addresses that name a poll by its slug, which may be another poll's by now."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Response

from service.domain import polls
from service.errors import PollReplaced
from service.records import Poll
from service.stores import Stores
from service.web import current, html

Arguments = ParamSpec("Arguments")


def poll_for_reader(slug: str, find: Callable[[Stores, str], Poll] = polls.find) -> Poll:
    """The poll that a page is about, which then speaks the poll's language unless it is asked for
    in another one. Raises PollNotFound, TemporarilyUnavailable."""
    poll = find(current.stores(), slug)
    html.speak(poll.locale)
    return poll


def page_address(poll: Poll, public_url: str) -> str:
    """The poll's own page."""
    return f"{public_url}/polls/{poll.slug}"


def of_whichever_poll_stands(view: Callable[Arguments, Response]) -> Callable[Arguments, Response]:
    """Call the view once more where the poll that it found is replaced by another under its slug:
    that is the one that the reader's page names."""

    @wraps(view)
    def found_anew(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Response:
        try:
            return view(*args, **kwargs)
        except PollReplaced:
            return view(*args, **kwargs)

    return found_anew
