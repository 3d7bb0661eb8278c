"""The ballots log, read by programs, and ballots taken out and put back."""

from typing import Any

from flask import Response

from service.domain import ballot_log
from service.records import Permission
from service.web import auth, current
from service.web.blueprints import ProgramsBlueprint
from service.web.manage import answers
from service.web.manage.schemas.ballots import (
    BallotsQuery,
    BallotsSchema,
    ChangedBallotsSchema,
    LoggedBallotSchema,
    RestoreSchema,
    VoidSchema,
)
from service.web.queries import naming_the_cursor

blueprint = ProgramsBlueprint(
    "ballots", __name__, url_prefix="/v1/polls/<slug>", description="For programs: ballots."
)
ballot_schema = LoggedBallotSchema()
changed_schema = ChangedBallotsSchema()


@blueprint.get("/ballots")
@blueprint.needs(
    Permission.BALLOTS_READ,
    blueprint.lists(BallotsSchema, "The poll's newest ballots, page by page to the first."),
    p404="`poll_not_found`",
)
@blueprint.arguments(BallotsQuery(), location="query")
def list_ballots(query: dict[str, Any], slug: str) -> Response:
    """List a poll's ballots."""
    with naming_the_cursor():
        page = ballot_log.read(
            current.stores(),
            auth.actor(),
            slug,
            query["wanted"],
            after=query.get("cursor"),
            limit=query["limit"],
        )
    return answers.page(ballot_schema, "ballots", page.items, page.next)


@blueprint.post("/ballots/void")
@blueprint.needs(
    Permission.BALLOTS_VOID,
    blueprint.response(200, ChangedBallotsSchema, description="The ballots that were counted."),
    p404="`poll_not_found`, `ballot_not_found`",
)
@blueprint.arguments(VoidSchema())
def void_ballots(body: dict[str, Any], slug: str) -> Response:
    """Void ballots: they count no more, and their voters cannot vote again. Safe to repeat."""
    ids, reason = body["ballots"], body["reason"]
    changed = ballot_log.void(current.stores(), auth.actor(), slug, ids, reason, current.now())
    return answers.plain(changed_schema.dump({"ballots": changed}))


@blueprint.post("/ballots/restore")
@blueprint.needs(
    Permission.BALLOTS_VOID,
    blueprint.response(200, ChangedBallotsSchema, description="The ballots that were void."),
    p404="`poll_not_found`, `ballot_not_found`",
)
@blueprint.arguments(RestoreSchema())
def restore_ballots(body: dict[str, Any], slug: str) -> Response:
    """Count ballots again that were voided. Safe to repeat."""
    changed = ballot_log.restore(
        current.stores(), auth.actor(), slug, body["ballots"], current.now()
    )
    return answers.plain(changed_schema.dump({"ballots": changed}))
