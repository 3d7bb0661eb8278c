"""What another web process, on the same database, has in its memory."""

from collections.abc import Callable

from service import clock
from service.stores.places import Places
from service.stores.polls import Polls
from service.stores.sql.db import db
from service.stores.sql.places import PlaceStore
from service.stores.sql.poll_lists import PollListStore
from service.stores.sql.polls import PollStore


class Ticks:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def polls_elsewhere(ticks: Callable[[], float] = clock.ticks) -> Polls:
    """The polls as that process finds and changes them."""
    places = Places(PlaceStore(db.engine), ticks, clock.now)
    return Polls(PollStore(db.engine), PollListStore(db.engine), places, ticks)
