"""Results: the tally made readable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from service.domain import polls, questions, timelines
from service.domain.timelines import Bucket, Timeline
from service.errors import FieldError, ResultsHidden, ValidationError
from service.records import (
    Actor,
    BallotStatus,
    OtherText,
    Permission,
    Poll,
    Question,
    ResultsOrder,
    ResultsVisibility,
    Status,
    Tally,
    WhenClosed,
)
from service.stores import Stores

MOST_POINTS = 2000

OtherTextsShown = Mapping[str, Sequence[OtherText]]
"""What voters wrote and an owner lets show: question code -> texts, most votes first."""


class Showing(Protocol):
    """What decides whether the results of a poll show."""

    @property
    def results_visibility(self) -> ResultsVisibility:
        """Who sees them, and when."""

    @property
    def when_closed(self) -> WhenClosed:
        """What shows once the poll is over."""

    def status_at(self, now: datetime) -> Status:
        """Where the poll stands."""


@dataclass(frozen=True, slots=True)
class OtherTextResult:
    """What voters wrote for the `is_other` choice, and how many of them."""

    text: str
    votes: int | None


@dataclass(frozen=True, slots=True)
class ChoiceResult:
    """A choice's votes, and their share in percent of the question's base. It is `retired` where
    it is offered no more."""

    code: str
    text: str
    votes: int | None
    percent: float
    retired: bool = False


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """A question's votes. `base` says what 100 percent is: the ballots that answered it."""

    code: str
    text: str
    base: str
    answered: int | None
    votes: int | None
    choices: tuple[ChoiceResult, ...]
    other_texts: tuple[OtherTextResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """A poll's results as of one revision; equal for every reader. The counts are None in what
    readers get of a poll that shows percentages only."""

    poll: str
    status: Status
    ballots: int | None
    revision: int
    as_of: datetime
    questions: tuple[QuestionResult, ...]


def visible(poll: Showing, now: datetime, *, has_voted: bool) -> bool:
    """Whether a reader may see the results now."""
    closed = poll.status_at(now) in (Status.CLOSED, Status.ARCHIVED)
    if closed and poll.when_closed is not WhenClosed.RESULTS:
        return False
    match poll.results_visibility:
        case ResultsVisibility.ALWAYS:
            return True
        case ResultsVisibility.AFTER_VOTE:
            return has_voted or closed
        case ResultsVisibility.AFTER_CLOSE:
            return closed
        case ResultsVisibility.OWNERS:
            return False


def tally_for(stores: Stores, poll: Poll, now: datetime, *, has_voted: bool = False) -> Tally:
    """The tally, for whom may see it. Raises ResultsHidden, TemporarilyUnavailable."""
    if not visible(poll, now, has_voted=has_voted):
        raise ResultsHidden
    return stores.tallies.read(poll.id)


def read(stores: Stores, poll: Poll, now: datetime, *, has_voted: bool = False) -> Results:
    """The results, for whom may see them. Raises ResultsHidden, TemporarilyUnavailable."""
    tally = tally_for(stores, poll, now, has_voted=has_voted)
    return for_readers(poll, tally, texts_for(stores, poll), now)


def texts_for(stores: Stores, poll: Poll) -> OtherTextsShown:
    """The voters' own texts that show in the poll's results."""
    takes_texts = any(choice.is_other for one in poll.questions for choice in one.choices)
    return stores.other_texts.shown(poll.id) if takes_texts else {}


def for_readers(poll: Poll, tally: Tally, texts: OtherTextsShown, now: datetime) -> Results:
    """The results as everybody may have them: without any count where the poll says so."""
    full = of_tally(poll, tally, now, texts)
    return _without_counts(full) if poll.percent_only else full


def of_tally(
    poll: Poll, tally: Tally, now: datetime, texts: OtherTextsShown | None = None
) -> Results:
    """The results that a tally of the poll means, with all counts."""
    return Results(
        poll=poll.slug,
        status=poll.status_at(now),
        ballots=tally.ballots,
        revision=tally.revision,
        as_of=_as_of(poll, tally),
        questions=tuple(
            _question(poll, question, tally, (texts or {}).get(question.code, ()))
            for question in poll.questions
        ),
    )


def for_owners(stores: Stores, actor: Actor, slug: str, now: datetime) -> Results:
    """The results with all counts, whatever readers may see, of drafts too.

    Raises PollNotFound, NotAllowed, TemporarilyUnavailable.
    """
    poll = polls.managed(stores, actor, slug, Permission.RESULTS_READ)
    return of_tally(poll, stores.tallies.read(poll.id), now, texts_for(stores, poll))


def apart(stores: Stores, actor: Actor, slug: str) -> Mapping[BallotStatus, int]:
    """How many ballots are held and void, which are in no result.

    Raises PollNotFound, NotAllowed.
    """
    poll = polls.managed(stores, actor, slug, Permission.RESULTS_READ)
    return stores.breakdowns.apart(poll.id)


def over_time(stores: Stores, actor: Actor, slug: str, bucket: Bucket | None = None) -> Timeline:
    """Counted ballots and votes over time on the site's clocks, some seconds old at most; without a
    bucket in one that fits.

    Raises PollNotFound, NotAllowed, ValidationError for a bucket too short to draw.
    """
    poll = polls.managed(stores, actor, slug, Permission.RESULTS_READ)
    first, last = stores.breakdowns.span(poll.id) or (poll.created_at, poll.created_at)
    bucket = bucket or timelines.fitting(last - first)
    seconds = timelines.SECONDS[bucket]
    if (last - first).total_seconds() > MOST_POINTS * seconds:
        raise ValidationError(FieldError("/bucket", f"Makes more than {MOST_POINTS} points."))
    counts = stores.breakdowns.by_moment(poll.id, timelines.STRETCH[bucket])
    return timelines.of_counts(poll, counts, bucket)


def percent(votes: int, base: int) -> float:
    """The share in percent to one decimal, halves rounded up; 0 of nothing is 0."""
    return (2000 * votes + base) // (2 * base) / 10 if base else 0.0


def _as_of(poll: Poll, tally: Tally) -> datetime:
    """When the counts last changed, and never before the poll was: hosts' clocks may differ."""
    return max(poll.created_at, tally.counted_at or poll.created_at)


def _question(
    poll: Poll, question: Question, tally: Tally, texts: Sequence[OtherText]
) -> QuestionResult:
    answered = tally.answered(question.code)
    choices = [
        ChoiceResult(choice.code, choice.text, votes, percent(votes, answered), choice.retired)
        for choice in questions.in_order(poll, question.choices)
        for votes in [tally.votes(question.code, choice.code)]
    ]
    if poll.results_order is ResultsOrder.BY_VOTES:
        choices.sort(key=lambda choice: -(choice.votes or 0))  # stable: ties stay as listed
    return QuestionResult(
        code=question.code,
        text=question.text,
        base="ballots",
        answered=answered,
        votes=sum(choice.votes or 0 for choice in choices),
        choices=tuple(choices),
        other_texts=tuple(OtherTextResult(text.text, text.votes) for text in texts),
    )


def _without_counts(results: Results) -> Results:
    """What is left when every figure is gone that is no percentage."""
    return replace(
        results,
        ballots=None,
        questions=tuple(
            replace(
                question,
                answered=None,
                votes=None,
                choices=tuple(replace(choice, votes=None) for choice in question.choices),
                other_texts=tuple(replace(text, votes=None) for text in question.other_texts),
            )
            for question in results.questions
        ),
    )
