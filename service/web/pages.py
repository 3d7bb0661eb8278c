"""What readers open in a browser: the hosted poll and its results, the front page."""

from flask import Blueprint, Response, request

from service.domain import polls, questions, receipts, results
from service.errors import PollNotFound, ResultsHidden, TemporarilyUnavailable
from service.records import Poll, ResultsVisibility, Status
from service.web import cards, current, gallery_examples, headers, html, reading
from service.web.addresses import poll_for_reader
from service.web.public import POLL_CACHE

RESULTS_CACHE = "public, max-age=1"
PLAIN_CACHE = "public, max-age=300"
DEMO_POLL = "region-interest"
RECEIPT_ARGUMENT = "receipt"

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> Response:
    """The front page: what this service is and where to go."""
    has_demo = _has(DEMO_POLL)
    has_gallery = has_demo and all(map(_has, gallery_examples.POLLS))
    return html.page(
        "home.html", cache_control=PLAIN_CACHE, has_demo=has_demo, has_gallery=has_gallery
    )


@blueprint.get("/polls/<slug>")
def show_poll(slug: str) -> Response:
    """The hosted poll: the widget, and inside it a form that needs no script."""
    return poll_page(poll_for_reader(slug))


@blueprint.get("/polls/<slug>/results")
def show_results(slug: str) -> Response:
    """The results, the same bytes for every reader; for a receipt, what its voter may see."""
    poll = poll_for_reader(slug)
    receipt = request.args.get(RECEIPT_ARGUMENT)
    if receipt and poll.results_visibility is ResultsVisibility.AFTER_VOTE:
        has_voted = receipts.is_ours(current.settings().secret_key, poll, receipt)
        return results_page(poll, has_voted=has_voted, cache_control=html.NO_STORE)
    return results_page(poll)


def _has(slug: str) -> bool:
    """Whether the poll of a page of the demo is here, as far as can be told."""
    try:
        return bool(polls.find(current.stores(), slug))
    except (PollNotFound, TemporarilyUnavailable):
        return False


def poll_page(poll: Poll, *, status: int = 200, **values: object) -> Response:
    """The poll where it stands: to come, open, or over with what it shows then."""
    original, poll, now = poll, reading.in_asked_language(poll), current.now()
    standing, shown = poll.status_at(now), results.visible(poll, now, has_voted=False)
    over = standing in (Status.CLOSED, Status.ARCHIVED)
    offered = questions.offered(poll)
    response = html.page(
        "poll.html",
        status=status,
        cache_control=POLL_CACHE if status == 200 else html.NO_STORE,
        poll=poll,
        card=cards.of_poll(original, poll, now, current.settings().public_url, html.language()),
        questions=offered,
        pictured=any(choice.image_url for asked in offered for choice in asked.choices),
        standing=standing,
        subject=poll.subject_at(now),
        says_nothing=poll.says_nothing_at(now),
        results_shown=shown,
        results=results.read(current.stores(), poll, now) if over and shown else None,
        **values,
    )
    headers.allow_images(response, offered)
    return response


def results_page(
    poll: Poll,
    *,
    has_voted: bool = False,
    status: int = 200,
    cache_control: str = RESULTS_CACHE,
    **values: object,
) -> Response:
    """The results for whom may see them, else when and to whom they are shown."""
    poll, now = reading.in_asked_language(poll), current.now()
    standing = poll.status_at(now)
    try:
        shown = results.read(current.stores(), poll, now, has_voted=has_voted)
    except ResultsHidden:
        shown, status = None, 403 if status == 200 else status
    return html.page(
        "results.html",
        status=status,
        cache_control=cache_control,
        poll=poll,
        standing=standing,
        subject=poll.subject_at(now),
        says_nothing=poll.says_nothing_at(now),
        results=shown,
        **values,
    )
