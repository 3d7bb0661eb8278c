"""What readers wrote for a choice of their own: which of it the results show."""

from collections import defaultdict
from collections.abc import Sequence
from urllib.parse import urlencode

from flask import Blueprint, Response, flash, request

from service.domain import others
from service.errors import FieldError, ValidationError
from service.records import OtherTextStatus, Permission, Poll
from service.web import current, html
from service.web.admin import access, here

SELECT_FIRST = "Select texts first: nothing was changed."
PRESS_FIRST = "Press Show or Hide: nothing was changed."
ENTER = "nothing"  # what the key does in the form, where no button was pressed
ACTS = {"show": others.show, "hide": others.hide}

blueprint = Blueprint("texts", __name__, url_prefix="/sites/<site>/polls/<slug>/texts")


@blueprint.get("")
def show(site: str, slug: str) -> Response:
    """The texts, those that most readers wrote first."""
    poll = here.poll_here(slug, Permission.BALLOTS_READ)
    status = request.args.get("status", "")
    page = others.list_for(
        current.stores(), access.actor(), poll.slug, _wanted(status), request.args.get("after")
    )
    if not page.items and request.args.get("after"):
        return html.see_other(_address(poll, None))  # all that stood here has been decided
    seen = others.list_for(current.stores(), access.actor(), poll.slug, [OtherTextStatus.SHOWN])
    return html.page(
        "admin/texts.html",
        poll=poll,
        texts=page.items,
        older=page.next and urlencode({"status": status, "after": page.next}),
        wanted=status,
        statuses=tuple(OtherTextStatus),
        seen=seen,
        questions={question.code: question.text for question in poll.questions},
    )


@blueprint.post("")
def decide(site: str, slug: str) -> Response:
    """Show or hide one text, by its own button, or all that are ticked."""
    poll = here.poll_here(slug, Permission.POLLS_WRITE)
    act, chosen = _asked()
    flash(_decide_all(poll, act, chosen))
    return html.see_other(_address(poll, request.form.get("after")))


def _address(poll: Poll, after: str | None) -> str:
    """The list of the texts of one status, all without one; where it goes on, if it does."""
    asked = {"status": request.values.get("status"), "after": after}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{here.poll_path(poll.slug)}/texts{'?' if query else ''}{query}"


def _wanted(status: str) -> Sequence[OtherTextStatus]:
    """Raises ValidationError."""
    try:
        return [OtherTextStatus(status)] if status else tuple(OtherTextStatus)
    except ValueError:
        raise ValidationError(FieldError("/status", "There is no such status.")) from None


def _asked() -> tuple[str, list[str]]:
    """Which act is asked for, on which texts. Raises ValidationError."""
    for act in ACTS:
        if act in request.form:  # the button of a single text
            return act, [request.form[act]]
    act = request.form.get("act", "")
    if act != ENTER and act not in ACTS:
        raise ValidationError(FieldError("/act", "Texts can be shown or hidden."))
    return act, request.form.getlist("text")


def _by_question(chosen: Sequence[str]) -> list[tuple[str, list[str]]]:
    """The texts of each question; a form's value is the question's code, a colon and the text."""
    texts: dict[str, list[str]] = defaultdict(list)
    for value in chosen:
        code, _, text = value.partition(":")
        texts[code].append(text)
    return list(texts.items())


def _decide_all(poll: Poll, act: str, chosen: Sequence[str]) -> str:
    """Do it; what was done, in words."""
    if act == ENTER:
        return PRESS_FIRST
    if not chosen:
        return SELECT_FIRST
    return _told(
        act, sum(len(_decide(poll, act, code, texts)) for code, texts in _by_question(chosen))
    )


def _decide(poll: Poll, act: str, question: str, texts: Sequence[str]) -> Sequence[str]:
    stores, actor, now = current.stores(), access.actor(), current.now()
    return ACTS[act](stores, actor, poll.slug, question, texts, now)


def _told(act: str, changed: int) -> str:
    texts = "1 text is" if changed == 1 else f"{changed:,} texts are"
    return f"{texts} {'shown to readers' if act == 'show' else 'hidden'}."
