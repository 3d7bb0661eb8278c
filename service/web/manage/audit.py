"""The audit log, read by programs."""

from typing import Any

from flask import Response

from service.domain import audit
from service.records import Permission
from service.web import auth, current
from service.web.blueprints import ProgramsBlueprint
from service.web.manage import answers
from service.web.manage.schemas.audit import AuditEventSchema, AuditQuery, AuditSchema
from service.web.queries import bad_cursor

blueprint = ProgramsBlueprint(
    "audit", __name__, url_prefix="/v1/audit", description="For programs: the audit log."
)
event_schema = AuditEventSchema()


@blueprint.get("")
@blueprint.needs(Permission.AUDIT_READ, blueprint.lists(AuditSchema, "The site's newest events."))
@blueprint.arguments(AuditQuery(), location="query")
def list_events(query: dict[str, Any]) -> Response:
    """List what was done on the site, by whom."""
    before, limit = query.get("cursor"), query["limit"]
    if before is not None and not (before.isdecimal() and len(before) < 18):
        raise bad_cursor()
    found = audit.list_for(
        current.stores(),
        auth.actor(),
        auth.site_id(),
        before=None if before is None else int(before),
        by=query.get("by"),
        about=query.get("about"),
        limit=limit + 1,
    )
    return answers.listed(event_schema, "events", found, limit, lambda event: str(event.id))
