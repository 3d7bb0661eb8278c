"""The owners' pages, one module a screen.

A screen has a blueprint of its own in SCREENS. Everything under /admin is for signed-in owners,
and what it is sent must come from its own pages: `access.guard` sees to both.
"""

from typing import Any

from flask import Blueprint, Flask, g

from service.config import Settings
from service.domain import sites as all_sites
from service.errors import FormExpired, NotSignedIn, TemporarilyUnavailable
from service.web import current
from service.web.admin import (
    access,
    account,
    audit,
    ballots,
    exports,
    keys,
    owners,
    polls,
    results,
    settings,
    sign_in,
    signing_keys,
    sites,
    texts,
)

SCREENS = (
    sign_in,
    account,
    sites,
    settings,
    owners,
    polls,
    results,
    ballots,
    texts,
    exports,
    keys,
    signing_keys,
    audit,
)

blueprint = Blueprint("admin", __name__, url_prefix=current.ADMIN)
blueprint.before_request(access.guard)
blueprint.register_error_handler(NotSignedIn, sign_in.on_not_signed_in)
blueprint.register_error_handler(FormExpired, sign_in.on_form_expired)
blueprint.register_error_handler(TemporarilyUnavailable, sign_in.on_unavailable)
for screen in SCREENS:
    blueprint.register_blueprint(screen.blueprint)


def register(app: Flask, chosen: Settings) -> None:
    """Give the app what the owners' pages need; the blueprint is registered beside the others."""
    access.register(app, chosen)


@blueprint.context_processor
def words() -> dict[str, Any]:
    """What every template under /admin knows: who is signed in and where they are."""
    return {
        "owner": access.known_owner(),
        "site": g.get("site"),
        "may": access.may,
        "my_sites": lambda: all_sites.list_for(current.stores(), access.actor()),
    }
