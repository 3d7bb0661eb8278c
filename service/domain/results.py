"""Results: the tally made readable."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from service.domain import polls, timelines
from service.domain.timelines import Bucket, Timeline
from service.errors import FieldError, ResultsHidden, ValidationError
from service.records import Actor, Permission, Poll, Question, ResultsVisibility, Status, Tally
from service.stores import Stores

MOST_POINTS = 2000
MOST_PARTS = 20


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


@dataclass(frozen=True, slots=True)
class Part:
    """The counted ballots that have the value, such as a page; None are those that name none.
    `percent` is of all counted ballots."""

    value: str | None
    ballots: int
    percent: float


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A poll's counted ballots by one thing, the largest parts first. `more_parts` are not listed;
    `rest` is how many ballots these have."""

    poll: str
    ballots: int
    parts: tuple[Part, ...]
    more_parts: int
    rest: int


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


def for_owners(stores: Stores, actor: Actor, slug: str, now: datetime) -> Results:
    """The results with all counts, whatever readers may see, of drafts too.

    Raises PollNotFound, NotAllowed, TemporarilyUnavailable.
    """
    poll = polls.managed(stores, actor, slug, Permission.RESULTS_READ)
    return of_tally(poll, stores.tallies.read(poll.id), now)


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


def by_page(stores: Stores, actor: Actor, slug: str, most: int = MOST_PARTS) -> Breakdown:
    """The counted ballots by the page they were cast on. Raises PollNotFound, NotAllowed."""
    return _by_part(stores, actor, slug, "page", most)


def by_country(stores: Stores, actor: Actor, slug: str, most: int = MOST_PARTS) -> Breakdown:
    """The counted ballots by the country a trusted proxy named. Raises PollNotFound, NotAllowed."""
    return _by_part(stores, actor, slug, "country", most)


def _by_part(
    stores: Stores, actor: Actor, slug: str, part: Literal["page", "country"], most: int
) -> Breakdown:
    poll = polls.managed(stores, actor, slug, Permission.RESULTS_READ)
    shares = stores.breakdowns.by_part(poll.id, part, most)
    parts = tuple(
        Part(share.value, share.ballots, percent(share.ballots, shares.ballots))
        for share in shares.most
    )
    rest = shares.ballots - sum(share.ballots for share in shares.most)
    return Breakdown(poll.slug, shares.ballots, parts, shares.values - len(parts), rest)


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
