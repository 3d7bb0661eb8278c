"""A site's signing keys: what its own server signs with for the readers who are signed in there."""

from typing import Any

from flask import Blueprint, Response, flash, request

from service.domain import signing_keys
from service.domain.permissions import require
from service.errors import SigningKeyNotFound, SigningKeysFull, ValidationError
from service.records import Permission, SigningKey
from service.web import current, html
from service.web.admin import access, form
from service.web.errors import STATUSES

HOUR_SECONDS = 3600

blueprint = Blueprint("signing_keys", __name__, url_prefix="/sites/<site>/signing-keys")


@blueprint.get("")
def show(site: str) -> Response:
    """The keys there are, and the forms for a new one."""
    return _page()


@blueprint.post("")
def create(site: str) -> Response:
    """Make a key. A secret stands in this answer and nowhere else, so there is no redirect."""
    given = request.form.get("public_key", "").strip()
    wants_pair = request.form.get("kind") == "pair"
    try:
        key = _create(given if wants_pair else None)
    except ValidationError as error:
        return _page(status=422, errors=form.errors_of(error), given={"public_key": given})
    except SigningKeysFull as error:
        return _page(status=STATUSES[SigningKeysFull], errors={"": str(error)})
    if key.public_key:
        flash(f"The key {key.id} is added: tokens that are signed with it are taken.")
        return html.see_other(_path())
    secret = signing_keys.secret_of(key, current.service().secrets.signing)
    in_an_hour = int(current.now().timestamp()) + HOUR_SECONDS
    return html.page(
        "admin/signing_key_created.html",
        status=201,
        key=key,
        secret=secret,
        in_an_hour=in_an_hour,
    )


@blueprint.get("/<key>/remove")
def ask(site: str, key: str) -> Response:
    """What removing means, before it is done."""
    return html.page("admin/signing_key_remove.html", key=_find(key))


@blueprint.post("/<key>/remove")
def remove(site: str, key: str) -> Response:
    """Take no token of the key any more."""
    found = _find(key)
    signing_keys.remove(current.stores(), access.actor(), found.id, current.now())
    flash(f"The key {found.id} is removed.")
    return html.see_other(_path())


def _create(public_key: str | None) -> SigningKey:
    """Raises ValidationError, SigningKeysFull."""
    stores, actor, site = current.stores(), access.actor(), access.current_site()
    if public_key == "":
        raise signing_keys.unreadable()
    return signing_keys.create(stores, actor, site.id, public_key, current.now())


def _page(*, status: int = 200, **values: Any) -> Response:
    site = access.current_site()
    require(access.actor(), Permission.SITES_WRITE, site.id)
    keys = signing_keys.list_for(current.stores(), access.actor(), site.id)
    return html.page(
        "admin/signing_keys.html",
        status=status,
        keys=keys,
        full=len(keys) >= signing_keys.MOST,
        **{"errors": {}, "given": {}, **values},
    )


def _find(key_id: str) -> SigningKey:
    """The key of this site. Raises SigningKeyNotFound, NotAllowed."""
    actor, site = access.actor(), access.current_site()
    key = signing_keys.find(current.stores(), actor, key_id, Permission.SITES_WRITE)
    if key.site_id != site.id:
        raise SigningKeyNotFound
    return key


def _path() -> str:
    return f"{current.ADMIN}/sites/{access.current_site().slug}/signing-keys"
