"""What a picture of a poll shows: words and figures, not yet where they stand."""

from dataclasses import dataclass
from datetime import datetime

from service.domain import questions
from service.domain.results import ChoiceResult, QuestionResult, Results
from service.phrases import Phrase
from service.records import Poll, QuestionType, ResultsVisibility, Status
from service.web.pictures import directions
from service.web.writing import ENGLISH, Writing

SAMPLE = Phrase("Readers who chose to take part; not a scientific sample.")
SEVERAL = Phrase("Each reader could choose several; not a scientific sample.")
NOBODY_YET, NOBODY = Phrase("No reader has voted yet"), Phrase("No reader has voted")
READERS = "{n} reader has voted", "{n} readers have voted"
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
    writing: Writing = ENGLISH

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


def of_poll(
    poll: Poll, results: Results | None, now: datetime, place: str, writing: Writing
) -> Scene:
    """The poll as of now, with the results if everybody may see them. `place` is where to vote."""
    silent, question = poll.says_nothing_at(now), poll.questions[0]
    counted = results is not None and any(row.percent for row in results.questions[0].choices)
    result = results.questions[0] if results and counted else None
    headline = writing.said(poll.subject_at(now))
    return Scene(
        kicker=poll.site_name if silent else _kicker(poll, writing),
        headline=headline,
        rows=() if silent else _rows(poll, result, writing),
        takes_several=question.type is QuestionType.MULTIPLE_CHOICE,
        status=_status(poll, results, now, writing),
        moment=_moment(poll, results, writing) if results and counted else "",
        note=writing.said(_note(poll, results, now, counted=counted)),
        place=place,
        accent=poll.theme.get("--voxpop-accent"),
        runs_left=directions.runs_left(headline),
        writing=writing,
    )


def _kicker(poll: Poll, writing: Writing) -> str:
    total = len(poll.questions)
    if total == 1:
        return poll.site_name
    which = writing.said(Phrase("Question {n} of {total}", n=1, total=total))
    return f"{poll.site_name} · {which}"


def _rows(poll: Poll, result: QuestionResult | None, writing: Writing) -> tuple[Row, ...]:
    if result is None:
        return tuple(Row(choice.text) for choice in questions.offered(poll)[0].choices)
    most = max(choice.percent for choice in result.choices)
    return tuple(_figures(choice, most, writing) for choice in result.choices)


def _figures(choice: ChoiceResult, most: float, writing: Writing) -> Row:
    retired = writing.said(Phrase("no longer offered"))
    return Row(
        label=f"{choice.text} ({retired})" if choice.retired else choice.text,
        share=choice.percent,
        percent=writing.share(choice.percent),
        votes="" if choice.votes is None else writing.figure(choice.votes),
        leads=choice.percent == most,
    )


def _moment(poll: Poll, results: Results, writing: Writing) -> str:
    time = writing.moment(results.as_of, poll.timezone)
    return writing.said(Phrase("as of {time}", time=time))


def _status(poll: Poll, results: Results | None, now: datetime, writing: Writing) -> str:
    """How many voted, and whether one still can."""
    standing, opens_at = poll.status_at(now), poll.schedule.opens_at
    if standing is Status.SCHEDULED and opens_at:
        time = writing.moment(opens_at, poll.timezone)
        return writing.said(Phrase("Voting opens on {time}", time=time))
    if standing is Status.SCHEDULED:
        return writing.said(Phrase("Voting has not opened yet"))
    over = standing in OVER
    voted = _voted(results.ballots, over=over, writing=writing) if results else ""
    if not over:
        return voted or writing.said(Phrase("Vote in this poll"))
    closed = writing.said(Phrase("Voting has closed"))
    return f"{voted} · {closed}" if voted else closed


def _voted(ballots: int | None, *, over: bool, writing: Writing) -> str:
    if ballots is None:
        return ""
    if ballots == 0:
        return writing.said(NOBODY if over else NOBODY_YET)
    one, other = READERS
    return str(writing.count(one, other, ballots).unescape())


def _note(poll: Poll, results: Results | None, now: datetime, *, counted: bool) -> str:
    """What the figures are worth, or why there are none."""
    if results is None:
        return _why_hidden(poll, now)
    if not counted:
        return ""
    several = poll.questions[0].type is QuestionType.MULTIPLE_CHOICE
    return SEVERAL if several else SAMPLE


def _why_hidden(poll: Poll, now: datetime) -> str:
    standing = poll.status_at(now)
    if standing is Status.SCHEDULED or poll.says_nothing_at(now):
        return ""
    if standing in OVER or poll.results_visibility is ResultsVisibility.OWNERS:
        return Phrase("Results are not published.")
    if poll.results_visibility is ResultsVisibility.AFTER_VOTE:
        return Phrase("Results are shown to readers who have voted.")
    return Phrase("Results are shown when voting has closed.")
