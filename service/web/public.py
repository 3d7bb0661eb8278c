"""The public API: what the widget calls.

Each of its calls is a function of the service that makes the `Answer`, for the view here and for
the lane that passes Flask by.
"""

import logging
from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response, g, request

from service.domain import ballots, polls, receipts, results, translations, voters
from service.domain.ballots import Submission
from service.errors import AlreadyVoted, VoxpopError
from service.records import Poll, ResultsVisibility, Ruling, Status
from service.web import current, errors, origins, wording, words
from service.web.addresses import of_whichever_poll_stands
from service.web.blueprints import ApiBlueprint
from service.web.current import Service
from service.web.rendering import Answer, Rendered, Renderings, answer, response
from service.web.schemas.ballots import BallotSchema, CastSchema
from service.web.schemas.polls import PollSchema, poll_view
from service.web.schemas.results import ResultsSchema

Environ = Mapping[str, Any]
"""A request as WSGI has it."""

POLL_CACHE = "public, max-age=5, stale-while-revalidate=60"
RESULTS_CACHE = "public, max-age=1, stale-while-revalidate=10"
PRIVATE = "private, no-store"
# Request headers as WSGI names them: If-None-Match, Voxpop-Receipt.
KNOWN = "HTTP_IF_NONE_MATCH"
RECEIPT = "HTTP_VOXPOP_RECEIPT"
# Where the lane leaves its refusal of a call, for the view to answer.
REFUSAL = "voxpop.refusal"

LOCALE = {
    "name": "locale",
    "in": "query",
    "description": "A language tag (BCP 47): the poll's texts are then in this language as far as "
    "the poll has them, else in the site's own.",
    "schema": {"type": "string"},
    "example": "ar-EG",
}
LOCALE_WITH_TEXTS = LOCALE | {
    "description": f"{LOCALE['description']} The answer then has `texts` too, our own words in "
    "this language where we have it, else in the site's, else in English.",
}

ballot_schema = BallotSchema()
poll_schema = PollSchema()
results_schema = ResultsSchema()
poll_renderings = Renderings()
results_renderings = Renderings()
log = logging.getLogger(__name__)


blueprint = ApiBlueprint(
    "public", __name__, url_prefix="/v1/polls", description="For readers: what the widget calls."
)


@blueprint.get("/<slug>")
@blueprint.answers(
    blueprint.response(200, PollSchema, description="The poll's definition."),
    blueprint.alt_response(304, description="The reader has this definition.", success=True),
    blueprint.doc(parameters=[LOCALE_WITH_TEXTS]),
    p404="`poll_not_found`",
    p503="`temporarily_unavailable`, with `Retry-After`",
)
def show_poll(slug: str) -> Response:
    """Show a poll."""
    return response(read_poll(running(), slug, request.environ))


@blueprint.get("/<slug>/results")
@blueprint.answers(
    blueprint.response(200, ResultsSchema, description="The results, the same for every reader."),
    blueprint.alt_response(304, description="The reader has these results.", success=True),
    blueprint.doc(parameters=[LOCALE]),
    p403="`results_hidden`",
    p404="`poll_not_found`",
    p503="`temporarily_unavailable`, with `Retry-After`",
)
def show_results(slug: str) -> Response:
    """Show a poll's results."""
    return response(read_results(running(), slug, request.environ))


@blueprint.post("/<slug>/ballots")
@blueprint.answers(
    blueprint.response(201, CastSchema, description="The ballot is counted."),
    blueprint.alt_response(
        200, schema=CastSchema, description="The ballot was counted before.", success=True
    ),
    p400="`malformed_json`",
    p403="`origin_not_allowed`; in a poll of accounts `voter_token_missing`, "
    "`voter_token_expired`, `voter_token_invalid`",
    p404="`poll_not_found`",
    p409="`already_voted` (with visible results), `poll_not_open`, `poll_closed`",
    p413="`body_too_large`",
    p415="`unsupported_media_type`",
    p422="`validation_error`, `invalid_choice`, `ballot_id_reused`",
    p429="`rate_limited`, with `Retry-After`",
    p503="`temporarily_unavailable`, with `Retry-After`",
)
@of_whichever_poll_stands
@origins.votes_only_from_its_pages
@blueprint.arguments(ballot_schema)
def cast_ballot(body: dict[str, Any], slug: str) -> Response:
    """Cast a ballot. To send the same ballot again is safe and answers with the same receipt."""
    return response(cast(running(), g.poll, body, request.environ))


def read_poll(service: Service, slug: str, environ: Environ) -> Answer:
    """The poll's definition. Raises PollNotFound, TemporarilyUnavailable."""
    return definition(service, polls.find(service.stores, slug), environ)


