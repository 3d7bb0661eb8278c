"""Votes over time, by the minutes, hours and days of the site's own clocks."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from service.records import ALL_BALLOTS, CountsByMoment, Poll, VoteKey

QUARTER = 900
"""All clocks of the world differ by whole quarters of an hour: counts by quarters, which the
database makes without knowing any clock, add up to the hours and days of each."""


class Bucket(StrEnum):
    """How long each point of a timeline lasts."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"


SECONDS: Mapping[Bucket, int] = {Bucket.MINUTE: 60, Bucket.HOUR: 3600, Bucket.DAY: 86400}
STRETCH: Mapping[Bucket, int] = {Bucket.MINUTE: 60, Bucket.HOUR: QUARTER, Bucket.DAY: QUARTER}


@dataclass(frozen=True, slots=True)
class ChoiceTimeline:
    """A choice's votes in each bucket."""

    code: str
    text: str
    votes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class QuestionTimeline:
    """The votes of a question's choices."""

    code: str
    text: str
    choices: tuple[ChoiceTimeline, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A poll's counted ballots and votes, bucket by bucket without a gap from the first ballot's to
    the last one's. `starts` are the buckets' beginnings."""

    poll: str
    bucket: Bucket
    timezone: str
    starts: tuple[datetime, ...]
    ballots: tuple[int, ...]
    questions: tuple[QuestionTimeline, ...]


def fitting(lasts: timedelta) -> Bucket:
    """The bucket that makes some dozens to hundreds of points of so long a time."""
    if lasts <= timedelta(hours=4):
        return Bucket.MINUTE
    return Bucket.HOUR if lasts <= timedelta(days=10) else Bucket.DAY


def of_counts(poll: Poll, counts: CountsByMoment, bucket: Bucket) -> Timeline:
    """The timeline that counts by the bucket's stretches mean on the site's clocks."""
    zone = ZoneInfo(poll.timezone)
    folded: dict[datetime, Counter[VoteKey]] = {
        start: Counter() for start in _starts(counts, bucket, zone)
    }
    for second, votes in counts.items():
        folded[_start(second, bucket, zone)].update(votes)

    def row(vote: VoteKey) -> tuple[int, ...]:
        return tuple(votes[vote] for votes in folded.values())

    return Timeline(
        poll=poll.slug,
        bucket=bucket,
        timezone=poll.timezone,
        starts=tuple(folded),
        ballots=row(ALL_BALLOTS),
        questions=tuple(
            QuestionTimeline(
                question.code,
                question.text,
                tuple(
                    ChoiceTimeline(choice.code, choice.text, row((question.code, choice.code)))
                    for choice in question.choices
                ),
            )
            for question in poll.questions
        ),
    )


def _starts(seconds: Iterable[int], bucket: Bucket, zone: ZoneInfo) -> list[datetime]:
    """The beginnings of all buckets from the first second's to the last one's."""
    known = sorted(seconds)
    if not known:
        return []
    # Half a day is less than any day, however the clocks are changed in it.
    step = SECONDS[bucket] // 2 if bucket is Bucket.DAY else STRETCH[bucket]
    every = (*range(known[0], known[-1], step), known[-1])
    return sorted({_start(second, bucket, zone) for second in every})


def _start(second: int, bucket: Bucket, zone: ZoneInfo) -> datetime:
    local = datetime.fromtimestamp(second, zone)
    match bucket:
        case Bucket.MINUTE:
            start = local.replace(second=0)
        case Bucket.HOUR:  # keeps `fold`, so that an hour which the clocks repeat is two
            start = local.replace(minute=0, second=0)
        case Bucket.DAY:
            start = local.replace(hour=0, minute=0, second=0, fold=0)
    return start.astimezone(UTC)
