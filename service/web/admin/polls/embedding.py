"""How a poll comes onto a page: the snippets to copy, and its QR code."""

import io

import segno
from flask import Blueprint, Response, flash, request

from service.domain import places
from service.records import CurrentPoll, Permission, Poll, Status
from service.web import current, html, snippets
from service.web.addresses import page_address
from service.web.admin import access, here

QR_MODULE = 8
QUIET_ZONE = 4
CHOSEN = "“{}” is the current poll now: the places that ask for it show it."
NONE_CHOSEN = "The places that ask for the current poll of {} show its latest now."

blueprint = Blueprint("embedding", __name__)


@blueprint.get("/polls/<slug>/embed")
def show_snippets(site: str, slug: str) -> Response:
    """The snippets, and whether the site's pages may vote."""
    poll, found = here.poll_here(slug), access.current_site()
    public_url = current.settings().public_url
    chosen = places.current(current.stores(), access.actor(), found)
    return html.page(
        "admin/polls/embed.html",
        poll=poll,
        standing=poll.status_at(current.now()),
        is_draft=poll.schedule.status is Status.DRAFT,
        address=_address(poll),
        snippets=snippets.of_poll(poll, current.now(), public_url),
        chosen=chosen.slug,
        current_snippet=snippets.place(found.slug, public_url),
    )


@blueprint.post("/polls/<slug>/current")
def choose_current(site: str, slug: str) -> Response:
    """Make the poll the one that places show as the site's current poll, or leave these to the
    latest."""
    poll, found = here.poll_here(slug, Permission.POLLS_WRITE), access.current_site()
    wanted = CurrentPoll(poll.slug if request.form.get("chosen") == "yes" else None)
    places.choose(current.stores(), access.actor(), found, wanted, current.now())
    flash(CHOSEN.format(poll.title) if wanted.slug else NONE_CHOSEN.format(found.name))
    return html.see_other(here.poll_path(poll.slug, "embed"))


@blueprint.get("/polls/<slug>/qr.svg")
def show_qr(site: str, slug: str) -> Response:
    """A QR code of the hosted poll's address, to print or to show on a screen."""
    poll = here.poll_here(slug)
    out = io.BytesIO()
    code = segno.make(_address(poll), error="m", micro=False)
    code.save(out, kind="svg", scale=QR_MODULE, border=QUIET_ZONE, light="#fff", title=poll.title)
    return Response(out.getvalue(), mimetype="image/svg+xml")


def _address(poll: Poll) -> str:
    return page_address(poll, current.settings().public_url)
