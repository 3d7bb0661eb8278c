"""What was done on a site, by whom."""

from service.domain.permissions import require
from service.records import Actor, AuditEvent, Permission
from service.stores import Stores


def list_for(
    stores: Stores, actor: Actor, site_id: int, *, before: int | None = None, limit: int = 50
) -> list[AuditEvent]:
    """The site's newest events; the next page is `before` the last one's id.

    Raises SiteNotFound, NotAllowed.
    """
    require(actor, Permission.AUDIT_READ, site_id)
    return stores.audit.list_before([site_id], before, limit)
