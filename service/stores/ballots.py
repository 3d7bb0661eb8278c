"""The ballots that were cast: read for the poll's owners, taken out and put back."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from service.records import AuditEvent, BallotFilter, BallotPlace, LoggedBallot
from service.stores.sql import audit, voiding
from service.stores.sql import ballots as sql_ballots
from service.stores.sql import tallies as sql_tallies
from service.stores.sql.ballot_log import BallotLog
from service.stores.sql.db import writing
from service.stores.tallies import Tallies

Change = Callable[[sa.Connection], list[UUID]]


class Ballots:
    """What owners do with ballots."""

    def __init__(self, engine: sa.Engine, log: BallotLog, tallies: Tallies) -> None:
        self._engine = engine
        self._log = log
        self._tallies = tallies

    def page(
        self, poll_id: int, wanted: BallotFilter, after: BallotPlace | None, limit: int
    ) -> list[LoggedBallot]:
        """The newest ballots that are wanted, behind the place `after` if it is given."""
        return self._log.page(poll_id, wanted, after, limit)

    def stream(self, poll_id: int, wanted: BallotFilter) -> Iterator[LoggedBallot]:
        """All ballots that are wanted, newest first, of one moment, however many they are."""
        return self._log.stream(poll_id, wanted)

    def void(
        self, poll_id: int, ids: Sequence[UUID], reason: str, event: AuditEvent, now: datetime
    ) -> list[UUID]:
        """Take the ballots out of the tally, for the reason; give the ids of those that were in.

        Raises BallotNotFound, with nothing done.
        """
        return self._change(poll_id, lambda c: voiding.void(c, poll_id, ids, reason, now), event)

    def restore(
        self, poll_id: int, ids: Sequence[UUID], event: AuditEvent, now: datetime
    ) -> list[UUID]:
        """Count ballots again that were taken out; give the ids of those that were out.

        Raises BallotNotFound, with nothing done.
        """
        return self._change(poll_id, lambda c: voiding.restore(c, poll_id, ids, now), event)

    def _change(self, poll_id: int, change: Change, event: AuditEvent) -> list[UUID]:
        """Change ballots, their tally and the audit log in one transaction that locks the poll as
        the vote's does; readers learn the tally after it, whose greater revision lets it fall."""
        with writing(self._engine) as connection:
            revision, _ = sql_ballots.lock_poll(connection, poll_id)
            changed = change(connection)
            if not changed:
                connection.rollback()  # nothing changed, so neither does the revision
                return []
            named = {**(event.after or {}), "ballots": [str(ballot_id) for ballot_id in changed]}
            audit.append(connection, replace(event, after=named))
            tally = sql_tallies.read(connection, poll_id, revision)
        self._tallies.publish(poll_id, tally)
        return changed
