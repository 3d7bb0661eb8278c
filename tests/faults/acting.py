"""The state machine whole: readers, owners and what befalls the service, in any order.

Two processes on one database take votes one by one and several at once, retries among them, while
polls are edited, opened, closed and deleted, their ballots voided and restored, and Redis forgets
or falls back to what it knew earlier. After each step SQL, a recount and what each process shows
are held to the model.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, cast

from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from service.app import create_app
from service.config import Settings
from service.errors import TemporarilyUnavailable
from service.migrating import migrate
from service.records import Ruling
from service.stores.sql.db import db
from tests.faults.invariants import Figures
from tests.faults.machine import of, processes, slugs
from tests.faults.model import Vote
from tests.faults.owning import Owners
from tests.faults.world import AT_ONCE, PROCESSES, World
from tests.support.redis import RedisServer
from tests.support.service import SECRET_KEY
from tests.support.voters import OWN_ORIGIN

NAME = "any order of acts (state machine)"
STEPS = 30

Reader = Mapping[str, str]

# The last few fit no poll, or only some.
ANSWERS = (
    (("q1", ("c1",)), ("q2", ("c1",))),
    (("q1", ("c2",)), ("q2", ("c3", "c2"))),
    (("q1", ("c3",)), ("q2", ("c1", "c2"))),
    (("q1", ("c4",)), ("q2", ("c3",))),
    (("q1", ("c2",)), ("q2", ())),
    (("q1", ("c2", "c1")), ("q2", ("c2",))),
    (("q1", ("c5",)), ("q2", ("c4",))),
)
answers = st.sampled_from(ANSWERS)
readers = st.fixed_dictionaries(
    {
        "device": st.sampled_from([f"device {number}" for number in range(4)]),
        "network": st.sampled_from([f"192.0.2.{number}" for number in range(3)]),
        "account": st.sampled_from([f"reader-{number}" for number in range(4)]),
    }
)
sent_before = of(lambda machine: machine.model.sent)


def has_sent(machine: "Machine") -> bool:
    """Whether there is a vote to send again."""
    return bool(machine.model.sent)


class Machine(Owners):
    """Readers, owners and what befalls the service."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.copies: list[dict[bytes, bytes]] = []

    @rule(slug=slugs, coming=st.lists(st.tuples(processes, readers, answers), min_size=4))
    def vote(self, slug: str, coming: list[tuple[int, Reader, Any]]) -> None:
        for process, reader, answers in coming:
            self.cast(process, slug, Vote(id=self.new_id(), answers=answers, **reader))

    @precondition(has_sent)
    @rule(coming=st.lists(st.tuples(processes, sent_before), min_size=2))
    def send_again(self, coming: list[tuple[int, tuple[str, Vote]]]) -> None:
        for process, sent in coming:
            self.cast(process, *sent)

    @precondition(has_sent)
    @rule(process=processes, sent=sent_before, answers=answers)
    def send_an_id_with_another_body(self, process: int, sent: Any, answers: Any) -> None:
        slug, vote = sent
        self.cast(process, slug, replace(vote, answers=answers))

    @precondition(has_sent)
    @rule(process=processes, slug=slugs, sent=sent_before, reader=readers)
    def send_an_id_of_another_reader(
        self, process: int, slug: str, sent: Any, reader: Reader
    ) -> None:
        self.cast(process, slug, replace(sent[1], **reader))

    @rule(
        slug=slugs,
        coming=st.lists(st.tuples(processes, readers, answers), min_size=2, max_size=AT_ONCE - 1),
        twin=st.none() | processes,
    )
    def vote_at_once(self, slug: str, coming: Any, twin: int | None) -> None:
        votes = [
            (process, Vote(id=self.new_id(), answers=answers, **reader))
            for process, reader, answers in coming
        ]
        if twin is not None:
            votes.append((twin, votes[0][1]))
        told = self.world.cast_at_once(slug, votes)
        note(f"they were told {told}")
        pairs = [(vote, one) for (_, vote), one in zip(votes, told, strict=True)]
        assert self.model.take_all(slug, pairs, self.world.now), "no order explains the answers"

    @rule(minutes=st.integers(1, 15))
    def minutes_pass(self, minutes: int) -> None:
        self.world.now += timedelta(minutes=minutes)

    @rule()
    def a_second_passes(self) -> None:
        self.world.wait()
        for slug, poll in self.model.polls.items():
            poll.decided_lately.clear()
            for process in PROCESSES:
                assert self.world.results(process, slug) == poll.counts
        assert self.world.recount() == []

    @rule(process=processes)
    def restart(self, process: int) -> None:
        self.world.restart(process)

    @rule(key=st.none() | of(lambda machine: machine.world.redis_keys() or [None]))
    def redis_forgets(self, key: bytes | None) -> None:
        if key is None:
            self.world.flush_redis()
        else:
            self.world.drop(key)

    @rule()
    def redis_is_saved(self) -> None:
        self.copies.append(self.world.copy_of_redis())

    @precondition(lambda machine: machine.copies)
    @rule(copy=of(lambda machine: machine.copies))
    def redis_restarts_with_what_was_saved(self, copy: dict[bytes, bytes]) -> None:
        self.world.put_back(copy)


def run(world: World, examples: int, *, same_each_time: bool = False) -> Figures:
    """Try so many orders; what happens is told by the assertion that one of them fails."""
    run_state_machine_as_test(
        cast(type[Machine], partial(Machine, world)),
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            derandomize=same_each_time,
            database=None,
            deadline=None,
            phases=[Phase.generate],  # to shrink one takes minutes; what failed is told as it was
            suppress_health_check=list(HealthCheck),
        ),
    )
    told = world.told
    answered = told[Ruling.COUNTED] + told[Ruling.REPEATED]
    unknown = told[TemporarilyUnavailable]
    return Figures(
        requests=told.total(),
        counted=told[Ruling.COUNTED],
        refused=told.total() - answered - unknown,
        unknown=unknown,
    )


@contextmanager
def a_world(database_url: str, redis: RedisServer) -> Iterator[World]:
    """Two processes' stores on an empty database."""
    told = Settings(
        database_url=database_url,
        redis_url=redis.url,
        secret_key=SECRET_KEY,
        public_url=OWN_ORIGIN,
        vote_rate_limit=None,
    )
    with create_app(told).app_context():
        migrate()
        world = World(told, db.engine, redis)
        try:
            yield world
        finally:
            world.end()
            db.engine.dispose()
