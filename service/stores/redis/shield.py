"""Who has voted, and how much each network votes: asked once before a batch, told once after."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import cast

import redis

from service.records import Ballot, Tally
from service.stores.redis import keys
from service.stores.redis.connection import Shelter, script
from service.stores.redis.hot import HotLine
from service.stores.redis.tallies import dump_tally


@dataclass(frozen=True, slots=True)
class Sight:
    """What Redis knows of a batch: the stamps that known voters left (None for the others), and
    how many votes each of its networks had cast before in this minute, which has so many seconds
    left."""

    stamps: Sequence[bytes | None]
    votes_before: dict[bytes, int] = field(default_factory=dict)
    seconds_left: int = 0

    @property
    def is_blind(self) -> bool:
        """Whether Redis said nothing: then nobody is known, and nobody is too fast."""
        return self.seconds_left == 0


class Shield:
    """Keeps what is known already away from SQL, and tells Redis what is new."""

    def __init__(self, client: "redis.Redis", shelter: Shelter, *, counts_networks: bool) -> None:
        self._line = HotLine(client)
        self._shelter = shelter
        self._counts_networks = counts_networks
        self._look_script = script("values", "buckets", "count_in_window", "look")
        self._tell_script = script("values", "buckets", "publish_tally", "tell")

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
        votes = Counter(ballot.rate_key for ballot in ballots if self._counts_networks)
        names = [keys.voters(poll_id), *(keys.rate(network, window) for network in votes)]
        counting = (2 * keys.RATE_WINDOW_SECONDS, *votes.values())
        voters = [keys.voter(ballot.voter_key) for ballot in ballots]
        answer = self._line.eval(self._look_script, names, [*counting, *voters])
        stamps, before = cast(tuple[list[bytes | None], list[int]], answer)
        if len(stamps) != len(ballots) or not all(map(_is_stamp, stamps)):
            raise ValueError("no answer to what was asked")
        votes_before = {network: int(n) for network, n in zip(votes, before, strict=True)}
        return Sight(stamps, votes_before, keys.RATE_WINDOW_SECONDS - elapsed)

    def _tell(self, poll_id: int, stamps: Mapping[bytes, bytes], tally: Tally | None) -> None:
        news = ("", "", 0) if tally is None else (tally.revision, dump_tally(tally), tally.ballots)
        pairs = [(keys.voter(voter_key), stamp) for voter_key, stamp in stamps.items()]
        self._line.eval(
            self._tell_script,
            [keys.voters(poll_id), keys.tally(poll_id)],
            [keys.VOTERS_SECONDS, keys.TALLY_SECONDS, *news, *chain.from_iterable(pairs)],
        )


def _is_stamp(value: object) -> bool:
    return value is None or isinstance(value, bytes)
