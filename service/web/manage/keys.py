"""API keys, made and ended by programs."""

from typing import Any

from flask import Response

from service.domain import keys
from service.records import ApiKey, Permission
from service.web import auth, current
from service.web.blueprints import ProgramsBlueprint
from service.web.manage import answers
from service.web.manage.idempotency import claim, once
from service.web.manage.schemas.keys import KeySchema, KeysSchema, NewKeySchema, ShownKeySchema
from service.web.queries import PageQuery, naming_the_cursor

blueprint = ProgramsBlueprint(
    "keys", __name__, url_prefix="/v1/keys", description="For programs: API keys."
)
key_schema = KeySchema()
shown_key_schema = ShownKeySchema()


@blueprint.get("")
@blueprint.needs(Permission.KEYS_WRITE, blueprint.lists(KeysSchema, "The site's newest keys."))
@blueprint.arguments(PageQuery(), location="query")
def list_keys(query: dict[str, Any]) -> Response:
    """List the site's API keys, ended ones too."""
    before, limit = query.get("cursor"), query["limit"]
    with naming_the_cursor():
        found = keys.list_for(
            current.stores(), auth.actor(), auth.site_id(), before=before, limit=limit + 1
        )
    return answers.listed(key_schema, "keys", found, limit, lambda key: key.prefix)


@blueprint.post("")
@blueprint.makes(
    Permission.KEYS_WRITE,
    ShownKeySchema,
    "The key, and its secret for the only time.",
    p403="`not_allowed`: also where the new key would be allowed more than yours",
)
@once
@blueprint.arguments(NewKeySchema())
def create_key(body: dict[str, Any]) -> Response:
    """Make an API key. With an `Idempotency-Key` sent again, the answer has no secret any more."""
    stores, actor, now = current.stores(), auth.actor(), current.now()
    key, secret = keys.create(stores, actor, auth.site_id(), **body, now=now, claim=claim(_made))
    return _made(key, secret)


@blueprint.get("/<key>")
@blueprint.needs(
    Permission.KEYS_WRITE, blueprint.shows(KeySchema, "The key."), p404="`key_not_found`"
)
def show_key(key: str) -> Response:
    """Show an API key."""
    return answers.shown(key_schema, keys.find(current.stores(), auth.actor(), key))


@blueprint.delete("/<key>")
@blueprint.needs(
    Permission.KEYS_WRITE, blueprint.removes("The key has ended."), p404="`key_not_found`"
)
def revoke_key(key: str) -> Response:
    """Revoke an API key, at once and for good. It stays in the list."""
    keys.revoke(current.stores(), auth.actor(), key, current.now())
    return answers.nothing()


def _made(key: ApiKey, secret: str | None = None) -> Response:
    shown = {"key": key, "secret": secret}
    return answers.made(shown_key_schema, shown, f"/v1/keys/{key.prefix}")
