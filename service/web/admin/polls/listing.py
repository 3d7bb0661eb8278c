"""The list of a site's polls."""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from service.domain import places, poll_lists
from service.errors import ValidationError
from service.records import PollPage, PollQuery, Status
from service.web import current, html
from service.web.admin import access, here
from service.web.admin.polls import words

LONGEST_SEARCH = 200
PAGE = 20

blueprint = Blueprint("listing", __name__)


@blueprint.get("/")
def show_list(site: str) -> Response:
    """The polls that the address asks for, newest first; htmx takes the list alone out of it."""
    here_site, now = access.current_site(), current.now()
    text = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    status = _status(request.args.get("status", ""))
    query = PollQuery(
        site_id=here_site.id,
        text=text or None,
        status=status,
        after=request.args.get("after") or None,
        limit=PAGE,
    )
    found = _page(query)
    return html.page(
        "admin/polls/list.html",
        polls=found.items,
        current=places.current(current.stores(), access.actor(), here_site).slug,
        repeated=_repeated(item.poll.title for item in found.items),
        standing_of=lambda poll: poll.status_at(now),
        next=_address(text, status, found.next) if found.next else None,
        first=_address(text, status, None) if query.after else None,
        text=text,
        chosen=status.value if status else "",
        statuses=words.STATUSES,
        asked=bool(text or status or query.after),
    )


def _page(query: PollQuery) -> PollPage:
    """The page; after a cursor that no list of ours gave there is nothing."""
    stores, actor, now = current.stores(), access.actor(), current.now()
    try:
        return poll_lists.page(stores, actor, query, now)
    except ValidationError:
        return PollPage((), None)


def _repeated(titles: Iterable[str]) -> set[str]:
    """The titles that do not tell two polls apart, as those of a poll and its copy."""
    return {title for title, times in Counter(titles).items() if times > 1}


def _status(asked: str) -> Status | None:
    try:
        return Status(asked)
    except ValueError:
        return None


def _address(text: str, status: Status | None, after: str | None) -> str:
    asked: dict[str, Any] = {"q": text, "status": status and status.value, "after": after}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{here.site_path()}/?{query}" if query else f"{here.site_path()}/"
