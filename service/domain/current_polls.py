"""The poll that stands where a page asks for a site's current one: how its changes are logged."""

from datetime import datetime

from service.records import Actor, AuditEvent, CurrentPoll


def event(
    actor: Actor,
    site_id: int,
    site_slug: str,
    before: CurrentPoll,
    after: CurrentPoll,
    now: datetime,
) -> AuditEvent:
    """What the log has of a change."""
    return AuditEvent(
        site_id=site_id,
        actor=actor.name,
        action="site.current_poll",
        subject=f"site:{site_slug}",
        before={"current_poll": before.slug},
        after={"current_poll": after.slug},
        at=now,
    )
