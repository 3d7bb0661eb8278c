"""The archive of polls, as readers page through it and search it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, abort, request

from service.domain import archive
from service.records import ArchiveEntry, ArchiveQuery, Site
from service.web import catalogues, current, html, pictures

PATH = "/polls"
ARCHIVE_CACHE = "public, max-age=10, stale-while-revalidate=60"
CURSOR = re.compile(r"[0-9]{1,10}", re.ASCII)
LARGEST_ID = 2**31 - 1

blueprint = Blueprint("archive", __name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the archive is asked for; other parameters of the address mean nothing."""

    text: str
    site: Site | None
    older: int | None
    newer: int | None

    @property
    def query(self) -> ArchiveQuery:
        """The same as the domain takes it."""
        site_id = self.site.id if self.site else None
        return ArchiveQuery(site_id=site_id, text=self.text, older=self.older, newer=self.newer)

    def address(self, **cursor: int | None) -> str:
        """The page of the same list at the cursor; without one its first."""
        given = {"q": self.text, "site": self.site.slug if self.site else None, **cursor}
        return html.at(PATH, **{name: str(value) for name, value in given.items() if value})


@blueprint.get(PATH)
def show_archive() -> Response:
    """The polls that have opened, newest first."""
    asked, now = _asked(), current.now()
    stores = current.stores()
    sites = stores.archive.sites(now)
    html.speak(_locale(asked, sites))
    page = archive.page(stores, asked.query, now, request.args.get("locale"))
    return html.page(
        "archive.html",
        cache_control=ARCHIVE_CACHE,
        asked=asked,
        page=page,
        now=now,
        sites=sites,
        own=asked.address(older=asked.older, newer=asked.newer),
        older=asked.address(older=page.older) if page.older else None,
        newer=asked.address(newer=page.newer) if page.newer else None,
        card=_card(page.items[0]) if page.items else None,
    )


def _card(entry: ArchiveEntry) -> str:
    """The picture of a poll of the list, in the language in which its question stands there."""
    other = entry.question_locale if entry.question_locale != entry.locale else None
    return pictures.card_address(current.settings().public_url, entry.slug, other)


def _asked() -> Asked:
    """What the address asks for. Raises SiteNotFound, NotFound for a cursor that is none."""
    slug = request.args.get("site")
    older, newer = _cursor("older"), _cursor("newer")
    return Asked(
        text=request.args.get("q", "").strip()[: archive.LONGEST_TEXT],
        site=current.stores().sites.find(slug) if slug else None,
        older=older,
        newer=None if older else newer,
    )


def _cursor(name: str) -> int | None:
    given = request.args.get(name)
    if not given:
        return None
    if not CURSOR.fullmatch(given) or int(given) > LARGEST_ID:
        abort(404)
    return int(given)


def _locale(asked: Asked, sites: Sequence[tuple[str, str, str]]) -> str:
    """The language of the site that is asked for, or of the only one; else English."""
    if asked.site:
        return asked.site.locale
    return sites[0][2] if len(sites) == 1 else catalogues.SOURCE
