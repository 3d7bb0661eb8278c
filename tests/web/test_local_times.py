"""Local times of a site's time zone: what they mean, and what is said where they mean nothing."""

from datetime import UTC, datetime

import pytest

from service.web import zones

BERLIN = "Europe/Berlin"
FORWARD = "2026-03-29T02:30"
BACK = "2026-10-25T02:30"


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


def test_a_local_time_is_a_moment() -> None:
    assert zones.read("2026-11-24T18:30", "", "Asia/Kolkata").moment == utc(2026, 11, 24, 13)
    assert zones.read("2026-11-24 18:30", "", BERLIN).moment == utc(2026, 11, 24, 17, 30)


def test_nothing_written_is_no_moment_and_no_fault() -> None:
    assert zones.read("  ", "", BERLIN) == zones.Reading()


def test_a_time_that_clocks_skip_is_refused_with_what_it_is_called() -> None:
    reading = zones.read(FORWARD, "", BERLIN)
    assert reading.moment is None
    assert reading.fault is not None
    assert "There is no 02:30" in reading.fault
    assert "03:30" in reading.fault


def test_a_time_that_comes_twice_asks_which() -> None:
    reading = zones.read(BACK, "", BERLIN)
    assert reading.moment is None
    assert reading.fault is not None
    assert "comes twice" in reading.fault
    assert reading.offsets == ("UTC+02:00", "UTC+01:00")


@pytest.mark.parametrize(("which", "hour"), [("first", 0), ("second", 1)])
def test_each_of_the_two_can_be_meant_and_is_shown_again(which: str, hour: int) -> None:
    reading = zones.read(BACK, which, BERLIN)
    assert reading.moment == utc(2026, 10, 25, hour, 30)
    assert reading.fault is None
    assert zones.written(reading.moment, BERLIN) == (BACK, which)


@pytest.mark.parametrize(
    "text",
    ["soon", "2026-13-01T00:00", "0001-01-01T00:00", "9999-12-31T23:59", "2026-11-24T18:30Z"],
)
def test_what_is_no_local_time_is_refused(text: str) -> None:
    assert zones.read(text, "", BERLIN).fault == zones.UNREADABLE


def test_seconds_that_a_program_set_are_kept() -> None:
    text, _ = zones.written(utc(2026, 11, 24, 12, 0, 5), BERLIN)
    assert zones.read(text, "", BERLIN).moment == utc(2026, 11, 24, 12, 0, 5)
