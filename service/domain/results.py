"""Results: the tally made readable."""

from dataclasses import dataclass
from datetime import datetime

from service.errors import ResultsHidden
from service.records import Poll, Question, ResultsVisibility, Status, Tally
from service.stores import Stores


@dataclass(frozen=True, slots=True)
class ChoiceResult:
    """A choice's votes, and their share in percent of the question's base."""

    code: str
    text: str
    votes: int
    percent: float


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """A question's votes. `base` says what 100 percent is: the ballots that answered it."""

    code: str
    text: str
    base: str
    answered: int
    votes: int
    choices: tuple[ChoiceResult, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """A poll's results as of one revision; equal for every reader."""

    poll: str
    status: Status
    ballots: int
    revision: int
    as_of: datetime
    questions: tuple[QuestionResult, ...]


def visible(poll: Poll, now: datetime, *, has_voted: bool) -> bool:
    """Whether a reader may see the results now."""
    closed = poll.status_at(now) in (Status.CLOSED, Status.ARCHIVED)
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
    return of_tally(poll, tally_for(stores, poll, now, has_voted=has_voted), now)


def of_tally(poll: Poll, tally: Tally, now: datetime) -> Results:
    """The results that a tally of the poll means."""
    return Results(
        poll=poll.slug,
        status=poll.status_at(now),
        ballots=tally.ballots,
        revision=tally.revision,
        as_of=tally.counted_at or poll.created_at,
        questions=tuple(_question(question, tally) for question in poll.questions),
    )


def percent(votes: int, base: int) -> float:
    """The share in percent to one decimal, halves rounded up; 0 of nothing is 0."""
    return (2000 * votes + base) // (2 * base) / 10 if base else 0.0


def _question(question: Question, tally: Tally) -> QuestionResult:
    answered = tally.answered(question.code)
    votes = {choice.code: tally.votes(question.code, choice.code) for choice in question.choices}
    return QuestionResult(
        code=question.code,
        text=question.text,
        base="ballots",
        answered=answered,
        votes=sum(votes.values()),
        choices=tuple(
            ChoiceResult(
                choice.code, choice.text, votes[choice.code], percent(votes[choice.code], answered)
            )
            for choice in question.choices
        ),
    )
