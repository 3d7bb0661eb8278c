"""The form's page, and the page of two versions."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response

from service.records import Poll, Status
from service.web import current, html, zones
from service.web.admin.polls import drafts, faults, form, locks, packing, telling, words
from service.web.admin.polls.form import PollForm
from service.web.admin.polls.merging import Difference


def form_page(
    shown: PollForm,
    *,
    poll: Poll | None = None,
    base: PollForm | None = None,
    row_version: int = 0,
    errors: Mapping[str, str] | None = None,
    focus: str = "",
    status: int = 200,
) -> Response:
    """The form with what it holds, and what is wrong with it."""
    errors = errors or {}
    ballots = _ballots(poll) if poll else {}
    if poll:
        shown = locks.settled(shown, poll, ballots["cast"])
    return html.page(
        "admin/polls/form.html",
        status=status,
        form=shown,
        values=values_of(shown),
        errors=errors,
        wrong=_listed(errors, shown),
        focus=focus,
        poll=poll,
        pictured=_pictured(poll) if poll else (),
        base=packing.packed(base),
        row_version=row_version,
        **_said(shown, poll),
        **ballots,
    )


def conflict_page(
    poll: Poll,
    base: PollForm,
    theirs: PollForm,
    mine: PollForm,
    differences: Sequence[Difference],
) -> Response:
    """Both versions where they differ, for the editor to choose."""
    return html.page(
        "admin/polls/conflict.html",
        status=409,
        poll=poll,
        differences=[telling.told(one, theirs, mine) for one in differences],
        sent=form.to_fields(mine),
        base=packing.packed(base),
        row_version=poll.row_version,
    )


def _listed(errors: Mapping[str, str], shown: PollForm) -> list[tuple[str, str, str]]:
    """What is wrong: where on the page, how it is called there, and why."""
    return [
        (faults.anchor(shown, name), faults.called(shown, name), error)
        for name, error in errors.items()
    ]


def _ballots(poll: Poll) -> dict[str, Any]:
    """What has been cast in the poll, and what of it counts."""
    stores = current.stores()
    return {"cast": stores.polls.cast(poll), "tally": stores.tallies.read(poll.id)}


def _pictured(poll: Poll) -> set[tuple[str, str]]:
    """The choices that have a picture by now, whatever the form says."""
    return {
        (question.code, choice.code)
        for question in poll.questions
        for choice in question.choices
        if choice.image_url
    }


def _said(shown: PollForm, poll: Poll | None) -> dict[str, Any]:
    """What the page says about what the form holds."""
    now = current.now()
    decided = poll.schedule.status if poll else Status.DRAFT
    return {
        "decided": decided,
        "standing": poll.status_at(now) if poll else Status.DRAFT,
        "opens_later": drafts.opens_later(shown, now),
        "readings": drafts.readings(shown),
        "offset": zones.offset(now, shown.timezone),
        "summaries": words.summaries(shown, decided, now),
        "words": words,
    }


def values_of(shown: PollForm) -> dict[str, Any]:
    """The form's fields by their names."""
    fields = form.to_fields(shown)
    return dict(fields)
