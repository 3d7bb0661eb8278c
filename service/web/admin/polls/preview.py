"""The poll of an unfinished form as readers would see it: the public JSON, with figures made up."""

from dataclasses import fields, replace
from datetime import datetime
from itertools import cycle, islice
from typing import Any

from service.domain import results
from service.records import (
    ALL_BALLOTS,
    Choice,
    Poll,
    PollDraft,
    Question,
    Schedule,
    Site,
    Status,
    Tally,
)
from service.web import wording, words
from service.web.admin.polls import drafts
from service.web.admin.polls.form import PollForm, QuestionForm
from service.web.schemas.polls import PollSchema, poll_view
from service.web.schemas.results import ResultsSchema

QUESTION, RESULTS, CLOSED = "question", "results", "closed"
MADE_UP = (620, 480, 380, 540, 240, 120, 180, 280)
FEWEST_ROWS = 2
ASKED = "Your question"


def shown(form: PollForm, site: Site, now: datetime, view: str) -> dict[str, Any]:
    """What the widget's `preview` takes: the poll and its results as the view shows them."""
    return of_poll(_poll(form, site, now), now, view)


def of_poll(poll: Poll, now: datetime, view: str) -> dict[str, Any]:
    """The same of a poll that there is."""
    status = Status.CLOSED if view == CLOSED else Status.OPEN
    document = PollSchema().dump(poll_view(poll, status))
    figures = replace(results.for_readers(poll, _tally(poll, now), {}, now), status=status)
    return {
        "poll": wording.worded(document, words.best_locale(poll.locale, poll.locale)),
        "results": ResultsSchema().dump(figures),
        "voted": view == RESULTS,
    }


def _poll(form: PollForm, site: Site, now: datetime) -> Poll:
    draft = drafts.so_far(form, Schedule(Status.OPEN))
    questions = zip(form.questions, draft.questions, strict=True)
    decisions = {field.name: getattr(draft, field.name) for field in fields(PollDraft)}
    decisions["questions"] = tuple(_question(row, question) for row, question in questions)
    return Poll(
        **decisions,
        id=0,
        site_id=site.id,
        site_slug=site.slug,
        site_name=site.name,
        locale=site.locale,
        timezone=site.timezone,
        theme=site.theme,
        site_version=0,
        row_version=0,
        created_at=now,
        updated_at=now,
        origins=frozenset(site.origins),
        signing_keys=(),
        voter_secret=b"",
    )


def _question(row: QuestionForm, question: Question) -> Question:
    """The question with the form's codes, and words where none are written yet."""
    written = zip(row.written, question.choices, strict=True)
    choices = [
        _choice(form.code, choice, place) for place, (form, choice) in enumerate(written, start=1)
    ]
    for place in range(len(choices) + 1, FEWEST_ROWS + 1):
        choices.append(Choice(f"blank{place}", f"Choice {place}"))
    text = question.text.strip() or ASKED
    return replace(question, code=row.code, text=text, choices=tuple(choices))


def _choice(code: str, choice: Choice, place: int) -> Choice:
    """The choice, with its picture only once its address is one."""
    url = choice.image_url if (choice.image_url or "").startswith("https://") else None
    text = choice.text.strip() or f"Choice {place}"
    return replace(choice, code=code, text=text, image_url=url)


def _tally(poll: Poll, now: datetime) -> Tally:
    counts = {ALL_BALLOTS: 0}
    for question in poll.questions:
        votes = list(islice(cycle(MADE_UP), len(question.choices)))
        answered = max(*votes, sum(votes) // max(1, question.max_choices))
        counts[question.code, ""] = answered
        counts[ALL_BALLOTS] = max(counts[ALL_BALLOTS], answered)
        for choice, figure in zip(question.choices, votes, strict=True):
            counts[question.code, choice.code] = figure
    return Tally(revision=1, counts=counts, counted_at=now)
