"""The log of the ballots that were cast, and what owners do with these."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from service.domain import audit, polls, texts
from service.errors import FieldError, ValidationError
from service.records import Actor, BallotFilter, BallotPlace, LoggedBallot, Permission
from service.stores import Stores

MOST_LISTED = 500
MOST_AT_ONCE = 1000
REASON_LENGTH = 500
NO_REASON = f"Give a reason of 1 to {REASON_LENGTH} characters, none of them a control character."
EVERY_BALLOT = BallotFilter()
CURSOR = re.compile(r"(\d{1,18})-([0-9a-f]{32})", re.ASCII)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class BallotPage:
    """A page of the log; `next` asks for the page after it, None says it is the last. `previous`
    asks for what is newer, None says that nothing was."""

    items: tuple[LoggedBallot, ...]
    next: str | None
    previous: str | None = None


NOTHING = BallotPage((), None)


def read(
    stores: Stores,
    actor: Actor,
    slug: str,
    wanted: BallotFilter = EVERY_BALLOT,
    after: str | None = None,
    limit: int = 50,
    before: str | None = None,
) -> BallotPage:
    """The poll's ballots, newest first, page by page to the first one; `before` is the way back.

    Raises PollNotFound, NotAllowed, ValidationError for a bad cursor.
    """
    poll = polls.managed(stores, actor, slug, Permission.BALLOTS_READ)
    if not 1 <= limit <= MOST_LISTED:
        raise ValidationError(FieldError("/limit", f"Must be 1 to {MOST_LISTED}."))
    if after is None and before is not None:
        return _page_back(
            stores.ballots.page(poll.id, wanted, None, limit + 1, _place(before)), limit
        )
    place = None if after is None else _place(after)
    found = stores.ballots.page(poll.id, wanted, place, limit + 1)
    items = tuple(found[:limit])
    newer = _cursor(items[0]) if items and after is not None else None
    return BallotPage(items, _cursor(items[-1]) if len(found) > limit else None, newer)


def _page_back(found: Sequence[LoggedBallot], limit: int) -> BallotPage:
    """The page of ballots that are followed by another, whose first was `before`."""
    if not found:
        return NOTHING
    items = tuple(found[-limit:])
    newer = _cursor(items[0]) if len(found) > limit else None
    return BallotPage(items, _cursor(items[-1]), newer)


def void(
    stores: Stores, actor: Actor, slug: str, ballot_ids: Sequence[UUID], reason: str, now: datetime
) -> Sequence[UUID]:
    """Take the ballots out of the counts, for the reason; give the ids of those that were in.

    The voters stay known: none of them can cast another ballot. Raises PollNotFound, NotAllowed,
    ValidationError, and BallotNotFound if one of them is none of the poll's, with nothing done.
    """
    poll = polls.managed(stores, actor, slug, Permission.BALLOTS_VOID)
    reason = texts.tidy(reason, lines=True)
    if any(texts.faults("/reason", reason, REASON_LENGTH, lines=True)):
        raise ValidationError(FieldError("/reason", NO_REASON))
    _check_number(ballot_ids)
    event = audit.about_poll(poll, actor, "ballot.void", now, after={"reason": reason})
    return stores.ballots.void(poll.id, ballot_ids, reason, event, now)


def restore(
    stores: Stores, actor: Actor, slug: str, ballot_ids: Sequence[UUID], now: datetime
) -> Sequence[UUID]:
    """Count ballots again that were voided; give the ids of those that were.

    Raises PollNotFound, NotAllowed, ValidationError, BallotNotFound, with nothing done.
    """
    poll = polls.managed(stores, actor, slug, Permission.BALLOTS_VOID)
    _check_number(ballot_ids)
    event = audit.about_poll(poll, actor, "ballot.restore", now, after={})
    return stores.ballots.restore(poll.id, ballot_ids, event, now)


def _check_number(ballot_ids: Sequence[UUID]) -> None:
    if not 1 <= len(ballot_ids) <= MOST_AT_ONCE:
        raise ValidationError(FieldError("/ballots", f"Name 1 to {MOST_AT_ONCE} ballots."))


def _cursor(last: LoggedBallot) -> str:
    return f"{(last.cast_at - EPOCH) // MICROSECOND}-{last.id.hex}"


def _place(cursor: str) -> BallotPlace:
    match = CURSOR.fullmatch(cursor)
    try:
        if match is None:
            raise ValueError
        return EPOCH + int(match[1]) * MICROSECOND, UUID(match[2])
    except (ValueError, OverflowError):
        raise ValidationError(FieldError("/after", "Is no place in this list.")) from None
