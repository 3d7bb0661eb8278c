"""Moments as owners write and read them: on the clocks of the site's time zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from service.errors import FieldError, ValidationError

INPUT = "%Y-%m-%dT%H:%M"


def local(moment: datetime, zone: str) -> str:
    """`24 Nov 2026, 17:30`, as the zone's clocks say."""
    return _there(moment, zone).strftime("%-d %b %Y, %H:%M")


def local_day(moment: datetime, zone: str) -> str:
    """`24 Nov 2026`, as the zone's calendars say."""
    return _there(moment, zone).strftime("%-d %b %Y")


def local_second(moment: datetime, zone: str) -> str:
    """`24 Nov 2026, 17:30:05`, as the zone's clocks say."""
    return _there(moment, zone).strftime("%-d %b %Y, %H:%M:%S")


def local_input(moment: datetime | None, zone: str) -> str:
    """The value of an `<input type="datetime-local">` that shows the moment; nothing for none."""
    return "" if moment is None else _there(moment, zone).strftime(INPUT)


def from_input(text: str, zone: str, pointer: str) -> datetime | None:
    """The moment that such an input's value means, in UTC; None if it is empty.

    An hour that the clocks show twice means the first, one that they skip the hour after it.
    Raises ValidationError, naming the field by its pointer.
    """
    if not text.strip():
        return None
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValidationError(FieldError(pointer, "This is no date and time.")) from error


def _there(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))
