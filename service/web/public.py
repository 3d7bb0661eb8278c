"""The public API: what the widget calls."""

from typing import Any

from flask import Response, g, request

from service.domain import ballots, polls, receipts, results
from service.domain.ballots import Submission
from service.errors import AlreadyVoted, ResultsHidden, TemporarilyUnavailable
from service.records import Poll, ResultsVisibility, Ruling
from service.web import current, origins
from service.web.blueprints import ApiBlueprint
from service.web.rendering import Rendered, Renderings, conditional
from service.web.schemas import (
    BallotSchema,
    CastSchema,
    PollSchema,
    ResultsSchema,
    poll_view,
)

POLL_CACHE = "public, max-age=5, stale-while-revalidate=60"
RESULTS_CACHE = "public, max-age=1, stale-while-revalidate=10"
PRIVATE = "private, no-store"
RECEIPT = "Voxpop-Receipt"
# Where the lane leaves its refusal of a ballot, for the view to answer.
REFUSAL = "voxpop.refusal"

ballot_schema = BallotSchema()
poll_schema = PollSchema()
results_schema = ResultsSchema()
poll_renderings = Renderings()
results_renderings = Renderings()


blueprint = ApiBlueprint(
    "public", __name__, url_prefix="/v1/polls", description="For readers: what the widget calls."
)


@blueprint.get("/<slug>")
@blueprint.answers(
    blueprint.response(200, PollSchema, description="The poll's definition."),
    blueprint.alt_response(304, description="The reader has this definition.", success=True),
    p404="`poll_not_found`",
    p503="`temporarily_unavailable`, with `Retry-After`",
)
def show_poll(slug: str) -> Response:
    """Show a poll."""
    poll = polls.find(current.stores(), slug)
    status = poll.status_at(current.now())
    rendered = poll_renderings.get(
        slug, (poll, status), lambda: poll_schema.dump(poll_view(poll, status))
    )
    return conditional(rendered, POLL_CACHE)


@blueprint.get("/<slug>/results")
@blueprint.answers(
    blueprint.response(200, ResultsSchema, description="The results, the same for every reader."),
    blueprint.alt_response(304, description="The reader has these results.", success=True),
    p403="`results_hidden`",
    p404="`poll_not_found`",
    p503="`temporarily_unavailable`, with `Retry-After`",
)
def show_results(slug: str) -> Response:
    """Show a poll's results."""
    service = current.service()
    poll = polls.find(service.stores, slug)
    if poll.results_visibility is ResultsVisibility.AFTER_VOTE and RECEIPT in request.headers:
        receipt = request.headers[RECEIPT]
        has_voted = receipts.is_ours(service.settings.secret_key, poll, receipt)
        return conditional(render_results(service, poll, has_voted=has_voted), PRIVATE)
    return conditional(render_results(service, poll), RESULTS_CACHE)


@blueprint.post("/<slug>/ballots")
@blueprint.answers(
    blueprint.response(201, CastSchema, description="The ballot is counted."),
    blueprint.alt_response(
        200, schema=CastSchema, description="The ballot was counted before.", success=True
    ),
    p400="`malformed_json`",
    p403="`origin_not_allowed`",
    p404="`poll_not_found`",
    p409="`already_voted` (with visible results), `poll_not_open`, `poll_closed`",
    p413="`body_too_large`",
    p415="`unsupported_media_type`",
    p422="`validation_error`, `invalid_choice`, `ballot_id_reused`",
    p429="`rate_limited`, with `Retry-After`",
    p503="`temporarily_unavailable`, with `Retry-After`",
)
@origins.votes_only_from_its_pages
@blueprint.arguments(ballot_schema)
def cast_ballot(body: dict[str, Any], slug: str) -> Response:
    """Cast a ballot. To send the same ballot again is safe and answers with the same receipt."""
    service = current.service()
    try:
        if refusal := request.environ.get(REFUSAL):
            raise refusal
        status, answer = cast(service, g.poll, body, current.network(), current.country())
    except AlreadyVoted:
        g.visible_results = _results_for_voter(service, g.poll)
        raise
    return Response(answer, status, {"Cache-Control": PRIVATE}, mimetype="application/json")


def cast(
    service: current.Service,
    poll: Poll,
    body: dict[str, Any],
    network: str,
    country: str | None,
) -> tuple[int, bytes]:
    """Cast the ballot that a checked body holds; status and JSON of the answer.

    Raises what `ballots.cast` raises.
    """
    submission = Submission(**body, network=network, country=country)
    ruling = ballots.cast(service.stores, poll, submission, service.network_secret, service.clock())
    receipt = receipts.sign(service.settings.secret_key, poll, submission.ballot_id)
    answer = b'{"status":"counted","receipt":"%s","results":%s}' % (
        receipt.encode(),
        _results_for_voter(service, poll),
    )
    return 201 if ruling is Ruling.COUNTED else 200, answer


def render_results(service: current.Service, poll: Poll, *, has_voted: bool = False) -> Rendered:
    """The results as JSON. Raises ResultsHidden, TemporarilyUnavailable."""
    now = service.clock()
    tally = results.tally_for(service.stores, poll, now, has_voted=has_voted)
    texts = results.texts_for(service.stores, poll)
    return results_renderings.get(
        poll.slug,
        (poll, tally, texts, poll.status_at(now)),
        lambda: results_schema.dump(results.for_readers(poll, tally, texts, now)),
        tag=f"{tally.revision}-",
    )


def _results_for_voter(service: current.Service, poll: Poll) -> bytes:
    """The results for somebody who has voted; null where they are hidden or cannot be had."""
    try:
        return render_results(service, poll, has_voted=True).body
    except (ResultsHidden, TemporarilyUnavailable):
        return b"null"