def definition(service: Service, poll: Poll, environ: Environ) -> Answer:
    """The definition of a poll that is found."""
    status = poll.status_at(service.clock())
    asked = words.asked_locale(environ.get("QUERY_STRING", ""))
    return answer(_render_poll(poll, status, asked), POLL_CACHE, environ.get(KNOWN))


def _render_poll(poll: Poll, status: Status, asked: str | None) -> Rendered:
    """The definition as JSON; for whoever asks for a language, in the best one that the poll has,
    with our own words in the best one that we have. Only these are told apart here, whatever is
    asked."""
    ours = None if asked is None else words.best_locale(asked, poll.locale)
    locale = translations.locale_for(poll, asked)

    def show() -> dict[str, Any]:
        document = poll_schema.dump(poll_view(translations.reading(poll, locale), status))
        return document if ours is None else wording.worded(document, ours)

    return poll_renderings.get((poll.slug, ours, locale), (poll, status), show)


def read_results(service: Service, slug: str, environ: Environ) -> Answer:
    """The poll's results, for a reader or for somebody with a receipt.

    Raises PollNotFound, ResultsHidden, TemporarilyUnavailable.
    """
    poll = polls.find(service.stores, slug)
    locale = translations.locale_for(poll, words.asked_locale(environ.get("QUERY_STRING", "")))
    receipt = environ.get(RECEIPT)
    if poll.results_visibility is ResultsVisibility.AFTER_VOTE and receipt is not None:
        has_voted = receipts.is_ours(service.settings.secret_key, poll, receipt)
        rendered = render_results(service, poll, locale, has_voted=has_voted)
        return answer(rendered, PRIVATE, environ.get(KNOWN))
    return answer(render_results(service, poll, locale), RESULTS_CACHE, environ.get(KNOWN))


def cast(service: Service, poll: Poll, body: Mapping[str, Any], environ: Environ) -> Answer:
    """Cast the ballot that a checked body holds. Raises what `ballots.cast` raises, but to who has
    already voted it says so: in a busy poll many come again."""
    network = voters.network_of(environ.get("REMOTE_ADDR"))
    submission = Submission(**body, network=network, country=service.country_of(environ))
    try:
        ruling = ballots.cast(service.stores, poll, submission, service.secrets, service.clock())
    except AlreadyVoted as refusal:
        return _refused(service, poll, refusal)
    receipt = receipts.sign(service.settings.secret_key, poll, submission.ballot_id)
    counted = b'{"status":"counted","receipt":"%s","results":%s}' % (
        receipt.encode(),
        _results_for_voter(service, poll),
    )
    return Answer(201 if ruling is Ruling.COUNTED else 200, {"Cache-Control": PRIVATE}, counted)


def _refused(service: Service, poll: Poll, refusal: AlreadyVoted) -> Answer:
    """The refusal of a voter's other ballot, with the results where they are visible."""
    results = {"results": orjson.Fragment(_results_for_voter(service, poll))}
    path, status = service.settings.public_path, errors.STATUSES[AlreadyVoted]
    return errors.problem(path, status, refusal.code, str(refusal), results)


def render_results(
    service: Service, poll: Poll, locale: str | None = None, *, has_voted: bool = False
) -> Rendered:
    """The results as JSON, in one of the poll's other languages if that is given.

    Raises ResultsHidden, TemporarilyUnavailable.
    """
    now = service.clock()
    tally = results.tally_for(service.stores, poll, now, has_voted=has_voted)
    texts = results.texts_for(service.stores, poll)
    return results_renderings.get(
        (poll.slug, locale),
        (poll, tally, texts, poll.status_at(now)),
        lambda: results_schema.dump(
            results.for_readers(translations.reading(poll, locale), tally, texts, now)
        ),
        tag=f"{tally.revision}-",
    )


def _results_for_voter(service: Service, poll: Poll) -> bytes:
    """The results for somebody who has voted; null where they are hidden or cannot be had.
    Whatever keeps them, the ballot was counted, and its voter is told so."""
    known = service.stores.polls.latest(poll)  # it may have met an edit, by which it was counted
    try:
        return render_results(service, known, has_voted=True).body
    except VoxpopError:  # they are hidden, SQL is away, or the poll was deleted since
        return b"null"
    except Exception as defect:
        log.error("No results for a voter", exc_info=defect)
        return b"null"


def running() -> Service:
    """The running service, unless the lane has come to a refusal of this request, which is raised
    once."""
    if refusal := request.environ.pop(REFUSAL, None):
        raise refusal
    return current.service()
