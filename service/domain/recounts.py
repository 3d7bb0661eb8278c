"""Counting again from the ballots, which are what counts."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime

from service.domain import audit
from service.errors import PollNotFound
from service.records import OPERATOR, Difference
from service.stores import Stores


def run(
    stores: Stores, now: datetime, *, fix: bool = False
) -> Iterator[tuple[str, Sequence[Difference]]]:
    """Recount every poll, oldest first: its slug, and where its tally or its texts are not what the
    counted ballots say. With `fix` that is repaired, and logged, before it is given."""
    for poll_id, slug in stores.polls.list_all():
        found: Sequence[Difference] = stores.recounts.differences(poll_id)
        if found and fix:
            found = ()
            with suppress(PollNotFound):  # deleted meanwhile
                found = _repair(stores, poll_id, slug, now)
        yield slug, found


def _repair(stores: Stores, poll_id: int, slug: str, now: datetime) -> Sequence[Difference]:
    event = audit.about_poll(stores.polls.find(slug), OPERATOR, "poll.recount", now)
    return stores.recounts.repair(poll_id, event, now)
