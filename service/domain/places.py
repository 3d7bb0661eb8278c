"""Places: which of a site's polls stands where a page names none."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from service.domain import current_polls, polls
from service.domain.permissions import require
from service.errors import PollNotFound, StaleEdit
from service.records import (
    Actor,
    AuditEvent,
    CurrentPoll,
    Permission,
    Place,
    PlacedPoll,
    Poll,
    Site,
    SitePolls,
    Status,
)
from service.stores import Stores

NO_POLL = "This site has no poll to show."
RANDOM_SECONDS = 60
SHOWN = (Status.OPEN, Status.CLOSED)


def poll_at(stores: Stores, site: str, place: Place, now: datetime) -> Poll:
    """The poll that the place of the site with that slug shows at `now`, to all readers alike.

    Raises SiteNotFound, and PollNotFound where the site has none to show.
    """
    slug = _slug_at(stores, site, place, now)
    try:
        return polls.find(stores, slug)
    except PollNotFound:
        stores.places.forget_site(site)  # what was known up to a second ago has it still
    return polls.find(stores, _slug_at(stores, site, place, now))


def current(
    stores: Stores, actor: Actor, site: Site, permission: Permission = Permission.POLLS_READ
) -> CurrentPoll:
    """What the site's owners chose as its current poll, for whoever may do that there. Raises
    SiteNotFound, NotAllowed."""
    require(actor, permission, site.id)
    return stores.places.current(site.id)


def choose(
    stores: Stores,
    actor: Actor,
    site: Site,
    wanted: CurrentPoll,
    now: datetime,
    seen: CurrentPoll | None = None,
) -> None:
    """Make the poll the site's current one; it may be one that is yet to open. `seen` is what the
    actor has seen chosen; None takes whatever stands.

    Raises SiteNotFound, PollNotFound, for polls of other sites too, NotAllowed, StaleEdit.
    """
    require(actor, Permission.POLLS_WRITE, site.id)
    poll = _of_site(stores, actor, site, wanted.slug) if wanted.slug else None

    def tell(stands: CurrentPoll) -> AuditEvent | None:
        if seen not in (None, stands):
            raise StaleEdit
        if stands == wanted:
            return None
        return current_polls.event(actor, site.id, site.slug, stands, wanted, now)

    stores.places.choose(site.id, poll.id if poll else None, tell)


def _of_site(stores: Stores, actor: Actor, site: Site, slug: str) -> Poll:
    poll = polls.managed(stores, actor, slug, Permission.POLLS_WRITE)
    if poll.site_id != site.id:
        raise PollNotFound
    return poll


def _slug_at(stores: Stores, site: str, place: Place, now: datetime) -> str:
    found = stores.places.of_site(site)
    open_now = [poll for poll in found.open if poll.status_at(now) is Status.OPEN]
    if place is Place.CURRENT and found.pinned and found.pinned.status_at(now) in SHOWN:
        return found.pinned.slug
    if place is Place.RANDOM and open_now:
        return _of_this_minute(open_now, site, now).slug
    latest = open_now[0] if open_now else _last(found, now)
    if latest is None:
        raise PollNotFound(NO_POLL)
    return latest.slug


def _last(found: SitePolls, now: datetime) -> PlacedPoll | None:
    """The one that opened last of those that are over, some of them since this was looked up."""
    over = [poll for poll in found.open if poll.status_at(now) is Status.CLOSED]
    return over[0] if over else found.over


def _of_this_minute(open_now: Sequence[PlacedPoll], site: str, now: datetime) -> PlacedPoll:
    """One of the polls by lot, which falls alike everywhere: so that caches can keep it."""
    minute = int(now.timestamp()) // RANDOM_SECONDS
    lot = hashlib.blake2b(f"{site}\0{minute}".encode(), digest_size=8).digest()
    return open_now[int.from_bytes(lot) % len(open_now)]
