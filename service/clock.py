"""The only place that reads the time; everything else is handed a moment."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def ticks() -> float:
    """Seconds that only grow, for durations within this process."""
    return time.monotonic()


def milliseconds(moment: datetime) -> int:
    """The whole milliseconds from the beginning of 1970 to the moment."""
    return int(moment.timestamp() * 1000)
