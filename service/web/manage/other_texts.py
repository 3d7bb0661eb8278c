"""What voters wrote for an `is_other` choice, read and judged by programs."""

from typing import Any

from flask import Response

from service.domain import others
from service.records import OtherTextStatus, Permission
from service.web import auth, current
from service.web.blueprints import ProgramsBlueprint
from service.web.manage import answers
from service.web.manage.schemas.other_texts import (
    ChangedTextsSchema,
    DecideSchema,
    OtherTextSchema,
    OtherTextsQuery,
    OtherTextsSchema,
)
from service.web.queries import naming_the_cursor

blueprint = ProgramsBlueprint(
    "other_texts",
    __name__,
    url_prefix="/v1/polls/<slug>/other-texts",
    description="For programs: what voters wrote.",
)
text_schema = OtherTextSchema()
changed_schema = ChangedTextsSchema()


@blueprint.get("")
@blueprint.needs(
    Permission.BALLOTS_READ,
    blueprint.lists(OtherTextsSchema, "The distinct texts, those of most ballots first."),
    p404="`poll_not_found`",
)
@blueprint.arguments(OtherTextsQuery(), location="query")
def list_texts(query: dict[str, Any], slug: str) -> Response:
    """List what voters wrote."""
    wanted = [query["status"]] if "status" in query else list(OtherTextStatus)
    cursor, limit = query.get("cursor"), query["limit"]
    with naming_the_cursor():
        page = others.list_for(current.stores(), auth.actor(), slug, wanted, cursor, limit)
    return answers.page(text_schema, "texts", page.items, page.next)


@blueprint.post("/show")
@blueprint.needs(
    Permission.POLLS_WRITE,
    blueprint.response(200, ChangedTextsSchema, description="The texts that did not show."),
    p404="`poll_not_found`",
)
@blueprint.arguments(DecideSchema())
def show_texts(body: dict[str, Any], slug: str) -> Response:
    """Let texts show in the results. Safe to repeat."""
    changed = others.show(current.stores(), auth.actor(), slug, **body, now=current.now())
    return answers.plain(changed_schema.dump({"texts": changed}))


@blueprint.post("/hide")
@blueprint.needs(
    Permission.POLLS_WRITE,
    blueprint.response(200, ChangedTextsSchema, description="The texts that were not hidden."),
    p404="`poll_not_found`",
)
@blueprint.arguments(DecideSchema())
def hide_texts(body: dict[str, Any], slug: str) -> Response:
    """Keep texts out of the results. Safe to repeat."""
    changed = others.hide(current.stores(), auth.actor(), slug, **body, now=current.now())
    return answers.plain(changed_schema.dump({"texts": changed}))
