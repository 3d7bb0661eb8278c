"""Moments on the site's clocks."""

from datetime import UTC, datetime

import pytest

from service.errors import ValidationError
from service.web import zones

KOLKATA = "Asia/Kolkata"
MOMENT = datetime(2026, 11, 24, 12, 0, 5, tzinfo=UTC)


def test_a_moment_is_written_as_the_sites_clocks_say() -> None:
    assert zones.local(MOMENT, KOLKATA) == "24 Nov 2026, 17:30"
    assert zones.local_second(MOMENT, KOLKATA) == "24 Nov 2026, 17:30:05"
    assert zones.local_input(MOMENT, KOLKATA) == "2026-11-24T17:30"
    assert zones.local_input(None, KOLKATA) == ""


def test_what_an_owner_writes_is_meant_on_the_sites_clocks() -> None:
    meant = zones.from_input("2026-11-24T17:30", KOLKATA, "/since")
    assert meant == datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert zones.from_input(" ", KOLKATA, "/since") is None


def test_of_an_hour_that_comes_twice_the_first_is_meant_where_nobody_can_be_asked() -> None:
    found = zones.from_input("2026-10-25T02:30", "Europe/Berlin", "/since")
    assert found == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["soon", "2026-13-01T00:00", "0001-01-01T00:00", "2026-03-29T02:30"]
)
def test_what_is_no_moment_is_refused_by_its_field(text: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        zones.from_input(text, "Europe/Berlin", "/since")
    assert refusal.value.errors[0].pointer == "/since"
