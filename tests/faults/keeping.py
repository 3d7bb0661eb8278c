"""What SQL and Redis hold, seen past the service's own processes and past all links."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from service import clock
from service.config import Settings
from service.domain import voters
from service.records import Ballot, Difference, Poll, Tally, stamp_of
from service.stores import open_stores
from service.stores.ballot_box import LARGEST_BATCH
from service.stores.redis.connection import FAILURES, Answer, Shelter, connect
from service.stores.redis.shield import Shield
from service.stores.redis.tallies import Board
from service.stores.sql import models, recounts
from service.stores.sql.db import reading
from service.stores.sql.tallies import TallyStore
from tests.faults.record import Cast
from tests.support.service import SECRET_KEY

BALLOTS = sa.select(
    models.Ballot.id,
    models.Ballot.voter_key,
    models.Ballot.answers,
    models.Ballot.cast_at,
)


class Kept(NamedTuple):
    """A counted ballot in SQL."""

    id: str
    voter_key: bytes
    answers: dict[str, list[str]]
    cast_at: datetime


class NoShelter(Shelter):
    """Asks Redis every time."""

    def call(self, action: Callable[[], Answer], otherwise: Answer) -> Answer:
        try:
            return action()
        except FAILURES:
            return otherwise


class Keeping:
    """Reads with the service's own words, on connections that are new each time."""

    def __init__(self, database_url: str, redis_url: str) -> None:
        settings = Settings(
            database_url=database_url,
            redis_url=redis_url,
            secret_key=SECRET_KEY,
            public_url="http://polls.test",
        )
        self._engine = sa.create_engine(database_url, poolclass=NullPool)
        self.stores = open_stores(settings, self._engine, clock.now)
        self._redis = connect(redis_url)
        self._shelter = NoShelter(self._redis.ping, clock.ticks)
        self._board = Board(self._redis, self._shelter)

    def ballots(self, poll_id: int) -> list[Kept]:
        """The poll's counted ballots."""
        query = BALLOTS.where(models.Ballot.poll_id == poll_id, models.Ballot.status == "counted")
        with reading(self._engine) as connection:
            return [Kept(str(row[0]), *row[1:]) for row in connection.execute(query)]

    def tally(self, poll_id: int) -> Tally:
        """The tally as SQL has it."""
        return TallyStore(self._engine).read(poll_id)

    def differences(self, poll_id: int) -> list[Difference]:
        """What a recount finds."""
        with reading(self._engine) as connection:
            return recounts.differences(connection, poll_id)

    def shown_by_redis(self, poll_id: int) -> Tally | None:
        """The tally on the board; None too where Redis is away."""
        return self._board.read(poll_id)

    def known_to_redis(self, poll: Poll, casts: Iterable[Cast]) -> dict[bytes, bytes]:
        """The stamps, by voter key, of those of the ballots' voters whom Redis knows."""
        asked = [_as_kept(poll, cast) for cast in casts]
        shield = Shield(self._redis, self._shelter, counts_networks=False)
        stamps: list[bytes | None] = []
        for first in range(0, len(asked), LARGEST_BATCH):
            batch = asked[first : first + LARGEST_BATCH]
            stamps += shield.look(poll.id, batch, clock.now()).stamps
        return {
            ballot.voter_key: stamp
            for ballot, stamp in zip(asked, stamps, strict=True)
            if stamp is not None
        }


def stamp(kept: Kept) -> bytes:
    """What Redis should remember of the ballot."""
    return stamp_of(kept.voter_key, UUID(kept.id), kept.answers, {})


def _as_kept(poll: Poll, cast: Cast) -> Ballot:
    key, ballot_id = voters.voter_key(poll, cast.voter, "", cast.id), UUID(cast.id)
    answers = {question: tuple(choices) for question, choices in cast.answers.items()}
    return Ballot(
        id=ballot_id,
        poll_id=poll.id,
        voter_key=key,
        network_key=None,
        network_limit=None,
        answers=answers,
        stamp=stamp_of(key, ballot_id, answers, {}),
        page=None,
        rate_key=b"",
    )
