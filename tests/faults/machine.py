"""The frame of the state machine: the service beside its model, and what holds after each step."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from service.errors import VoxpopError
from service.records import Poll, Tally
from tests.faults.model import Counts, Model, ModelPoll, Vote
from tests.faults.world import PROCESSES, World

Refusal = type[VoxpopError]


def of(choose: Callable[[Any], Sequence[Any]]) -> st.SearchStrategy[Any]:
    """One of what the machine has to choose from by now."""
    return st.runner().flatmap(lambda machine: st.sampled_from(choose(machine)))


slugs = of(lambda machine: sorted(machine.model.polls))
processes = st.sampled_from(PROCESSES)
minutes = st.integers(-10, 30)
codes = st.sampled_from(["c1", "c2", "c3", "c4", "c5"])


class Frame(RuleBasedStateMachine):
    """The service beside its model."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.model = Model()
        self.shown: dict[tuple[int, int], int] = {}
        self.made = 0
        world.begin()

    @invariant()
    def it_is_as_the_model_says(self) -> None:
        for poll in self.model.polls.values():
            self._check_sql(poll)
            _check_times(poll)
            for process in PROCESSES:
                self._check_shown(process, poll)

    def cast(self, process: int, slug: str, vote: Vote) -> None:
        """Send the vote; it must be told what the model says."""
        told = self.world.cast(process, slug, vote)
        note(f"it was told {told}")
        allowed = self.model.answers_to(slug, vote, self.world.now)
        assert self.model.take(slug, vote, told, self.world.now), f"{told} is none of {allowed}"

    def decide(self, slug: str, act: Callable[[], Poll], refusal: Refusal | None) -> None:
        """Do what an owner does; it must be refused so, or, without a refusal, be done."""
        if refusal is not None:
            with pytest.raises(refusal):
                act()
        else:
            self.model.polls[slug].decide(act())

    def moment(self, minutes: int | None) -> datetime | None:
        """So many minutes from now."""
        return None if minutes is None else self.world.now + timedelta(minutes=minutes)

    def new_id(self) -> UUID:
        """An id that was not used before."""
        self.made += 1
        return UUID(int=self.made)

    def _check_sql(self, poll: ModelPoll) -> None:
        kept = {key: (one.voided, one.cast_at) for key, one in poll.ballots.items()}
        assert self.world.ballots(poll.id) == kept
        tally = self.world.tally(poll.id)
        assert _without_zeros(tally) == poll.counts
        assert self.world.differences(poll.id) == []
        assert tally.revision >= max(poll.history, default=0), "the revision falls"
        assert poll.history.setdefault(tally.revision, poll.counts) == poll.counts

    def _check_shown(self, process: int, poll: ModelPoll) -> None:
        """A process shows what was once so, and never what was so before what it has shown."""
        tally = self.world.of(process).tallies.read(poll.id)
        counts = _without_zeros(tally)
        assert poll.history.get(tally.revision, counts) == counts
        assert self.shown.get((process, poll.id), 0) <= tally.revision <= max(poll.history)
        self.shown[process, poll.id] = tally.revision


def _check_times(poll: ModelPoll) -> None:
    """No ballot was cast outside the schedule, whatever has become of that since."""
    schedule = poll.decided.schedule
    for kept in poll.ballots.values():
        assert schedule.opens_at is None or schedule.opens_at <= kept.cast_at
        assert schedule.closes_at is None or kept.cast_at < schedule.closes_at


def _without_zeros(tally: Tally) -> Counts:
    return {key: votes for key, votes in tally.counts.items() if votes}
