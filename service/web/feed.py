"""The feed of polls: for feed readers, and for programs that write newsletters."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request

from service.domain import archive, polls
from service.errors import PollNotFound
from service.records import ArchiveQuery, Poll
from service.web import current, pictures, snippets, xml
from service.web.addresses import page_address
from service.web.archive import ARCHIVE_CACHE

PATH = "/polls.atom"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)

blueprint = Blueprint("feed", __name__)


class Entry(NamedTuple):
    """A poll in the feed; `content` is what newsletters get of it."""

    poll: Poll
    title: str
    address: str
    picture: str
    content: str
    opened_at: datetime

    @property
    def updated_at(self) -> datetime:
        """When it was last changed; a poll that was written before it opened, when it opened."""
        return max(self.poll.updated_at, self.opened_at)


@blueprint.get(PATH)
def show_feed() -> Response:
    """The newest polls that have opened, of all sites or of the one that `site` names."""
    slug = request.args.get("site")
    site = current.stores().sites.find(slug) if slug else None
    now, public_url = current.now(), current.settings().public_url
    page = archive.page(current.stores(), ArchiveQuery(site_id=site.id if site else None), now)
    query = f"?{urlencode({'site': site.slug})}" if site else ""
    entries = list(_entries([item.slug for item in page.items], now, public_url))
    text = render_template(
        "feed.xml", site=site, query=query, entries=entries, updated_at=_updated_at(entries)
    )
    response = Response(xml.clean(text), mimetype="application/atom+xml")
    response.headers["Cache-Control"] = ARCHIVE_CACHE
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.add_etag()
    response.make_conditional(request)
    return response


def _updated_at(entries: list[Entry]) -> datetime:
    """When something in the feed was last changed or added."""
    return max((entry.updated_at for entry in entries), default=NEVER)


def _entries(slugs: list[str], now: datetime, public_url: str) -> Iterator[Entry]:
    for slug in slugs:
        with suppress(PollNotFound):  # removed a moment ago
            poll = polls.find(current.stores(), slug)
            yield Entry(
                poll=poll,
                title=poll.subject_at(now),
                address=page_address(poll, public_url),
                picture=pictures.picture_address(public_url, slug),
                content=snippets.mail(poll, now, public_url),
                opened_at=poll.schedule.opens_at or poll.created_at,
            )
