"""What was done on a site, by whom."""

from collections.abc import Iterable, Mapping

from service.domain.permissions import require
from service.records import Actor, AuditEvent, Permission
from service.stores import Stores

OWNER = "owner:"


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


def names_of(stores: Stores, events: Iterable[AuditEvent]) -> Mapping[str, str]:
    """The e-mail addresses of the owners that the events name as actors or subjects, by the names
    there. Who has no account any more is not among them."""
    named = {name for event in events for name in (event.actor, event.subject)}
    ids = [name.removeprefix(OWNER) for name in named if name.startswith(OWNER)]
    emails = stores.owners.emails(int(number) for number in ids if number.isdecimal())
    return {f"{OWNER}{owner_id}": email for owner_id, email in emails.items()}
