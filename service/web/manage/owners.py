"""The owners of the key's site, managed by programs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Response

from service.domain import owners
from service.errors import OwnerNotFound
from service.records import Owner, Permission, Role
from service.web import auth, current
from service.web.blueprints import ProgramsBlueprint
from service.web.manage import answers, versions
from service.web.manage.idempotency import claim, once
from service.web.manage.schemas.owners import (
    AddedOwnerSchema,
    NewOwnerSchema,
    OwnerSchema,
    OwnersSchema,
    RoleSchema,
)
from service.web.rendering import Rendered

blueprint = ProgramsBlueprint(
    "owners", __name__, url_prefix="/v1/owners", description="For programs: the site's owners."
)
owner_schema = OwnerSchema()
added_schema = AddedOwnerSchema()


@blueprint.get("")
@blueprint.needs(Permission.OWNERS_WRITE, blueprint.lists(OwnersSchema, "All of the owners."))
def list_owners() -> Response:
    """List the site's owners."""
    found = owners.list_for(current.stores(), auth.actor(), auth.site_id())
    return answers.page(owner_schema, "owners", [_shown(owner) for owner in found])


@blueprint.post("")
@blueprint.makes(
    Permission.OWNERS_WRITE,
    AddedOwnerSchema,
    "The owner, and a new account's password.",
    p403="`not_allowed`: also where the role would be allowed more than your key",
    p409="`email_taken`",
)
@once
@blueprint.arguments(NewOwnerSchema())
def add_owner(body: dict[str, Any]) -> Response:
    """Make somebody an owner of the site. Who has an account joins with the password they have."""
    stores, actor, now = current.stores(), auth.actor(), current.now()
    email, role = body["email"], body["role"]
    return _made(*owners.add(stores, actor, auth.site_id(), email, role, now, claim(_made)))


@blueprint.get("/<owner>")
@blueprint.needs(
    Permission.OWNERS_WRITE, blueprint.shows(OwnerSchema, "The owner."), p404="`owner_not_found`"
)
def show_owner(owner: str) -> Response:
    """Show one of the site's owners."""
    return answers.shown(owner_schema, _shown(_find(owner)))


@blueprint.put("/<owner>")
@blueprint.needs(
    Permission.OWNERS_WRITE,
    blueprint.edits(OwnerSchema, "The owner as they are now."),
    p403="`not_allowed`: also where the role would be allowed more than your key",
    p404="`owner_not_found`",
    p409="`last_admin`",
)
@blueprint.arguments(RoleSchema())
def set_role(body: dict[str, Any], owner: str) -> Response:
    """Give an owner another role on the site."""
    found, role = _find(owner), body["role"]
    with _as_seen(found) as seen:
        owners.set_role(
            current.stores(), auth.actor(), auth.site_id(), found.id, role, current.now(), seen
        )
    return answers.done(owner_schema, _shown(found, role))


@blueprint.delete("/<owner>")
@blueprint.needs(
    Permission.OWNERS_WRITE,
    blueprint.removes("They own the site no longer.", versioned=True),
    p404="`owner_not_found`",
    p409="`last_admin`",
)
def remove_owner(owner: str) -> Response:
    """Take an owner from the site. Their account stays."""
    found = _find(owner)
    with _as_seen(found) as seen:
        owners.remove(current.stores(), auth.actor(), auth.site_id(), found.id, current.now(), seen)
    return answers.nothing()


@contextmanager
def _as_seen(owner: Owner) -> Iterator[Role | None]:
    """Act on the owner as the program has seen them: in this role, or in any. Raises StaleEdit."""
    versions.check(_rendered(owner))
    with versions.telling(lambda: _rendered(_find(str(owner.id)))):
        yield versions.named(owner.roles[auth.site_id()])


def _rendered(owner: Owner) -> Rendered:
    return answers.rendered(owner_schema, _shown(owner))


def _made(owner: Owner, password: str | None = None) -> Response:
    added = {"owner": _shown(owner), "password": password}
    return answers.made(added_schema, added, f"/v1/owners/{owner.id}")


def _find(owner_id: str) -> Owner:
    for owner in owners.list_for(current.stores(), auth.actor(), auth.site_id()):
        if str(owner.id) == owner_id:
            return owner
    raise OwnerNotFound


def _shown(owner: Owner, role: Role | None = None) -> dict[str, Any]:
    return {
        "id": owner.id,
        "email": owner.email,
        "role": role or owner.roles[auth.site_id()],
        "created_at": owner.created_at,
    }
