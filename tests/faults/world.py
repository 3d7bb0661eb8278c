"""The service without its web: two processes' stores on one database and one Redis, under clocks
that tests set, with all that may befall them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from threading import Event, Lock
from typing import Any, cast

import sqlalchemy as sa

from service.config import Settings
from service.domain import ballots, polls, recounts, results, signing_keys
from service.domain.ballots import Submission
from service.domain.voters import Secrets
from service.errors import VoxpopError
from service.records import OPERATOR, Ballot, Difference, Ruling, Tally
from service.stores import Stores, open_stores
from service.stores.ballot_box import BallotBox
from service.stores.sql import models
from service.stores.sql import recounts as sql_recounts
from service.stores.sql.db import reading
from service.stores.sql.tallies import TallyStore
from tests.conftest import NOON
from tests.faults.model import Vote
from tests.support.accounts import token
from tests.support.redis import RedisServer

SECRETS = Secrets(b"of networks", b"of publishers")
PROCESSES = (0, 1)
AT_ONCE = 6
# As long as any process may show what another has changed since, and a little.
SECONDS_APART = 1.1
LONGEST_SECONDS = 60.0
HOLD = sa.text("UPDATE polls SET revision = revision WHERE slug = :slug")


class Door:
    """The ballot box, behind a door that says when somebody comes."""

    def __init__(self, box: BallotBox, here: Event) -> None:
        self._box = box
        self._here = here

    def cast(self, ballot: Ballot) -> Ruling:
        """Cast the ballot."""
        self._here.set()
        return self._box.cast(ballot)


class World:
    """What a test does to the service, and what it looks at."""

    def __init__(self, settings: Settings, engine: sa.Engine, redis: RedisServer) -> None:
        self._settings = settings
        self._engine = engine
        self._redis = redis
        self._client = redis.client
        self.told: Counter[object] = Counter()
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self.now = NOON
        self._ticks = 0.0
        self._stores = [self._open() for _ in PROCESSES]
        self.site_id = self.stores.sites.ensure("demo", "demo", "en", "Asia/Kolkata", NOON)
        key = signing_keys.create(self.stores, OPERATOR, self.site_id, None, NOON)
        self._signing_secret = signing_keys.secret_of(key, SECRETS.signing)

    @property
    def stores(self) -> Stores:
        """The first process's."""
        return self._stores[0]

    def begin(self) -> None:
        """Begin anew: nothing is known, and no poll is left."""
        self.now = NOON
        for process in PROCESSES:
            self.restart(process)
        for _, slug in self.stores.polls.list_all():
            polls.delete(self.stores, OPERATOR, slug, NOON)
        self._redis.flush()

    def end(self) -> None:
        """Leave no thread behind."""
        self._pool.shutdown()

    def restart(self, process: int) -> None:
        """Have the process forget all that it has in its memory."""
        self._stores[process] = self._open()

    def wait(self) -> None:
        """Let all processes hear of what was done in another."""
        self._ticks += SECONDS_APART

    def of(self, process: int) -> Stores:
        """The process's stores."""
        return self._stores[process]

    def cast(self, process: int, slug: str, vote: Vote) -> object:
        """What the vote is told: a Ruling, or the class of a refusal."""
        return self._cast(self._stores[process], slug, vote)

    def cast_at_once(self, slug: str, votes: Sequence[tuple[int, Vote]]) -> list[object]:
        """What votes that come at the same moment are told. Their poll is held until all wait for
        it, so that those of one process are of one batch."""
        arrived = [Event() for _ in votes]

        def cast_one(process: int, vote: Vote, here: Event) -> object:
            box = cast(BallotBox, Door(self._stores[process].ballot_box, here))
            try:
                return self._cast(replace(self._stores[process], ballot_box=box), slug, vote)
            finally:
                here.set()

        with self._engine.begin() as holder:
            holder.execute(HOLD, {"slug": slug})
            coming = [
                self._pool.submit(cast_one, *one, here)
                for one, here in zip(votes, arrived, strict=True)
            ]
            for here in arrived:
                assert here.wait(LONGEST_SECONDS), "a vote did not come as far as the ballot box"
        return [one.result(LONGEST_SECONDS) for one in coming]

    def tally(self, poll_id: int) -> Tally:
        """What SQL holds."""
        return TallyStore(self._engine).read(poll_id)

    def results(self, process: int, slug: str) -> Mapping[tuple[str, str], int]:
        """The counts that the process shows to owners, without zeros."""
        shown = results.for_owners(self._stores[process], OPERATOR, slug, self.now)
        counts = {("", ""): shown.ballots or 0}
        for question in shown.questions:
            counts[question.code, ""] = question.answered or 0
            for choice in question.choices:
                counts[question.code, choice.code] = choice.votes or 0
        return {key: votes for key, votes in counts.items() if votes}

    def ballots(self, poll_id: int) -> dict[Any, tuple[bool, datetime]]:
        """Whether each ballot in SQL is void, and when it was cast."""
        columns = (models.Ballot.id, models.Ballot.status, models.Ballot.cast_at)
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(*columns).where(models.Ballot.poll_id == poll_id))
            return {row.id: (row.status == "void", row.cast_at) for row in rows}

    def differences(self, poll_id: int) -> list[Difference]:
        """What a recount of the poll finds, over a connection that is there already."""
        with reading(self._engine) as connection:
            return sql_recounts.differences(connection, poll_id)

    def recount(self) -> list[tuple[str, Difference]]:
        """What the operator's recount of all polls finds."""
        found = recounts.run(self.stores, self.now)
        return [(slug, one) for slug, some in found for one in some]

    def flush_redis(self) -> None:
        """Have Redis lose everything."""
        self._redis.flush()

    def redis_keys(self) -> list[bytes]:
        """All that Redis has, in order."""
        return sorted(cast(list[bytes], self._client.keys("*")))

    def drop(self, key: bytes) -> None:
        """Have Redis evict a key."""
        self._client.delete(key)

    def copy_of_redis(self) -> dict[bytes, bytes]:
        """What Redis knows now, to be put back."""
        return {key: cast(bytes, self._client.dump(key)) for key in self.redis_keys()}

    def put_back(self, copy: dict[bytes, bytes]) -> None:
        """Have Redis start from an older snapshot."""
        self._redis.flush()
        for key, value in copy.items():
            self._client.restore(key, 0, value)

    def _open(self) -> Stores:
        return open_stores(self._settings, self._engine, lambda: self.now, lambda: self._ticks)

    def _cast(self, stores: Stores, slug: str, vote: Vote) -> object:
        told: object
        try:
            poll = polls.find(stores, slug)
            told = ballots.cast(stores, poll, self._submission(vote), SECRETS, self.now)
        except VoxpopError as refusal:
            told = type(refusal)
        with self._lock:
            self.told[told] += 1
        return told

    def _submission(self, vote: Vote) -> Submission:
        signed = token(self._signing_secret, vote.account, exp=int(self.now.timestamp()) + 600)
        return Submission(
            ballot_id=vote.id,
            voter=vote.device,
            answers=dict(vote.answers),
            page=None,
            network=vote.network,
            voter_token=signed,
        )
