"""Buckets of time on a site's clocks, through changes of the clocks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from service.domain import timelines
from service.domain.timelines import Bucket, Timeline
from service.records import ALL_BALLOTS, Choice, Poll, Question
from tests.conftest import NOON
from tests.domain.test_voters import POLL

QUESTION = Question("q1", "Which?", (Choice("c1", "Rice"), Choice("c2", "Tea")))


def poll(zone: str) -> Poll:
    return replace(POLL, timezone=zone, questions=(QUESTION,))


def timeline(zone: str, bucket: Bucket, *moments: datetime) -> Timeline:
    """The timeline of one ballot for `c1` at each moment, counted as the store counts."""
    stretch = timelines.STRETCH[bucket]
    counts: dict[int, dict[tuple[str, str], int]] = {}
    for moment in moments:
        votes = counts.setdefault(int(moment.timestamp()) // stretch * stretch, {})
        for vote in (ALL_BALLOTS, ("q1", ""), ("q1", "c1")):
            votes[vote] = votes.get(vote, 0) + 1
    return timelines.of_counts(poll(zone), counts, bucket)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_hours_begin_when_the_sites_clocks_say_and_have_no_gap() -> None:
    found = timeline(
        "Asia/Kolkata", Bucket.HOUR, at("2026-11-24T12:29:59"), at("2026-11-24T14:30:00")
    )
    assert found.starts == (
        at("2026-11-24T11:30"),
        at("2026-11-24T12:30"),
        at("2026-11-24T13:30"),
        at("2026-11-24T14:30"),
    )
    assert found.ballots == (1, 0, 0, 1)
    assert [choice.votes for choice in found.questions[0].choices] == [(1, 0, 0, 1), (0,) * 4]


def test_days_are_the_sites_days_however_long() -> None:
    # New York's clocks go back on 1 November 2026: that day has 25 hours.
    found = timeline(
        "America/New_York",
        Bucket.DAY,
        at("2026-11-01T03:59:59"),
        at("2026-11-01T04:00:00"),
        at("2026-11-02T04:59:59"),
        at("2026-11-02T05:00:00"),
    )
    assert found.starts == (
        at("2026-10-31T04:00"),
        at("2026-11-01T04:00"),
        at("2026-11-02T05:00"),
    )
    assert found.ballots == (1, 2, 1)


def test_an_hour_that_the_clocks_repeat_is_two() -> None:
    found = timeline(
        "America/New_York", Bucket.HOUR, at("2026-11-01T05:30"), at("2026-11-01T06:30")
    )
    assert found.starts == (at("2026-11-01T05:00"), at("2026-11-01T06:00"))
    assert found.ballots == (1, 1)


@pytest.mark.parametrize("zone", ["Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca"])
@pytest.mark.parametrize("bucket", [Bucket.HOUR, Bucket.DAY])
def test_nothing_is_lost_or_counted_twice_in_a_year_of_odd_clocks(
    zone: str, bucket: Bucket
) -> None:
    moments = [NOON + timedelta(hours=7 * number, minutes=11) for number in range(1200)]
    found = timeline(zone, bucket, *moments)
    assert sum(found.ballots) == len(moments)
    assert list(found.starts) == sorted(set(found.starts))
    longest = max(b - a for a, b in zip(found.starts, found.starts[1:], strict=False))
    assert longest <= timedelta(seconds=timelines.SECONDS[bucket] + 3600)


@pytest.mark.parametrize(
    ("lasts", "bucket"),
    [
        (timedelta(0), Bucket.MINUTE),
        (timedelta(hours=4), Bucket.MINUTE),
        (timedelta(hours=5), Bucket.HOUR),
        (timedelta(days=11), Bucket.DAY),
    ],
)
def test_the_bucket_fits_the_time(lasts: timedelta, bucket: Bucket) -> None:
    assert timelines.fitting(lasts) is bucket


def test_no_ballot_makes_no_point() -> None:
    assert timeline("UTC", Bucket.HOUR).starts == ()
