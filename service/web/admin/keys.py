"""API keys of a site: the list, a new one, the end of one."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, flash, request

from service.domain import keys
from service.errors import FieldError, KeyNotFound, ValidationError
from service.records import ROLE_PERMISSIONS, ApiKey, Permission, Role
from service.web import current, html
from service.web.admin import access, form

SCOPES = {
    Permission.POLLS_READ: "See all polls of the site, drafts too.",
    Permission.POLLS_WRITE: "Make, edit, open, close and delete polls; show readers' texts.",
    Permission.RESULTS_READ: "See and export results, also those that readers do not see.",
    Permission.BALLOTS_READ: "See and export the ballots log and what readers wrote.",
    Permission.BALLOTS_VOID: "Take ballots out of the counts, with a reason, and put them back.",
    Permission.SITES_READ: "See the site's settings and origins.",
    Permission.SITES_WRITE: "Change the site's settings and the origins that may vote.",
    Permission.KEYS_WRITE: "See, make and revoke API keys.",
    Permission.OWNERS_WRITE: "See owners, add and remove them, change their roles.",
    Permission.AUDIT_READ: "Read the audit log.",
}
READER = ROLE_PERMISSIONS[Role.VIEWER]
PRESETS = {
    "reader": READER,
    "editor": ROLE_PERMISSIONS[Role.EDITOR],
    "everything": ROLE_PERMISSIONS[Role.ADMIN],
}
LIFETIMES = {"30": "30 days", "90": "90 days", "365": "one year", "": "until it is revoked"}
PAGE_LENGTH = 50

blueprint = Blueprint("keys", __name__, url_prefix="/sites/<site>/keys")


@blueprint.get("")
def show(site: str) -> Response:
    """The keys there are, and the form for a new one."""
    scopes = PRESETS.get(request.args.get("preset", ""), READER)
    return _page({"name": "", "scopes": scopes, "lifetime": "365"})


@blueprint.post("")
def create(site: str) -> Response:
    """Make a key. Its secret stands in this answer and nowhere else, so there is no redirect."""
    name, scopes = request.form.get("name", ""), request.form.getlist("scopes")
    lifetime = request.form.get("lifetime", "")
    try:
        key, secret = _create(name, scopes, lifetime)
    except ValidationError as error:
        given = {"name": name, "scopes": scopes, "lifetime": lifetime}
        return _page(given, status=422, errors=form.errors_of(error))
    return html.page("admin/key_created.html", status=201, key=key, secret=secret, scopes=SCOPES)


@blueprint.get("/<prefix>/revoke")
def ask(site: str, prefix: str) -> Response:
    """What revoking means, before it is done."""
    return html.page("admin/key_revoke.html", key=_find(prefix))


@blueprint.post("/<prefix>/revoke")
def revoke(site: str, prefix: str) -> Response:
    """End a key for good."""
    key = _find(prefix)
    keys.revoke(current.stores(), access.actor(), key.prefix, current.now())
    flash(f"The key “{key.name}” is revoked: it opens nothing any more.")
    return html.see_other(f"{current.ADMIN}/sites/{access.current_site().slug}/keys")


def _page(given: Mapping[str, Any], *, status: int = 200, **values: Any) -> Response:
    found = keys.list_for(
        current.stores(),
        access.actor(),
        access.current_site().id,
        before=request.args.get("before"),
        limit=PAGE_LENGTH + 1,
    )
    shown = found[:PAGE_LENGTH]
    return html.page(
        "admin/keys.html",
        status=status,
        keys=shown,
        older=shown[-1].prefix if len(found) > PAGE_LENGTH else None,
        given=given,
        scopes=SCOPES,
        presets=PRESETS,
        lifetimes=LIFETIMES,
        now=current.now(),
        **{"errors": {}, **values},
    )


def _create(name: str, scopes: Sequence[str], lifetime: str) -> tuple[ApiKey, str]:
    """Raises ValidationError."""
    now = current.now()
    if lifetime not in LIFETIMES or not set(scopes) <= set(Permission):
        raise ValidationError(FieldError("/scopes", "Choose from what is offered."))
    expires_at = now + timedelta(days=int(lifetime)) if lifetime else None
    permissions = map(Permission, scopes)
    return keys.create(
        current.stores(),
        access.actor(),
        access.current_site().id,
        name,
        permissions,
        expires_at,
        now,
    )


def _find(prefix: str) -> ApiKey:
    """The key of this site. Raises KeyNotFound, NotAllowed."""
    key = keys.find(current.stores(), access.actor(), prefix)
    if key.site_id != access.current_site().id:
        raise KeyNotFound
    return key
