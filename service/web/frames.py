"""A poll in a frame of its own, for pages on which no script of ours may stand."""

from flask import Blueprint, Response

from service.domain import polls, questions
from service.records import Poll
from service.web import current, headers, html
from service.web.public import POLL_CACHE

NOBODY = "frame-ancestors 'none'"

blueprint = Blueprint("frames", __name__)


@blueprint.get("/embed/<slug>")
def show_frame(slug: str) -> Response:
    """The widget and nothing else; only the site's own pages, and ours, may frame it."""
    poll = polls.find(current.stores(), slug)
    response = html.page(
        "frame.html", cache_control=POLL_CACHE, poll=poll, subject=poll.subject_at(current.now())
    )
    offered = questions.offered(poll)
    headers.allow_images(
        response, [choice.image_url for question in offered for choice in question.choices]
    )
    policy = response.headers.get("Content-Security-Policy", headers.POLICY)
    response.headers["Content-Security-Policy"] = policy.replace(NOBODY, _ancestors(poll))
    return response


def _ancestors(poll: Poll) -> str:
    return " ".join(["frame-ancestors 'self'", *sorted(poll.origins)])
