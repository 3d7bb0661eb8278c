"""The keys with which a site's own server signs for its readers, managed by programs."""

from typing import Any

from flask import Response

from service.domain import signing_keys
from service.records import Permission, SigningAlgorithm, SigningKey
from service.web import auth, current
from service.web.blueprints import ProgramsBlueprint
from service.web.manage import answers
from service.web.manage.idempotency import claim, once
from service.web.manage.schemas.signing_keys import (
    NewSigningKeySchema,
    ShownSigningKeySchema,
    SigningKeySchema,
    SigningKeysSchema,
)

blueprint = ProgramsBlueprint(
    "signing_keys",
    __name__,
    url_prefix="/v1/signing-keys",
    description="For programs: keys that sign for readers' accounts.",
)
key_schema = SigningKeySchema()
shown_key_schema = ShownSigningKeySchema()


@blueprint.get("")
@blueprint.needs(
    Permission.SITES_READ, blueprint.lists(SigningKeysSchema, "The site's keys, two at most.")
)
def list_signing_keys() -> Response:
    """List the site's signing keys."""
    found = signing_keys.list_for(current.stores(), auth.actor(), auth.site_id())
    return answers.page(key_schema, "signing_keys", found)


@blueprint.post("")
@blueprint.makes(
    Permission.SITES_WRITE,
    ShownSigningKeySchema,
    "The key; its secret, where it has one, for the only time.",
    p409="`signing_keys_full`",
)
@once
@blueprint.arguments(NewSigningKeySchema())
def create_signing_key(body: dict[str, Any]) -> Response:
    """Make a signing key. With an `Idempotency-Key` sent again, the answer has no secret more."""
    stores, actor, now = current.stores(), auth.actor(), current.now()
    key = signing_keys.create(stores, actor, auth.site_id(), **body, now=now, claim=claim(_made))
    return _made(key, _secret(key))


@blueprint.get("/<signing_key>")
@blueprint.needs(
    Permission.SITES_READ,
    blueprint.shows(SigningKeySchema, "The key."),
    p404="`signing_key_not_found`",
)
def show_signing_key(signing_key: str) -> Response:
    """Show a signing key."""
    found = signing_keys.find(current.stores(), auth.actor(), signing_key)
    return answers.shown(key_schema, found)


@blueprint.delete("/<signing_key>")
@blueprint.needs(
    Permission.SITES_WRITE,
    blueprint.removes("No token of the key is taken any more."),
    p404="`signing_key_not_found`",
)
def remove_signing_key(signing_key: str) -> Response:
    """Remove a signing key, for good."""
    signing_keys.remove(current.stores(), auth.actor(), signing_key, current.now())
    return answers.nothing()


def _secret(key: SigningKey) -> str | None:
    if key.algorithm is not SigningAlgorithm.HS256:
        return None
    return signing_keys.secret_of(key, current.service().secrets.signing)


def _made(key: SigningKey, secret: str | None = None) -> Response:
    shown = {"signing_key": key, "secret": secret}
    return answers.made(shown_key_schema, shown, f"/v1/signing-keys/{key.id}")
