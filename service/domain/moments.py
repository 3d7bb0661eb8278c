"""What any moment must be that somebody decides, whatever it is for."""

from collections.abc import Iterator
from datetime import UTC, datetime

from service.errors import FieldError

YEARS = range(1970, 9999)  # without those whose ends are beyond the calendar in some zone
FIRST, END = datetime(YEARS.start, 1, 1, tzinfo=UTC), datetime(YEARS.stop, 1, 1, tzinfo=UTC)


def faults(pointer: str, moment: datetime | None) -> Iterator[FieldError]:
    """What is wrong with the moment, if there is one."""
    if moment is None:
        return
    if moment.tzinfo is None:
        yield FieldError(pointer, "Must say its time zone.")
    elif not FIRST <= moment < END:
        yield FieldError(pointer, f"Must be in the years {YEARS[0]} to {YEARS[-1]}.")
