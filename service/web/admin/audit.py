"""The audit log of a site."""

import re
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from service.domain import audit
from service.errors import FieldError, ValidationError
from service.web import current, html
from service.web.admin import access, sentences

PAGE_LENGTH = 50
LARGEST_ID = 2**63 - 1
PLACE = re.compile(r"[0-9]{1,19}")

blueprint = Blueprint("audit", __name__, url_prefix="/sites/<site>/audit")


@blueprint.get("")
def show(site: str) -> Response:
    """Who did what, newest first."""
    by, about = request.args.get("by") or None, request.args.get("about") or None
    narrowed = {name: value for name, value in (("by", by), ("about", about)) if value}
    stores, actor, site_here = current.stores(), access.actor(), access.current_site()
    events = audit.list_for(
        stores, actor, site_here.id, by=by, about=about, before=_before(), limit=PAGE_LENGTH + 1
    )
    shown = events[:PAGE_LENGTH]
    names = audit.names_of(stores, shown, site_here.id)
    return html.page(
        "admin/audit.html",
        told=[sentences.tell(event, names, site_here.timezone) for event in shown],
        narrowed=narrowed,
        newest=urlencode(narrowed),
        older=len(events) > PAGE_LENGTH and urlencode({**narrowed, "before": shown[-1].id}),
    )


def _before() -> int | None:
    """Where the page begins. Raises ValidationError."""
    text = request.args.get("before")
    if text is None:
        return None
    if not PLACE.fullmatch(text) or int(text) > LARGEST_ID:
        raise ValidationError(FieldError("/before", "This is no page of the log."))
    return int(text)
