"""The page behind a link to one choice, as mails and feeds carry them.

A link may be opened by nobody: mail scanners and prefetching do so. So it casts nothing; it leads
to a page with the choice on it, and a reader presses Vote there.
"""

from collections.abc import Mapping, Sequence

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from service.domain import questions
from service.errors import InvalidChoice
from service.records import Choice, Poll, Question, Status
from service.web import current, headers, html, pages, reading
from service.web.addresses import page_address, poll_for_reader
from service.web.public import POLL_CACHE

Marks = Mapping[str, Sequence[str]]
"""Codes of choices by the code of their question."""

blueprint = Blueprint("confirming", __name__, url_prefix="/polls/<slug>")


@blueprint.get("/confirm")
def show_choice(slug: str) -> Response:
    """The choice that the address names, `?q1=c2`, with a button to vote for it."""
    poll, now = poll_for_reader(slug), current.now()
    if poll.status_at(now) is not Status.OPEN or poll.takes_accounts:
        response = pages.poll_page(poll)
    else:
        response = _page(poll, request.args)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def address(poll: Poll, question: Question, choice: Choice, public_url: str) -> str:
    """The link to one choice."""
    return f"{page_address(poll, public_url)}/confirm?{question.code}={choice.code}"


def _page(poll: Poll, asked: MultiDict[str, str]) -> Response:
    """One button where the address asks for a ballot; else the form, marked as far as it goes."""
    poll = reading.in_asked_language(poll)
    offered = questions.offered(poll)
    marks = _marks(offered, asked)
    response = html.page(
        "confirm.html",
        cache_control=POLL_CACHE,
        poll=poll,
        subject=poll.subject_at(current.now()),
        questions=offered,
        answers=marks,
        is_whole=_says_all(offered, marks, asked) and _is_ballot(offered, marks),
    )
    headers.allow_images(response, offered)
    return response


def _marks(offered: Sequence[Question], asked: MultiDict[str, str]) -> Marks:
    """What is asked for and is offered, and no more of it than fits."""
    marks = {}
    for question in offered:
        wanted = asked.getlist(question.code)
        found = [choice.code for choice in question.choices if choice.code in wanted]
        if found and len(found) <= question.max_choices:
            marks[question.code] = found
    return marks


def _says_all(offered: Sequence[Question], marks: Marks, asked: MultiDict[str, str]) -> bool:
    """Whether the marks are all that is asked for, so that nothing of it is left out unseen."""
    return all(
        set(asked.getlist(question.code)) == set(marks.get(question.code, ()))
        for question in offered
    )


def _is_ballot(offered: Sequence[Question], marks: Marks) -> bool:
    """Whether the marks are a ballot as they stand. Words of the reader's own no link can have."""
    try:
        answers = questions.answer(offered, marks)
        questions.written(offered, answers, {})
    except InvalidChoice:
        return False
    return bool(answers)
