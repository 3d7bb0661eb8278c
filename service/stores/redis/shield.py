"""Who has voted, and how much each network votes: asked once before a batch, told once after."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import redis

from service.records import Ballot, Tally
from service.stores.redis import keys
from service.stores.redis.connection import Shelter, script
from service.stores.redis.tallies import Board


@dataclass(frozen=True, slots=True)
class Sight:
    """What Redis knows of a batch: the stamps that known voters left (None for the others) and the
    networks that voted too much, with the seconds until they may again."""

    stamps: Sequence[bytes | None]
    votes_before: dict[bytes, int] = field(default_factory=dict)
    seconds_left: int = 0


class Shield:
    """Keeps what is known already away from SQL, and tells the board what is new."""

    def __init__(
        self, client: "redis.Redis", shelter: Shelter, board: Board, *, counts_networks: bool
    ) -> None:
        self._client = client
        self._shelter = shelter
        self._board = board
        self._counts_networks = counts_networks
        self._count = script("count_in_window")

    def look(self, poll_id: int, ballots: Sequence[Ballot], now: datetime) -> Sight:
        """One round trip for the whole batch. Redis away: nobody is known, nobody is too fast."""
        blind = Sight([None] * len(ballots))
        return self._shelter.call(lambda: self._look(poll_id, ballots, now), blind)

    def tell(self, poll_id: int, stamps: Mapping[bytes, bytes], tally: Tally | None) -> None:
        """Remember voters with the stamps of their ballots, which are committed, and publish the
        tally if it changed: one round trip. Redis away: SQL knows it all anyway."""
        self._shelter.call(lambda: self._tell(poll_id, stamps, tally), None)

    def _look(self, poll_id: int, ballots: Sequence[Ballot], now: datetime) -> Sight:
        window, elapsed = divmod(int(now.timestamp()), keys.RATE_WINDOW_SECONDS)
        networks = Counter(ballot.rate_key for ballot in ballots if self._counts_networks)
        with self._client.pipeline(transaction=False) as pipeline:
            pipeline.hmget(keys.voters(poll_id), [ballot.voter_key for ballot in ballots])
            for network, votes in networks.items():
                key, lifetime = keys.rate(network, window), 2 * keys.RATE_WINDOW_SECONDS
                pipeline.eval(self._count, 1, key, votes, lifetime)
            stamps, *before = pipeline.execute()
        votes_before = dict(zip(networks, before, strict=True))
        return Sight(stamps, votes_before, keys.RATE_WINDOW_SECONDS - elapsed)

    def _tell(self, poll_id: int, stamps: Mapping[bytes, bytes], tally: Tally | None) -> None:
        key = keys.voters(poll_id)
        with self._client.pipeline(transaction=False) as pipeline:
            pipeline.hset(key, items=[part for pair in stamps.items() for part in pair])
            pipeline.expire(key, keys.VOTERS_SECONDS)
            if tally is not None:
                self._board.publish(pipeline, poll_id, tally)
            pipeline.execute()
