"""A site's owners."""

from flask import Blueprint, Response, flash, request

from service.domain import owners
from service.errors import (
    EmailTaken,
    FieldError,
    LastAdmin,
    OwnerNotFound,
    ValidationError,
)
from service.records import Owner, Role
from service.web import current, html
from service.web.admin import access, form
from service.web.errors import STATUSES

ROLES = {
    Role.ADMIN: "Admin: everything, owners and keys too",
    Role.EDITOR: "Editor: makes and runs polls",
    Role.VIEWER: "Viewer: sees polls, results and ballots",
}

MAY_NOW = {
    Role.ADMIN: "is an admin of this site now",
    Role.EDITOR: "can make and run polls on this site now",
    Role.VIEWER: "can view this site now",
}
ONLY_ADMIN = "You are the only admin: make somebody else admin first."

blueprint = Blueprint("owners", __name__, url_prefix="/sites/<site>/owners")


@blueprint.get("")
def show_list(site: str) -> Response:
    """The owners, and a form to add one."""
    return _page()


@blueprint.post("")
def add(site: str) -> Response:
    """Make somebody an owner of the site; who is new gets a password, shown this once."""
    place, email = access.current_site(), request.form.get("email", "")
    try:
        role = _role()
        added, password = owners.add(
            current.stores(), access.actor(), place.id, email, role, current.now()
        )
    except ValidationError as error:
        return _page(422, values=request.form.to_dict(), errors=form.errors_of(error))
    except EmailTaken as error:
        return _page(409, values=request.form.to_dict(), errors={"email": str(error)})
    if password is not None:
        return _page(added=added, password=password, may_now=MAY_NOW[role])
    flash(f"{added.email} {MAY_NOW[role]}, with the password they have.")
    return _to_list()


@blueprint.post("/<int:owner_id>/role")
def set_role(site: str, owner_id: int) -> Response:
    """Make an owner something else."""
    place = access.current_site()
    try:
        role = _role()
        owners.set_role(current.stores(), access.actor(), place.id, owner_id, role, current.now())
    except ValidationError as error:
        return _page(422, refusal=str(error))
    except LastAdmin as error:
        return _only_admin(STATUSES[type(error)])
    flash(f"The role is {role} now.")
    return _to_list(owner_id)


@blueprint.get("/<int:owner_id>/remove")
def ask_remove(site: str, owner_id: int) -> Response:
    """What it means to take an owner from the site."""
    leaving, admins = _owner(owner_id), _admins()
    if admins == [leaving]:
        return _only_admin(200)
    return html.page("admin/owner_remove.html", leaving=leaving)


@blueprint.post("/<int:owner_id>/remove")
def remove(site: str, owner_id: int) -> Response:
    """Take an owner from the site."""
    place, leaving = access.current_site(), _owner(owner_id)
    try:
        owners.remove(current.stores(), access.actor(), place.id, owner_id, current.now())
    except LastAdmin as error:
        return _only_admin(STATUSES[type(error)])
    flash(f"{leaving.email} was removed.")
    return _to_list(owner_id)


def _owner(owner_id: int) -> Owner:
    """One of the site's owners. Raises OwnerNotFound, NotAllowed."""
    found = next((owner for owner in _listed() if owner.id == owner_id), None)
    if found is None:
        raise OwnerNotFound
    return found


def _admins() -> list[Owner]:
    site_id = access.current_site().id
    return [owner for owner in _listed() if owner.roles[site_id] is Role.ADMIN]


def _listed() -> list[Owner]:
    return owners.list_for(current.stores(), access.actor(), access.current_site().id)


def _role() -> Role:
    try:
        return Role(request.form.get("role", ""))
    except ValueError:
        raise ValidationError(FieldError("/role", "Choose a role.")) from None


def _to_list(changed: int | None = None) -> Response:
    """The list again; who has changed what they are themselves may not see it any more."""
    if changed == access.current_owner().id:
        return html.see_other(current.ADMIN)
    return html.see_other(f"{current.ADMIN}/sites/{access.current_site().slug}/owners")


def _only_admin(status: int) -> Response:
    """Who is an admin here and would leave the site without one is that admin."""
    return _page(status, refusal=ONLY_ADMIN)


def _page(
    status: int = 200,
    *,
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    added: Owner | None = None,
    **more: str,
) -> Response:
    return html.page(
        "admin/owners.html",
        status=status,
        owners=_listed(),
        role_names=ROLES,
        values=values or {"role": Role.EDITOR},
        errors=errors or {},
        added=added,
        **more,
    )
