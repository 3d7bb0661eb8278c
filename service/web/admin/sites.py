"""The owner's sites."""

from flask import Blueprint, Response

from service.domain import sites
from service.web import current, html
from service.web.admin import access

blueprint = Blueprint("sites", __name__)


@blueprint.get("")
def home() -> Response:
    """Where an owner begins: their sites."""
    return html.see_other(f"{current.ADMIN}/sites")


@blueprint.get("/sites")
def show_list() -> Response:
    """The owner's sites."""
    mine = sites.list_for(current.stores(), access.actor())
    return html.page("admin/sites.html", sites=mine, roles=access.current_owner().roles)
