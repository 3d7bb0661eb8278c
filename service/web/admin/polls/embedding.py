"""How a poll comes onto a page: the snippets to copy, and its QR code."""

import io

import segno
from flask import Blueprint, Response
from markupsafe import escape

from service.records import Poll, Status
from service.web import current, html
from service.web.admin import here

QR_MODULE = 8
QUIET_ZONE = 4

blueprint = Blueprint("embedding", __name__)


@blueprint.get("/polls/<slug>/embed")
def show_snippets(site: str, slug: str) -> Response:
    """The snippets, and whether the site's pages may vote."""
    poll = here.poll_here(slug)
    public_url = current.settings().public_url
    return html.page(
        "admin/polls/embed.html",
        poll=poll,
        standing=poll.status_at(current.now()),
        is_draft=poll.schedule.status is Status.DRAFT,
        address=_address(poll),
        snippets=snippets(poll, public_url),
    )


@blueprint.get("/polls/<slug>/qr.svg")
def show_qr(site: str, slug: str) -> Response:
    """A QR code of the hosted poll's address, to print or to show on a screen."""
    poll = here.poll_here(slug)
    out = io.BytesIO()
    code = segno.make(_address(poll), error="m", micro=False)
    code.save(out, kind="svg", scale=QR_MODULE, border=QUIET_ZONE, light="#fff", title=poll.title)
    return Response(out.getvalue(), mimetype="image/svg+xml")


def snippets(poll: Poll, public_url: str) -> dict[str, str]:
    """What an editor pastes, by the way it comes onto the page."""
    link = f'<a href="{public_url}/polls/{poll.slug}">Vote in our poll</a>'
    script = f'<script async src="{public_url}/widget.js"></script>'
    return {
        "script": f'{script}\n<vox-pop poll="{poll.slug}">\n  {link}\n</vox-pop>',
        "div": f'{script}\n<div data-voxpop="{poll.slug}">\n  {link}\n</div>',
        "frame": _frame(poll, public_url),
        "link": f"{public_url}/polls/{poll.slug}",
    }


def _frame(poll: Poll, public_url: str) -> str:
    """A frame as high as the poll is likely to be; a page may follow the height it is told."""
    rows = sum(len(question.offered) for question in poll.questions)
    height = 150 * len(poll.questions) + 56 * rows + 60
    return (
        f'<iframe src="{public_url}/embed/{poll.slug}" title="{escape(poll.questions[0].text)}"\n'
        f'  width="100%" height="{height}" frameborder="0" loading="lazy"></iframe>'
    )


def _address(poll: Poll) -> str:
    return f"{current.settings().public_url}/polls/{poll.slug}"
