"""The ballots log of a poll: reading it, taking ballots out of the counts and putting them back."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from flask import Blueprint, Response, flash, request

from service.domain import ballot_log, effects
from service.errors import BallotNotFound, FieldError, ValidationError
from service.records import BallotFilter, BallotStatus, Permission, Poll
from service.web import current, html, zones
from service.web.admin import access, form, here

PAGE_LENGTH = 50
FIELDS = ("choice", "status", "page", "since", "until")
SELECT_FIRST = "Select ballots first: nothing was changed."

blueprint = Blueprint("ballots", __name__, url_prefix="/sites/<site>/polls/<slug>/ballots")


@blueprint.get("")
def show(site: str, slug: str) -> Response:
    """The log, newest first, as far as it passes the filter."""
    poll = here.poll_here(slug, Permission.BALLOTS_READ)
    values = asked()
    try:
        page = ballot_log.read(
            current.stores(),
            access.actor(),
            poll.slug,
            filter_of(values, poll),
            after=request.args.get("after"),
            before=request.args.get("before"),
            limit=PAGE_LENGTH,
        )
    except ValidationError as error:
        return _log(poll, values, ballot_log.NOTHING, status=422, errors=form.errors_of(error))
    return _log(poll, values, page)


@blueprint.post("/void")
def void(site: str, slug: str) -> Response:
    """Take the selected ballots out: first what that does, then, with a reason, the act."""
    poll, ids = here.poll_here(slug, Permission.BALLOTS_VOID), _selected()
    if not ids:
        return _back(poll, SELECT_FIRST)
    if "reason" not in request.form:
        return _ask(poll, ids, voids=True)
    try:
        changed = ballot_log.void(
            current.stores(),
            access.actor(),
            poll.slug,
            ids,
            request.form["reason"],
            current.now(),
        )
    except ValidationError as error:
        return _ask(poll, ids, voids=True, status=422, errors=form.errors_of(error))
    return _back(poll, f"{_number(changed)} voided. The totals have followed.")


@blueprint.post("/restore")
def restore(site: str, slug: str) -> Response:
    """Count the selected ballots again: first what that does, then the act."""
    poll, ids = here.poll_here(slug, Permission.BALLOTS_VOID), _selected()
    if not ids:
        return _back(poll, SELECT_FIRST)
    if "confirmed" not in request.form:
        return _ask(poll, ids, voids=False)
    changed = ballot_log.restore(current.stores(), access.actor(), poll.slug, ids, current.now())
    return _back(poll, f"{_number(changed)} restored. The totals have followed.")


def _log(
    poll: Poll,
    values: Mapping[str, str],
    page: ballot_log.BallotPage,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
) -> Response:
    given = {name: value for name, value in values.items() if value}
    return html.page(
        "admin/ballots.html",
        status=status,
        poll=poll,
        ballots=page.items,
        values=values,
        errors=errors or {},
        filtered=bool(given),
        query=urlencode(given),
        newer=page.previous and urlencode({**given, "before": page.previous}),
        older=page.next and urlencode({**given, "after": page.next}),
    )


def _ask(
    poll: Poll, ids: Sequence[UUID], *, voids: bool, status: int = 200, **values: Any
) -> Response:
    effect = effects.of(
        current.stores(), access.actor(), poll.slug, ids, voids=voids, now=current.now()
    )
    if not effect.ballots:
        are = "voided already" if voids else "not voided"
        return _back(poll, f"These ballots are {are}: nothing was changed.")
    return html.page(
        "admin/ballots_confirm.html",
        status=status,
        poll=poll,
        effect=effect,
        voids=voids,
        query=request.form.get("query", ""),
        given={"reason": request.form.get("reason", "")},
        **{"errors": {}, **values},
    )


def asked() -> dict[str, str]:
    """What the address says of the filter, field by field."""
    return {name: request.args.get(name, "").strip() for name in FIELDS}


def filter_of(values: Mapping[str, str], poll: Poll) -> BallotFilter:
    """What the owner looks for. Raises ValidationError."""
    question, _, choice = values["choice"].partition(":")
    return BallotFilter(
        question=question or None,
        choice=choice or None,
        status=_status(values["status"]),
        page=values["page"] or None,
        since=zones.from_input(values["since"], poll.timezone, "/since"),
        until=zones.from_input(values["until"], poll.timezone, "/until"),
    )


def _status(text: str) -> BallotStatus | None:
    try:
        return BallotStatus(text) if text else None
    except ValueError:
        raise ValidationError(FieldError("/status", "There is no such status.")) from None


def _selected() -> list[UUID]:
    """The ballots whose boxes are ticked. Raises BallotNotFound."""
    try:
        return [UUID(text) for text in request.form.getlist("ballot")]
    except ValueError:
        raise BallotNotFound from None


def _back(poll: Poll, message: str) -> Response:
    """To the log as it was looked at."""
    flash(message)
    query = urlencode(parse_qsl(request.form.get("query", "")))
    path = f"{here.poll_path(poll.slug)}/ballots"
    return html.see_other(f"{path}?{query}" if query else path)


def _number(ballot_ids: Sequence[UUID]) -> str:
    return "1 ballot is" if len(ballot_ids) == 1 else f"{len(ballot_ids):,} ballots are"
