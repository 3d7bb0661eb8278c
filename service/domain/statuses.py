"""Which status a poll may have after which."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from service.errors import FieldError, PollHasBallots, StatusConflict, ValidationError
from service.records import Cast, Schedule, Status

MOVES: Mapping[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.OPEN}),
    Status.SCHEDULED: frozenset({Status.OPEN, Status.DRAFT, Status.CLOSED}),
    Status.OPEN: frozenset({Status.CLOSED}),
    Status.CLOSED: frozenset({Status.OPEN, Status.ARCHIVED}),
    Status.ARCHIVED: frozenset({Status.CLOSED}),
}
"""From the status that readers see to those that an owner may give. A draft is opened by its
schedule, so perhaps it is scheduled then; a scheduled poll is opened at once, and goes back to a
draft if nobody has voted. A poll whose `closes_at` has passed needs a new one to open again."""

OPENED = "Readers have voted: the poll cannot open later."
ENDED = "Readers have voted since: the poll cannot have ended before. Close it instead."
IS_NO_DRAFT = "Readers have voted: the poll cannot be a draft again."


def moved(schedule: Schedule, status: Status, now: datetime, cast: Cast) -> Schedule:
    """The schedule with the status, if its poll may have it.

    Raises StatusConflict, ValidationError, PollHasBallots.
    """
    seen = schedule.status_at(now)
    if status is schedule.status and status is seen:
        return schedule
    if status not in MOVES[seen] and not (seen is status is Status.CLOSED):
        raise StatusConflict(f"A poll that is {seen} cannot become {status}.")
    if status is Status.DRAFT and cast.has_ballots:
        raise PollHasBallots(FieldError("/status", IS_NO_DRAFT))
    if status is not Status.OPEN:
        return replace(schedule, status=status)
    refuse_over(schedule, now)
    # A form holds no part of a second: the moment stays what it is when it is saved there.
    opens_at = now.replace(microsecond=0) if seen is Status.SCHEDULED else schedule.opens_at
    return replace(schedule, status=status, opens_at=opens_at)


def refuse_past_votes(before: Schedule, after: Schedule, cast: Cast) -> None:
    """Raises PollHasBallots if the schedule comes to say that a ballot that was cast came too early
    or too late."""
    faults = []
    opens = after.opens_at if after.opens_at != before.opens_at else None
    if opens is not None and cast.first_vote_at is not None and opens > cast.first_vote_at:
        faults.append(FieldError("/opens_at", OPENED))
    ended = after.closes_at if after.closes_at != before.closes_at else None
    if ended is not None and cast.last_vote_at is not None and ended <= cast.last_vote_at:
        faults.append(FieldError("/closes_at", ENDED))
    if faults:
        raise PollHasBallots(*faults)


def refuse_over(schedule: Schedule, now: datetime) -> None:
    """Raises ValidationError if the schedule has ended already."""
    if schedule.closes_at is not None and schedule.closes_at <= now:
        raise ValidationError(FieldError("/closes_at", "Has passed: set another, or none.", "over"))
