"""What owners change of a poll's ballots and counts, one act a transaction."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import sqlalchemy as sa

from service.records import AuditEvent
from service.stores.sql import audit
from service.stores.sql import ballots as sql_ballots
from service.stores.sql import tallies as sql_tallies
from service.stores.sql.db import writing
from service.stores.tallies import Tallies

Thing = TypeVar("Thing")


class Changes:
    """Makes changes that are exact among votes: each locks the poll as the vote does."""

    def __init__(self, engine: sa.Engine, tallies: Tallies) -> None:
        self._engine = engine
        self._tallies = tallies

    def make(
        self,
        poll_id: int,
        change: Callable[[sa.Connection], Sequence[Thing]],
        event: AuditEvent,
        told: Callable[[Sequence[Thing]], dict[str, Any]],
    ) -> Sequence[Thing]:
        """Make the change and log the event, with what `told` makes of the things that changed;
        give these. Readers learn the tally once all is committed, and its greater revision lets it
        fall. Where nothing changed, nothing is logged and the revision stays.

        Raises PollNotFound if the poll is gone, and what the change raises, with nothing done.
        """
        with writing(self._engine) as connection:
            revision = sql_ballots.lock_poll(connection, poll_id, event.at).revision
            changed = change(connection)
            if not changed:
                connection.rollback()
                return changed
            audit.append(connection, replace(event, after={**(event.after or {}), **told(changed)}))
            tally = sql_tallies.read(connection, poll_id, revision)
        self._tallies.publish(poll_id, tally)
        return changed
