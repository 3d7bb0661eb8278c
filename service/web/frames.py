"""A poll in a frame of its own, for pages on which no script of ours may stand."""

from math import ceil

from flask import Blueprint, Response
from markupsafe import escape

from service.domain import questions
from service.records import Poll
from service.web import amp, current, headers, html, reading
from service.web.addresses import poll_for_reader
from service.web.public import POLL_CACHE

NOBODY = "frame-ancestors 'none'"
NARROW = 420

blueprint = Blueprint("frames", __name__)


@blueprint.get("/embed/<slug>")
def show_frame(slug: str) -> Response:
    """The widget and nothing else; only the site's own pages, and ours, may frame it."""
    poll, now = reading.in_asked_language(poll_for_reader(slug)), current.now()
    offered = questions.offered(poll)
    response = html.page(
        "frame.html",
        cache_control=POLL_CACHE,
        poll=poll,
        questions=offered,
        standing=poll.status_at(now),
        subject=poll.subject_at(now),
    )
    headers.allow_images(response, offered)
    policy = response.headers.get("Content-Security-Policy", headers.POLICY)
    response.headers["Content-Security-Policy"] = policy.replace(NOBODY, _ancestors(poll))
    return response


def height_of(poll: Poll, width: int = NARROW) -> int:
    """How many pixels the poll is likely to be high in a frame of this width, with some to spare:
    the questions in large letters, a row for each choice, the buttons and what is said below."""
    height = 82 if width > NARROW else 102
    for question in poll.questions:
        height += (
            57 + 25 * _lines(question.text, width / 12) + 24 * _lines(question.help, width / 9)
        )
        for choice in question.offered:
            height += 28 + 24 * _lines(choice.text, (width - 100) / 9)
    return height


def snippet(poll: Poll, title: str, height: int, public_url: str) -> str:
    """The frame as a page carries it; a page may follow the height that it is told."""
    address = f"{public_url}/embed/{poll.slug}{reading.query_of(poll)}"
    return (
        f'<iframe src="{address}" title="{escape(title)}"\n'
        f'  width="100%" height="{height}" frameborder="0" loading="lazy"></iframe>'
    )


def _lines(text: str | None, letters: float) -> int:
    """How many lines the text takes where so many letters fit into one."""
    return ceil(len(text or "") / max(letters, 1))


def _ancestors(poll: Poll) -> str:
    """Our own pages, the site's, and the site's as AMP caches serve them."""
    caches = amp.cache_origins(sorted(poll.origins))
    return " ".join(["frame-ancestors 'self'", *sorted(poll.origins), *caches])
