"""Counting again from the ballots, and repairing what differs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from service.records import AuditEvent, Difference
from service.stores.changes import Changes
from service.stores.sql import recounts
from service.stores.sql.db import allow_seconds
from service.stores.sql.long_reads import LONGEST_SECONDS, LongReads


class Recounts:
    """Compares what is kept with the ballots."""

    def __init__(self, long_reads: LongReads, changes: Changes) -> None:
        self._long_reads = long_reads
        self._changes = changes

    def differences(self, poll_id: int) -> list[Difference]:
        """Where the poll's tally and texts are not what its counted ballots say, both of one
        moment."""
        with self._long_reads.open() as connection:
            return recounts.differences(connection, poll_id)

    def repair(self, poll_id: int, event: AuditEvent, now: datetime) -> Sequence[Difference]:
        """Count again while the poll is locked, write what the ballots say, and give what was
        otherwise. No vote is taken meanwhile."""

        def change(connection: sa.Connection) -> Sequence[Difference]:
            allow_seconds(connection, LONGEST_SECONDS)
            found = recounts.differences(connection, poll_id)
            recounts.repair(connection, poll_id, found, now)
            return found

        return self._changes.make(poll_id, change, event, _told)


def _told(found: Sequence[Difference]) -> dict[str, Any]:
    return {str(one): {"from": one.kept, "to": one.counted} for one in found}
