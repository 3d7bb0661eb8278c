"""The owner's sites, and new ones."""

from flask import Blueprint, Response, flash, request

from service.domain import sites
from service.errors import NotAllowed, SlugTaken, ValidationError
from service.web import current, html
from service.web.admin import access, site_form

NEW = {"locale": "en", "timezone": "UTC"}

blueprint = Blueprint("sites", __name__)


@blueprint.get("")
def home() -> Response:
    """Where an owner begins: at the polls of their site, or among several sites."""
    mine = sites.list_for(current.stores(), access.actor())
    only = f"/{mine[0].slug}/" if len(mine) == 1 else ""
    return html.see_other(f"{current.ADMIN}/sites{only}")


@blueprint.get("/sites")
def show_list() -> Response:
    """The owner's sites."""
    owner = access.current_owner()
    return html.page(
        "admin/sites.html",
        sites=sites.list_for(current.stores(), owner.actor),
        roles=owner.roles,
        may_found=sites.may_found(owner),
    )


@blueprint.get("/sites/new")
def show_new() -> Response:
    """The form for a new site."""
    if not sites.may_found(access.current_owner()):
        raise NotAllowed
    return _form(NEW, {})


@blueprint.post("/sites")
def create() -> Response:
    """Make a site, whose admin is who makes it."""
    fields = request.form.to_dict()
    try:
        draft = site_form.draft_of(fields)
        site = sites.found(current.stores(), access.current_owner(), draft, current.now())
    except ValidationError as error:
        return _form(fields, site_form.errors_of(error, fields), 422)
    except SlugTaken:
        return _form(fields, {"slug": site_form.TAKEN}, 409)
    flash(f"{site.name} is made.")
    return html.see_other(f"{current.ADMIN}/sites/{site.slug}/")


def _form(values: dict[str, str], errors: dict[str, str], status: int = 200) -> Response:
    return html.page(
        "admin/site_new.html", status=status, values=values, errors=errors, **site_form.choices()
    )
