"""Polls, made and managed by programs."""

from typing import Any

from flask import Response

from service.domain import edits, poll_lists, polls
from service.errors import FieldError, ValidationError
from service.records import Permission, Poll, PollDraft, PollQuery, PollSummary, Status
from service.web import auth, bodies, current
from service.web.blueprints import ProgramsBlueprint
from service.web.manage import answers, versions
from service.web.manage.idempotency import claim, once
from service.web.manage.schemas.polls import (
    DefinitionSchema,
    EditSchema,
    PollsQuery,
    PollsSchema,
    PollSummarySchema,
    StatusSchema,
)
from service.web.queries import naming_the_cursor
from service.web.rendering import Rendered

blueprint = ProgramsBlueprint(
    "polls", __name__, url_prefix="/v1/polls", description="For programs: polls."
)
definition_schema = DefinitionSchema()
summary_schema = PollSummarySchema()


@blueprint.get("")
@blueprint.needs(Permission.POLLS_READ, blueprint.lists(PollsSchema, "The newest polls."))
@blueprint.arguments(PollsQuery(), location="query")
def list_polls(query: dict[str, Any]) -> Response:
    """List the site's polls, drafts too."""
    now = current.now()
    asked = PollQuery(
        site_id=auth.site_id(),
        text=query.get("q"),
        status=query.get("status"),
        after=query.get("cursor"),
        limit=query["limit"],
    )
    with naming_the_cursor():
        page = poll_lists.page(current.stores(), auth.actor(), asked, now)
    items = [_summary(item, item.poll.status_at(now)) for item in page.items]
    return answers.page(summary_schema, "polls", items, page.next)


@blueprint.post("")
@bodies.up_to(bodies.LARGEST_DEFINITION_BYTES)
@blueprint.makes(
    Permission.POLLS_WRITE, DefinitionSchema, "The poll's definition.", p409="`slug_taken`"
)
@once
@blueprint.arguments(definition_schema)
def create_poll(draft: PollDraft) -> Response:
    """Make a poll: a draft, unless `status` says otherwise. Ids are given by the service."""
    stores, actor, now = current.stores(), auth.actor(), current.now()
    return _made(polls.create(stores, auth.site_id(), draft, now, actor, claim(_made)))


@blueprint.get("/<slug>/definition")
@blueprint.needs(
    Permission.POLLS_READ,
    blueprint.shows(DefinitionSchema, "All that is decided about the poll."),
    p404="`poll_not_found`",
)
def show_definition(slug: str) -> Response:
    """Show a poll's definition, a draft's too."""
    poll = polls.managed(current.stores(), auth.actor(), slug)
    return answers.shown(definition_schema, poll, _tag(poll))


@blueprint.put("/<slug>/definition")
@bodies.up_to(bodies.LARGEST_DEFINITION_BYTES)
@blueprint.needs(
    Permission.POLLS_WRITE,
    blueprint.edits(DefinitionSchema, "The poll's definition as it is now."),
    p404="`poll_not_found`",
    p409="`poll_has_ballots`, `slug_taken`",
)
@blueprint.arguments(EditSchema())
def edit_definition(edit: tuple[PollDraft, str | None], slug: str) -> Response:
    """Change a poll's definition: send all of it. Its `status` has a route of its own."""
    (draft, status), stores, actor = edit, current.stores(), auth.actor()
    poll = polls.managed(stores, actor, slug, Permission.POLLS_WRITE)
    versions.check(_rendered(poll))
    if status not in (None, poll.schedule.status):
        raise ValidationError(FieldError("/status", "Use POST /v1/polls/{slug}/status."))
    with versions.telling(lambda: _rendered(polls.managed(stores, actor, slug))):
        version = versions.named(poll.row_version)
        return _done(edits.edit(stores, actor, slug, draft, version, current.now()))


@blueprint.delete("/<slug>/definition")
@blueprint.needs(
    Permission.POLLS_WRITE,
    blueprint.removes("The poll and all of its ballots are gone.", versioned=True),
    p404="`poll_not_found`",
)
def delete_poll(slug: str) -> Response:
    """Delete a poll with its ballots. It cannot be undone."""
    stores, actor = current.stores(), auth.actor()
    poll = polls.managed(stores, actor, slug, Permission.POLLS_WRITE)
    versions.check(_rendered(poll))
    with versions.telling(lambda: _rendered(polls.managed(stores, actor, slug))):
        polls.delete(stores, actor, slug, current.now(), versions.named(poll.row_version))
    return answers.nothing()


@blueprint.post("/<slug>/status")
@blueprint.needs(
    Permission.POLLS_WRITE,
    blueprint.response(200, DefinitionSchema, description="The poll's definition as it is now."),
    p404="`poll_not_found`",
    p409="`status_conflict`, `poll_has_ballots`",
)
@blueprint.arguments(StatusSchema())
def set_status(status: Status, slug: str) -> Response:
    """Open, close, reopen or archive a poll. When a close is answered, no ballot follows."""
    poll = edits.set_status(current.stores(), auth.actor(), slug, status, current.now())
    return _done(poll)


@blueprint.post("/<slug>/duplicate")
@blueprint.makes(
    Permission.POLLS_WRITE,
    DefinitionSchema,
    "The new poll's definition.",
    p404="`poll_not_found`",
)
@once
def duplicate_poll(slug: str) -> Response:
    """Make a draft like a poll, without its ballots, moments and retired choices."""
    stores, actor, now = current.stores(), auth.actor(), current.now()
    return _made(polls.duplicate(stores, actor, slug, now, claim(_made)))


def _tag(poll: Poll) -> str:
    return f"{poll.row_version}-"


def _rendered(poll: Poll) -> Rendered:
    return answers.rendered(definition_schema, poll, _tag(poll))


def _done(poll: Poll) -> Response:
    return answers.done(definition_schema, poll, _tag(poll))


def _made(poll: Poll) -> Response:
    path = f"/v1/polls/{poll.slug}/definition"
    return answers.made(definition_schema, poll, path, _tag(poll))


def _summary(item: PollSummary, status: Status) -> dict[str, Any]:
    return {
        "poll": item.poll,
        "status": status,
        "ballots": item.ballots,
        "last_vote_at": item.last_vote_at,
    }
