"""A ballot from the hosted page's plain form, for readers without JavaScript."""

from collections.abc import Mapping, Sequence
from typing import cast

from flask import Blueprint, Response, redirect, request

from service.domain import ballots, polls, receipts
from service.domain.ballots import Submission
from service.errors import (
    AlreadyVoted,
    InvalidChoice,
    TemporarilyUnavailable,
    UnsupportedMediaType,
)
from service.phrases import Phrase
from service.records import Poll, ResultsVisibility, Ruling
from service.web import current, devices, html, origins, pages
from service.web.addresses import of_whichever_poll_stands, page_address, poll_for_reader

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
NO_FORM = "A ballot is sent here as a form. Programs send JSON to the API."
NEW_DEVICE = "new"
# Begins the name of a question's text field; no question's code has a colon.
OTHER = "other:"
NO_COOKIE = Phrase(
    "A vote on this page needs a cookie, so that nobody votes twice, or JavaScript. "
    "Your browser keeps no cookies of this site: allow them, then vote again."
)
COOKIE_NEEDED = Phrase("This vote needs a cookie")

blueprint = Blueprint("forms", __name__, url_prefix="/polls/<slug>/ballots")


@blueprint.get("")
def return_to_poll(slug: str) -> Response:
    """For who comes back to the address of an answer that was given to a form."""
    return _redirect(html.at(f"/polls/{poll_for_reader(slug).slug}"), 303)


@blueprint.post("")
@of_whichever_poll_stands
def cast_ballot(slug: str) -> Response:
    """Cast the ballot of a form and show the results."""
    poll = poll_for_reader(slug, polls.find_to_vote)
    origins.refuse_foreign_pages()
    if request.mimetype not in FORMS and request.content_length:
        raise UnsupportedMediaType(NO_FORM)
    device = devices.token_of(request, current.settings())
    if device is None:
        return _meet_device(poll)
    try:
        return _cast(poll, device)
    except AlreadyVoted as error:
        return _already_voted(_as_known_by_now(poll), error)


def _already_voted(poll: Poll, error: AlreadyVoted) -> Response:
    """The results with the refusal above them, or the refusal alone where there are none to be
    had. Raises the refusal."""
    refusal, no_store = str(error), html.NO_STORE
    try:
        return pages.results_page(
            poll, has_voted=True, status=409, cache_control=no_store, refusal=refusal
        )
    except TemporarilyUnavailable:
        raise error from None


def _meet_device(poll: Poll) -> Response:
    """Give the device its cookie and have the browser send the form again.

    It comes back with the cookie, or it keeps none. And a form that is sent twice before the first
    answer arrives is counted only as it comes back.
    """
    if request.args.get("device") == NEW_DEVICE:
        return html.page("error.html", status=403, title=COOKIE_NEEDED, detail=NO_COOKIE)
    response = _redirect(html.at(f"/polls/{poll.slug}/ballots", device=NEW_DEVICE), 307)
    devices.give_token(response, current.settings())
    return response


def _read(poll: Poll) -> tuple[Mapping[str, Sequence[str]], Mapping[str, str]]:
    """The form's answers, and what it says in words. Its text fields are sent whether they are
    meant or not: a text counts with its choice, and is dropped where another one is marked."""
    given = request.form.to_dict(flat=False)
    answers = {
        name: values for name, values in given.items() if name and not name.startswith(OTHER)
    }
    meant = {
        question.code
        for question in poll.questions
        for choice in question.choices  # and in retired ones: a retry is known by its text, too
        if choice.is_other and choice.code in answers.get(question.code, ())
    }
    texts = {code: request.form.get(OTHER + code, "") for code in meant}
    return answers, texts


def _cast(poll: Poll, device: str) -> Response:
    """Have the form counted and show the results, or show the form again with what is wrong. Where
    it is refused by a newer poll than the one that said which texts are meant, it is read anew."""
    answers, other_texts = _read(poll)
    submission = _submission(poll, device, answers, other_texts)
    service, now = current.service(), current.now()
    try:
        ruling = ballots.cast(service.stores, poll, submission, service.secrets, now)
    except InvalidChoice as error:
        known = _as_known_by_now(poll)
        if known.row_version > poll.row_version:
            return _cast(known, device)
        faults = _by_question(error)
        return pages.poll_page(
            poll, status=422, errors=faults, answers=answers, other_texts=other_texts
        )
    query = _receipt_query(_as_known_by_now(poll), submission)
    # The page is the same for all; which of its two messages shows is in the address alone.
    message = "voted" if ruling is Ruling.COUNTED else "again"
    return _redirect(f"{html.at(f'/polls/{poll.slug}/results', **query)}#{message}", 303)


def _as_known_by_now(poll: Poll) -> Poll:
    """The poll by which the ballot was ruled on: to cast it may have met an edit."""
    return current.stores().polls.latest(poll)


def _submission(
    poll: Poll, device: str, answers: Mapping[str, Sequence[str]], other_texts: Mapping[str, str]
) -> Submission:
    service = current.service()
    content = {**answers, **{OTHER + code: [text] for code, text in other_texts.items()}}
    return Submission(
        ballot_id=devices.ballot_id(service.settings, poll, device, content),
        voter=device,
        answers=answers,
        other_texts=other_texts,
        page=page_address(poll, service.settings.public_url),
        network=current.network(),
        country=service.country_of(request.environ),
    )


def _receipt_query(poll: Poll, submission: Submission) -> dict[str, str]:
    """What opens the results to their voter, where they are for voters alone."""
    if poll.results_visibility is not ResultsVisibility.AFTER_VOTE:
        return {}
    receipt = receipts.sign(current.settings().secret_key, poll, submission.ballot_id)
    return {pages.RECEIPT_ARGUMENT: receipt}


def _redirect(address: str, status: int) -> Response:
    response = redirect(address, status, Response)
    response.headers["Cache-Control"] = html.NO_STORE
    return cast(Response, response)


def _by_question(error: InvalidChoice) -> dict[str, str]:
    """The first fault of each question, by the question's code."""
    faults: dict[str, str] = {}
    for fault in error.errors:
        faults.setdefault(fault.pointer.split("/")[2], fault.detail)
    return faults
