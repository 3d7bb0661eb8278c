"""A site's owners."""

from flask import Blueprint, Response, flash, request

from service.domain import owners
from service.errors import (
    Conflict,
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
        added, password = owners.add(
            current.stores(), access.actor(), place.id, email, _role(), current.now()
        )
    except ValidationError as error:
        return _page(422, values=request.form.to_dict(), errors=form.errors_of(error))
    except EmailTaken as error:
        return _page(409, values=request.form.to_dict(), errors={"email": str(error)})
    if password is not None:
        return _page(added=added, password=password)
    flash(f"{added.email} is an owner of this site now, with the password they have.")
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
        return _refused(error)
    flash(f"The role is {role} now.")
    return _to_list(owner_id)


@blueprint.get("/<int:owner_id>/remove")
def ask_remove(site: str, owner_id: int) -> Response:
    """What it means to take an owner from the site."""
    listed = owners.list_for(current.stores(), access.actor(), access.current_site().id)
    leaving = next((owner for owner in listed if owner.id == owner_id), None)
    if leaving is None:
        raise OwnerNotFound
    return html.page("admin/owner_remove.html", leaving=leaving)


@blueprint.post("/<int:owner_id>/remove")
def remove(site: str, owner_id: int) -> Response:
    """Take an owner from the site."""
    place = access.current_site()
    try:
        owners.remove(current.stores(), access.actor(), place.id, owner_id, current.now())
    except LastAdmin as error:
        return _refused(error)
    flash("They are no owner of this site any more.")
    return _to_list(owner_id)


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


def _refused(error: Conflict) -> Response:
    return _page(STATUSES[type(error)], refusal=str(error))


def _page(
    status: int = 200,
    *,
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    added: Owner | None = None,
    **more: str,
) -> Response:
    listed = owners.list_for(current.stores(), access.actor(), access.current_site().id)
    return html.page(
        "admin/owners.html",
        status=status,
        owners=listed,
        role_names=ROLES,
        values=values or {"role": Role.EDITOR},
        errors=errors or {},
        added=added,
        **more,
    )
