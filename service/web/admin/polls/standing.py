"""What becomes of a poll: opened, closed, archived, duplicated, deleted."""

from collections.abc import Mapping

from flask import Blueprint, Response, flash, request

from service.domain import edits, polls
from service.errors import PollHasBallots, StatusConflict, ValidationError
from service.records import Permission, Poll, Status
from service.web import current, html
from service.web.admin import access, here
from service.web.admin.polls import faults, locks, views, words

DONE = {
    Status.DRAFT: "“{}” is a draft again. Readers do not see it.",
    Status.CLOSED: "Voting on “{}” is closed.",
    Status.ARCHIVED: "“{}” is in the archive.",
}
NOT_THE_ADDRESS = "This is not the poll's address. Nothing is deleted."

blueprint = Blueprint("standing", __name__)


@blueprint.post("/polls/<slug>/status")
def set_status(site: str, slug: str) -> Response:
    """Give the poll another status, and lead back to where the button was."""
    poll = here.poll_here(slug, Permission.POLLS_WRITE)
    try:
        status = _asked()
        changed = edits.set_status(current.stores(), access.actor(), slug, status, current.now())
    except ValidationError as error:
        return _form(poll, error)
    except (StatusConflict, PollHasBallots) as error:
        flash(str(error))
        return _back(poll)
    opened = status is Status.OPEN
    flash(words.opened(changed, current.now()) if opened else DONE[status].format(changed.title))
    return html.see_other(here.poll_path(slug, "embed")) if _was_new(poll) else _back(changed)


@blueprint.post("/polls/<slug>/duplicate")
def duplicate(site: str, slug: str) -> Response:
    """Make a draft like the poll, and lead to it."""
    here.poll_here(slug, Permission.POLLS_WRITE)
    copy = polls.duplicate(current.stores(), access.actor(), slug, current.now())
    flash("This is a copy, saved as a draft. It has no votes.")
    return html.see_other(here.poll_path(copy.slug))


@blueprint.get("/polls/<slug>/delete")
def show_loss(site: str, slug: str) -> Response:
    """What is lost with the poll, before it is."""
    return _loss_page(here.poll_here(slug, Permission.POLLS_WRITE))


@blueprint.post("/polls/<slug>/delete")
def delete(site: str, slug: str) -> Response:
    """Delete the poll, if its address was typed where more than a draft would be lost."""
    poll = here.poll_here(slug, Permission.POLLS_WRITE)
    if _is_worth_asking(poll) and request.form.get("slug", "").strip() != poll.slug:
        return _loss_page(poll, status=422, errors={"slug": NOT_THE_ADDRESS})
    polls.delete(current.stores(), access.actor(), slug, current.now())
    flash(f"“{poll.title}” is deleted.")
    return html.see_other(f"{here.site_path()}/")


def _is_worth_asking(poll: Poll) -> bool:
    """Whether a slip would take more away than words: ballots, or what pages may carry."""
    is_draft = poll.schedule.status is Status.DRAFT
    return not is_draft or current.stores().polls.cast(poll).has_ballots


def _loss_page(
    poll: Poll, *, status: int = 200, errors: Mapping[str, str] | None = None
) -> Response:
    tally = current.stores().tallies.read(poll.id)
    return html.page(
        "admin/polls/delete.html",
        poll=poll,
        ballots=tally.ballots,
        asks_address=_is_worth_asking(poll),
        standing=poll.status_at(current.now()),
        errors=errors or {},
        status=status,
    )


def _asked() -> Status:
    """Raises StatusConflict where no status is asked for."""
    try:
        return Status(request.form.get("status", ""))
    except ValueError:
        raise StatusConflict from None


def _form(poll: Poll, error: ValidationError) -> Response:
    """The poll's form, with what must be otherwise first."""
    shown = locks.as_it_stands(poll)
    wrong = faults.by_field(shown, error)
    return views.form_page(
        shown, poll=poll, base=shown, row_version=poll.row_version, errors=wrong, status=422
    )


def _was_new(poll: Poll) -> bool:
    """Whether no page can carry the poll yet."""
    return poll.schedule.status is Status.DRAFT


def _back(poll: Poll) -> Response:
    """To the list where the button was there, else to the poll's form."""
    to_list = request.form.get("from") == "list"
    return html.see_other(f"{here.site_path()}/" if to_list else here.poll_path(poll.slug))
