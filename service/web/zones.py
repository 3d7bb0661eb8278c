"""Moments as owners write and read them: on the clocks of the site's time zone."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from service.domain.moments import YEARS
from service.errors import FieldError, ValidationError

INPUT = "%Y-%m-%dT%H:%M"
FIRST, SECOND = "first", "second"
UNREADABLE = "Write the date and the time, such as 2026-11-24 18:30."


@dataclass(frozen=True, slots=True)
class Reading:
    """What a local time means. `offsets` are told apart where clocks show it twice, as they do when
    they are put back; `fault` says why there is no moment."""

    moment: datetime | None = None
    fault: str | None = None
    offsets: tuple[str, str] | None = None


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
    """The moment that a local time means, in UTC; None if it is empty. Of one that comes twice the
    first is meant. Raises ValidationError, naming the field by its pointer."""
    reading = read(text, FIRST, zone)
    if reading.fault:
        raise ValidationError(FieldError(pointer, reading.fault))
    return reading.moment


def read(text: str, occurrence: str, zone_name: str) -> Reading:
    """The moment of a local time; `occurrence` says which one of a time that comes twice."""
    if not text.strip():
        return Reading()
    try:
        local = datetime.fromisoformat(text.strip())
    except ValueError:
        return Reading(fault=UNREADABLE)
    if local.tzinfo is not None or local.year not in YEARS:
        return Reading(fault=UNREADABLE)
    zone = ZoneInfo(zone_name)
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return Reading(_moment(first))
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local:
        return Reading(fault=_skipped(first, zone_name))
    return _twice(first, second, occurrence)


def written(moment: datetime | None, zone_name: str) -> tuple[str, str]:
    """The local time of a moment as a form's field holds it, and which occurrence it is."""
    if moment is None:
        return "", ""
    local = moment.astimezone(ZoneInfo(zone_name))
    precision = "seconds" if local.second else "minutes"
    twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    occurrence = (SECOND if local.fold else FIRST) if twice else ""
    return local.replace(tzinfo=None).isoformat(timespec=precision), occurrence


def shown(moment: datetime, zone_name: str) -> str:
    """`24 November 2026, 18:30`."""
    return moment.astimezone(ZoneInfo(zone_name)).strftime("%-d %B %Y, %H:%M")


def offset(moment: datetime, zone_name: str) -> str:
    """`UTC+01:00`: how far the zone's clocks are from UTC at the moment."""
    return _offset(moment.astimezone(ZoneInfo(zone_name)))


def _twice(first: datetime, second: datetime, occurrence: str) -> Reading:
    offsets = _offset(first), _offset(second)
    if occurrence == FIRST:
        return Reading(_moment(first), offsets=offsets)
    if occurrence == SECOND:
        return Reading(_moment(second), offsets=offsets)
    fault = "Clocks are put back then, so this time comes twice. Choose which one you mean."
    return Reading(fault=fault, offsets=offsets)


def _skipped(local: datetime, zone_name: str) -> str:
    later = local.astimezone(UTC).astimezone(ZoneInfo(zone_name))
    return (
        f"There is no {local:%H:%M} on this day in {zone_name}: clocks are put forward. "
        f"The same moment is called {later:%H:%M}."
    )


def _moment(local: datetime) -> datetime:
    return local.astimezone(UTC)


def _offset(local: datetime) -> str:
    digits = f"{local:%z}"
    return f"UTC{digits[:3]}:{digits[3:5]}"


def _there(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))
