"""The form's page, and the page of two versions."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Response

from service.records import Poll, Status
from service.web import current, html
from service.web.admin.polls import drafts, faults, form, telling, times, words
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
    now = current.now()
    tally = current.stores().tallies.read(poll.id) if poll else None
    return html.page(
        "admin/polls/form.html",
        status=status,
        form=shown,
        values=values_of(shown),
        errors=errors or {},
        wrong=[
            (faults.anchor(shown, name), faults.called(shown, name), error)
            for name, error in (errors or {}).items()
        ],
        focus=focus,
        poll=poll,
        tally=tally,
        voted=bool(tally and tally.ballots),
        standing=poll.status_at(now) if poll else Status.DRAFT,
        base=written(base),
        row_version=row_version,
        readings=drafts.readings(shown),
        offset=times.offset(now, shown.timezone),
        summaries=words.summaries(shown),
        words=words,
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
        base=written(base),
        row_version=poll.row_version,
    )


def values_of(shown: PollForm) -> dict[str, Any]:
    """The form's fields by their names."""
    fields = form.to_fields(shown)
    return dict(fields)


def written(base: PollForm | None) -> str:
    """The form in one field, for a page to send along."""
    return urlencode(form.to_fields(base)) if base else ""
