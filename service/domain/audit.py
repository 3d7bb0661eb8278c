"""What was done on a site, by whom."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from service.domain.permissions import require
from service.records import Actor, AuditEvent, Permission, Poll
from service.stores import Stores

OWNER, POLL = "owner:", "poll:"


def about_poll(
    poll: Poll,
    actor: Actor,
    action: str,
    at: datetime,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """What the log has of something done to the poll."""
    return AuditEvent(
        site_id=poll.site_id,
        actor=actor.name,
        action=action,
        subject=f"{POLL}{poll.slug}",
        before=before,
        after=after,
        at=at,
    )


def list_for(
    stores: Stores,
    actor: Actor,
    site_id: int,
    *,
    by: str | None = None,
    about: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[AuditEvent]:
    """The site's newest events; the next page is `before` the last one's id.

    `by` leaves those of one actor, `about` those of one subject, each named as the log names it.
    Raises SiteNotFound, NotAllowed.
    """
    require(actor, Permission.AUDIT_READ, site_id)
    return stores.audit.list_before([site_id], before, limit, by=by, about=about)


def names_of(stores: Stores, events: Iterable[AuditEvent], site_id: int) -> Mapping[str, str]:
    """What the events' actors and subjects are called, by their names there: the e-mail addresses
    of owners, the titles of the site's polls, and below these (`poll:crops/q1/c2`) the texts of
    their questions and choices. Who and what is gone is not among them."""
    named = {name for event in events for name in (event.actor, event.subject)}
    ids = [name.removeprefix(OWNER) for name in named if name.startswith(OWNER)]
    emails = stores.owners.emails(int(number) for number in ids if number.isdecimal())
    slugs = [name.removeprefix(POLL) for name in named if name.startswith(POLL)]
    called = {f"{OWNER}{owner_id}": email for owner_id, email in emails.items()}
    for poll in stores.polls.list_named(site_id, slugs):
        called |= _within(poll)
    return called


def _within(poll: Poll) -> dict[str, str]:
    """The poll's title and texts."""
    name = f"{POLL}{poll.slug}"
    called = {name: poll.title}
    for question in poll.questions:
        called[f"{name}/{question.code}"] = question.text
        for choice in question.choices:
            called[f"{name}/{question.code}/{choice.code}"] = choice.text
    return called
