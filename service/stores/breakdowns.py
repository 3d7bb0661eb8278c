"""Counted ballots taken apart, kept for some seconds: an owner's page asks again and again."""

from collections.abc import Callable, Mapping
from datetime import datetime

from service.records import BallotStatus, CountsByMoment, Shares
from service.stores.fresh import Fresh
from service.stores.sql.breakdowns import BreakdownStore, Part

FRESH_SECONDS = 5.0
KEPT = 200


class Breakdowns:
    """What `BreakdownStore` counts, at most FRESH_SECONDS old."""

    def __init__(self, sql: BreakdownStore, ticks: Callable[[], float]) -> None:
        self._sql = sql
        self._spans = Fresh(sql.span, FRESH_SECONDS, ticks, KEPT)
        self._moments = Fresh[tuple[int, int], CountsByMoment](
            lambda key: sql.by_moment(*key), FRESH_SECONDS, ticks, KEPT
        )
        self._parts = Fresh[tuple[int, Part, int], Shares](
            lambda key: sql.by_part(*key), FRESH_SECONDS, ticks, KEPT
        )

    def span(self, poll_id: int) -> tuple[datetime, datetime] | None:
        """When the first and the last counted ballot were cast; None if there is none."""
        return self._spans.get(poll_id)

    def by_moment(self, poll_id: int, seconds: int) -> CountsByMoment:
        """The counts of each stretch of so many seconds in which ballots were cast."""
        return self._moments.get((poll_id, seconds))

    def by_part(self, poll_id: int, part: Part, most: int) -> Shares:
        """How many ballots have each page or country: those that most have, and how many in all."""
        return self._parts.get((poll_id, part, most))

    def apart(self, poll_id: int) -> Mapping[BallotStatus, int]:
        """How many ballots are not counted, by their status, as of now."""
        return self._sql.apart(poll_id)
