"""The ballots that were cast: read for the poll's owners, taken out and put back."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from service.records import AuditEvent, BallotFilter, BallotPlace, LoggedBallot, Poll
from service.stores.changes import Changes
from service.stores.sql import voiding
from service.stores.sql.ballot_log import BallotLog


class Ballots:
    """What owners do with ballots."""

    def __init__(self, log: BallotLog, changes: Changes) -> None:
        self._log = log
        self._changes = changes

    def page(
        self,
        poll_id: int,
        wanted: BallotFilter,
        after: BallotPlace | None,
        limit: int,
        before: BallotPlace | None = None,
    ) -> list[LoggedBallot]:
        """The newest ballots that are wanted, behind the place `after` if it is given, or else the
        last ones before the place `before`."""
        return self._log.page(poll_id, wanted, after, limit, before)

    def named(self, poll_id: int, ids: Sequence[UUID]) -> list[LoggedBallot]:
        """Those of the poll's ballots that have one of the ids, newest first."""
        return self._log.named(poll_id, ids)

    def stream(
        self, poll_id: int, wanted: BallotFilter
    ) -> AbstractContextManager[tuple[Poll, Iterator[LoggedBallot]]]:
        """The poll, and all of its ballots that are wanted, newest first, however many they are,
        both of one moment. Raises PollNotFound."""
        return self._log.stream(poll_id, wanted)

    def void(
        self, poll_id: int, ids: Sequence[UUID], reason: str, event: AuditEvent, now: datetime
    ) -> Sequence[UUID]:
        """Take the ballots out of the tally, for the reason; give the ids of those that were in.

        Raises BallotNotFound, with nothing done.
        """
        return self._changes.make(
            poll_id, lambda sql: voiding.void(sql, poll_id, ids, reason, now), event, _named
        )

    def restore(
        self, poll_id: int, ids: Sequence[UUID], event: AuditEvent, now: datetime
    ) -> Sequence[UUID]:
        """Count ballots again that were taken out; give the ids of those that were out.

        Raises BallotNotFound, with nothing done.
        """
        return self._changes.make(
            poll_id, lambda sql: voiding.restore(sql, poll_id, ids, now), event, _named
        )


def _named(ids: Sequence[UUID]) -> dict[str, Any]:
    return {"ballots": [str(ballot_id) for ballot_id in ids]}
