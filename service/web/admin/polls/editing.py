"""The form in which a poll is made and changed."""

from typing import Any

from flask import Blueprint, Response, flash, jsonify, request

from service.domain import edits, polls, translations
from service.domain.permissions import require
from service.errors import PollHasBallots, PollNotFound, SlugTaken, StaleEdit, ValidationError
from service.records import Permission, Poll, Schedule, Site, Status
from service.web import current, html
from service.web.admin import access, here
from service.web.admin.polls import (
    drafts,
    faults,
    form,
    locks,
    merging,
    moves,
    packing,
    preview,
    views,
    words,
)
from service.web.admin.polls.form import PollForm

DRAFT, OPEN = "draft", "open"
GONE = "Somebody else has deleted this poll meanwhile. Save what you wrote as a new one."
MERGE, GO_ON = "merge", "go-on"

blueprint = Blueprint("editing", __name__)


@blueprint.get("/polls/new")
def show_new(site: str) -> Response:
    """The form of a poll that is to be."""
    shown = PollForm(timezone=_writable_site().timezone)
    return views.form_page(shown, focus=f"{shown.questions[0].code}-text")


@blueprint.post("/polls/new")
def make(site: str) -> Response:
    """Do what the form's button says: a move within the form, or make the poll."""
    site_here = _writable_site()
    sent, act = _sent(), request.form.get("do", DRAFT)
    moved = moves.done(sent, act)
    if moved is not None:
        return views.form_page(moved[0], focus=moved[1])
    status = Status.OPEN if act == OPEN else Status.DRAFT
    try:
        draft = drafts.draft_of(sent, Schedule(status))
        poll = polls.create(current.stores(), site_here.id, draft, current.now(), access.actor())
    except ValidationError as error:
        return views.form_page(sent, errors=faults.by_field(sent, error), status=422)
    except SlugTaken:
        return views.form_page(sent, errors={"slug": faults.TAKEN}, status=422)
    return _made(poll)


@blueprint.get("/polls/<slug>")
def show(site: str, slug: str) -> Response:
    """The poll in its form."""
    poll = here.poll_here(slug, Permission.POLLS_WRITE)
    shown = locks.as_it_stands(poll)
    return views.form_page(shown, poll=poll, base=shown, row_version=poll.row_version)


@blueprint.post("/polls/<slug>")
def change(site: str, slug: str) -> Response:
    """Do what the form's button says: a move within the form, or save it."""
    sent = _sent()
    try:
        return _change(here.poll_of_form(slug), sent, request.form.get("do", ""))
    except PollNotFound:
        return _bereft(sent)


@blueprint.post("/poll-preview")
def show_preview(site: str) -> Response:
    """What the form says so far, for the widget beside it; nothing is kept."""
    site_here = _writable_site()
    sent, now = _sent(), current.now()
    shown = preview.shown(sent, site_here, now, request.form.get("view", preview.QUESTION))
    return jsonify(
        **shown,
        summaries=words.summaries(sent, request.form.get("decided", Status.DRAFT), now),
        opens_later=drafts.opens_later(sent, now),
    )


def _change(poll: Poll, sent: PollForm, act: str) -> Response:
    if act in (MERGE, GO_ON):
        return _merge(poll, sent, act)
    moved = moves.done(sent, act)
    if moved is not None:
        return _again(poll, moved[0], focus=moved[1])
    return _save(poll, sent, _row_version(), opens=act == OPEN)


def _save(poll: Poll, sent: PollForm, row_version: int, *, opens: bool) -> Response:
    stores, actor, now = current.stores(), access.actor(), current.now()
    try:
        draft = translations.carried(drafts.draft_of(sent, poll.schedule), poll)
        saved = edits.edit(stores, actor, poll.slug, draft, row_version, now, opens=opens)
    except StaleEdit:
        if row_version and poll.row_version > row_version and _is_as_seen(poll, sent):
            return _save(poll, sent, poll.row_version, opens=opens)
        return _conflict(poll, sent)
    except ValidationError as error:
        return _again(poll, sent, errors=faults.by_field(sent, error), status=422)
    except SlugTaken:
        return _again(poll, sent, errors={"slug": faults.TAKEN}, status=422)
    except PollHasBallots as error:
        return _again(poll, sent, errors=faults.by_field(sent, error), status=409)
    if opens and poll.schedule.status is Status.DRAFT:
        return _made(saved)
    flash(words.opened(saved, now) if opens else words.saved(poll, saved, now))
    return html.see_other(here.poll_path(saved.slug))


def _is_as_seen(poll: Poll, sent: PollForm) -> bool:
    """Whether all that the form shows is as it was, and what somebody else has saved is only a
    translation, or where the poll stands."""
    return locks.as_it_stands(poll, sent.timezone) == _base()


def _bereft(sent: PollForm) -> Response:
    """The form of a poll that is gone, as one of a poll that is to be. Raises PollNotFound,
    NotAllowed where there is nothing to lose."""
    if not any(question.text for question in sent.questions):
        raise PollNotFound
    _writable_site()
    return views.form_page(sent, errors={"": GONE}, status=404)


def _made(poll: Poll) -> Response:
    """On to the next thing that one wants of a poll: to put it on a page, once it is open."""
    if poll.schedule.status is Status.DRAFT:
        flash("The draft is saved. Readers do not see it yet.")
        return html.see_other(here.poll_path(poll.slug))
    flash(words.opened(poll, current.now()))
    return html.see_other(here.poll_path(poll.slug, "embed"))


def _again(poll: Poll, shown: PollForm, **values: Any) -> Response:
    """The form as it was sent: nothing that was typed is lost, and the version stays the one that
    the editor has seen."""
    return views.form_page(shown, poll=poll, base=_base(), row_version=_row_version(), **values)


def _conflict(poll: Poll, mine: PollForm) -> Response:
    """Both versions side by side, where they differ."""
    current_poll = here.poll_here(poll.slug, Permission.POLLS_WRITE)
    theirs = locks.as_it_stands(current_poll, mine.timezone)
    found = merging.differences(_base() or theirs, theirs, mine)
    if not found:
        flash("Somebody else has saved the same meanwhile.")
        return html.see_other(here.poll_path(poll.slug))
    return views.conflict_page(current_poll, _base() or theirs, theirs, mine, found)


def _merge(poll: Poll, mine: PollForm, act: str) -> Response:
    """Make one version of two by what the editor has chosen, to save it or to go on with it."""
    if poll.row_version != _row_version():
        return _conflict(poll, mine)
    theirs = locks.as_it_stands(poll, mine.timezone)
    picks = {name.removeprefix("pick-"): side for name, side in request.form.items()}
    merged = merging.merged(_base() or theirs, theirs, mine, picks)
    if act == GO_ON:
        return views.form_page(merged, poll=poll, base=theirs, row_version=poll.row_version)
    return _save(poll, merged, poll.row_version, opens=False)


def _writable_site() -> Site:
    """The site, for whoever may make polls there. Raises SiteNotFound, NotAllowed."""
    site = access.current_site()
    require(access.actor(), Permission.POLLS_WRITE, site.id)
    return site


def _row_version() -> int:
    """The version that the editor has seen; one that is none is older than all."""
    sent = request.form.get("row_version", "")
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 10 else 0


def _sent() -> PollForm:
    """The form as it was sent."""
    return form.of_fields(request.form, access.current_site().timezone)


def _base() -> PollForm | None:
    """The form as the editor first saw it, which the page sends along."""
    return packing.unpacked(request.form.get("base", ""), access.current_site().timezone)
