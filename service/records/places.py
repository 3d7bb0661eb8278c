"""Places: where a site's pages show a poll without naming it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.records.polls import Schedule, Status


class Place(StrEnum):
    """Which of a site's polls a place shows."""

    LATEST = "latest"
    CURRENT = "current"
    RANDOM = "random"


@dataclass(frozen=True, slots=True)
class CurrentPoll:
    """Which poll a site's owners chose as its current one; None leaves it to be the latest."""

    slug: str | None


@dataclass(frozen=True, slots=True)
class PlacedPoll:
    """What is to be known of a poll to choose it for a place."""

    slug: str
    schedule: Schedule
    opened_at: datetime | None

    def status_at(self, now: datetime) -> Status:
        """The status as readers see it at `now`."""
        return self.schedule.status_at(now)


@dataclass(frozen=True, slots=True)
class SitePolls:
    """The polls that a site's places choose from.

    `pinned` is the one that its owners chose as the current one, whatever its status; `open` those
    that are open or will be, the one first that opened last; `over` the one that opened last of
    those that are closed, where none is open.
    """

    pinned: PlacedPoll | None = None
    open: tuple[PlacedPoll, ...] = ()
    over: PlacedPoll | None = None
