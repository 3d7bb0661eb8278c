"""The live tallies in Redis."""

from datetime import datetime
from typing import cast

import orjson
import redis

from service.records import Tally
from service.stores.redis import keys
from service.stores.redis.connection import Shelter, script

MOST = 2**53  # the largest whole number that every reader of JSON takes for what it is


class Board:
    """Shows each poll's last committed tally to all web processes."""

    def __init__(self, client: "redis.Redis", shelter: Shelter) -> None:
        self._client = client
        self._shelter = shelter
        self._publish = script("values", "publish_tally", "publish")

    def repair(self, poll_id: int, tally: Tally, *, even_if_older: bool) -> None:
        """Show what SQL holds unless a newer one stands. Redis away: readers find it in SQL."""
        args = (tally.revision, dump_tally(tally), keys.TALLY_SECONDS, int(even_if_older))
        self._shelter.call(
            lambda: self._client.eval(self._publish, 1, keys.tally(poll_id), *args), None
        )

    def read(self, poll_id: int) -> Tally | None:
        """The tally that stands there, or None. Redis away: None."""
        return self._shelter.call(lambda: self._read(poll_id), None)

    def _read(self, poll_id: int) -> Tally | None:
        kept = cast(bytes | None, self._client.hget(keys.tally(poll_id), "tally"))
        return None if kept is None else _load(kept)


def dump_tally(tally: Tally) -> bytes:
    """The tally as it is kept."""
    counts = [[*vote, votes] for vote, votes in tally.counts.items()]
    return orjson.dumps(
        {"revision": tally.revision, "counts": counts, "counted_at": tally.counted_at}
    )


def _load(kept: bytes) -> Tally | None:
    """The tally, or None where another version wrote it, or nobody of ours: SQL knows."""
    try:
        fields = orjson.loads(kept)
        counts = {
            (_text(question), _text(choice)): _count(votes)
            for question, choice, votes in fields["counts"]
        }
        return Tally(_count(fields["revision"]), counts, _moment(fields["counted_at"]))
    except (ValueError, KeyError, TypeError):
        return None


def _text(value: object) -> str:
    if type(value) is not str:
        raise TypeError
    return value


def _count(value: object) -> int:
    if type(value) is not int:
        raise TypeError
    if not 0 <= value <= MOST:
        raise ValueError
    return value


def _moment(value: str | None) -> datetime | None:
    if value is None:
        return None
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError
    return moment
