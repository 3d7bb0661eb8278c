"""What a picture of a poll shows: words and figures, not yet where they stand."""

from dataclasses import dataclass
from datetime import datetime

from service.domain import questions
from service.domain.results import ChoiceResult, QuestionResult, Results
from service.records import Poll, Question, QuestionType, ResultsVisibility, Status
from service.web.pictures import directions
from service.web.writing import ENGLISH

SAMPLE = "Readers who chose to take part; not a scientific sample."
SEVERAL = "Each reader could choose several; not a scientific sample."
OVER = (Status.CLOSED, Status.ARCHIVED)


@dataclass(frozen=True, slots=True)
class Row:
    """A choice; with its figures, where there are any to show."""

    label: str
    share: float | None = None
    percent: str = ""
    votes: str = ""
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """The first question of a poll, with all that is said around it. `takes_several` is the shape
    of the marks; `runs_left` of a script that is written from right to left."""

    kicker: str
    headline: str
    rows: tuple[Row, ...]
    takes_several: bool
    status: str
    moment: str
    note: str
    place: str
    accent: str | None
    runs_left: bool

    @property
    def has_figures(self) -> bool:
        """Whether the rows are results."""
        return any(row.share is not None for row in self.rows)

    @property
    def words(self) -> str:
        """All that is to be written."""
        labels = (f"{row.label}{row.percent}{row.votes}" for row in self.rows)
        around = (self.kicker, self.headline, self.status, self.moment, self.note, self.place)
        return "".join((*around, *labels))


def of_poll(poll: Poll, results: Results | None, now: datetime, place: str) -> Scene:
    """The poll as of now, with the results if everybody may see them. `place` is where to vote."""
    silent, question = poll.says_nothing_at(now), poll.questions[0]
    counted = results is not None and any(row.percent for row in results.questions[0].choices)
    headline = poll.subject_at(now)
    return Scene(
        kicker=_kicker(poll, silent=silent),
        headline=headline,
        rows=() if silent else _rows(poll, results.questions[0] if results and counted else None),
        takes_several=question.type is QuestionType.MULTIPLE_CHOICE,
        status=_status(poll, results, now),
        moment=f"As of {ENGLISH.moment(results.as_of, poll.timezone)}"
        if results and counted
        else "",
        note=_note(question, counted=counted) if results else _why_hidden(poll, now),
        place=place,
        accent=poll.theme.get("--voxpop-accent"),
        runs_left=directions.runs_left(headline),
    )


def _kicker(poll: Poll, *, silent: bool) -> str:
    several = len(poll.questions) > 1 and not silent
    return f"{poll.site_name} · Question 1 of {len(poll.questions)}" if several else poll.site_name


def _rows(poll: Poll, result: QuestionResult | None) -> tuple[Row, ...]:
    if result is None:
        return tuple(Row(choice.text) for choice in questions.offered(poll)[0].choices)
    most = max(choice.percent for choice in result.choices)
    return tuple(_figures(choice, most) for choice in result.choices)


def _figures(choice: ChoiceResult, most: float) -> Row:
    return Row(
        label=f"{choice.text} (no longer offered)" if choice.retired else choice.text,
        share=choice.percent,
        percent=ENGLISH.share(choice.percent),
        votes="" if choice.votes is None else ENGLISH.figure(choice.votes),
        leads=choice.percent == most,
    )


def _status(poll: Poll, results: Results | None, now: datetime) -> str:
    """How many voted, and whether one still can."""
    standing = poll.status_at(now)
    parts = [_voted(results.ballots) if results else "", "Voting has closed"]
    if standing not in OVER:
        parts[1] = "" if results else "Vote in this poll"
    if standing is Status.SCHEDULED:
        opens = poll.schedule.opens_at
        when = f"opens on {ENGLISH.moment(opens, poll.timezone)}" if opens else "has not opened yet"
        parts = [f"Voting {when}"]
    return " · ".join(part for part in parts if part)


def _voted(ballots: int | None) -> str:
    match ballots:
        case None:
            return ""
        case 0:
            return "No votes yet"
        case 1:
            return "1 reader voted"
    return f"{ENGLISH.figure(ballots)} readers voted"


def _note(question: Question, *, counted: bool) -> str:
    if not counted:
        return ""
    return SEVERAL if question.type is QuestionType.MULTIPLE_CHOICE else SAMPLE


def _why_hidden(poll: Poll, now: datetime) -> str:
    standing = poll.status_at(now)
    if standing is Status.SCHEDULED or poll.says_nothing_at(now):
        return ""
    if standing in OVER or poll.results_visibility is ResultsVisibility.OWNERS:
        return "Results are not published."
    if poll.results_visibility is ResultsVisibility.AFTER_VOTE:
        return "Results are shown to readers who have voted."
    return "Results are shown when voting has closed."
