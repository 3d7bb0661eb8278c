"""Contests: loads that run in turn, round after round, each beside the one that is its limit."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from statistics import median

from bench.load import Figures, run
from bench.meters import NOTHING, Meter, Spent

HEADLINE = 64
CONNECTIONS = (1, 8, 64, 256)


@dataclass(frozen=True)
class Plan:
    """How long it all takes. At `HEADLINE` connections there are several rounds, else one."""

    rounds: int = 4
    seconds: int = 3
    connections: Sequence[int] = CONNECTIONS

    @staticmethod
    def of_environment() -> "Plan":
        """As BENCH_ROUNDS, BENCH_SECONDS and BENCH_CONNECTIONS say."""
        connections = os.environ.get("BENCH_CONNECTIONS", "1,8,64,256")
        return Plan(
            int(os.environ.get("BENCH_ROUNDS", Plan.rounds)),
            int(os.environ.get("BENCH_SECONDS", Plan.seconds)),
            [int(number) for number in connections.split(",")],
        )


@dataclass(frozen=True)
class Entry:
    """A load by a wrk script with its words; `condition` is what holds while it runs."""

    name: str
    url: str
    meter: Meter
    script: str
    words: Callable[[], Sequence[str]] = tuple
    condition: Callable[[], AbstractContextManager[object]] = nullcontext

    def run(self, connections: int, seconds: int) -> "Measured":
        """Run it once."""
        with self.condition():
            before = self.meter.read()
            figures = run(self.url, self.script, connections, seconds, *self.words())
            return Measured(figures, self.meter.read() - before)


@dataclass(frozen=True)
class Measured:
    """What a load came to, and what that took of the machine."""

    figures: Figures
    spent: Spent

    @property
    def each(self) -> Spent:
        """What a request took."""
        return self.spent.over(self.figures.requests)


@dataclass(frozen=True)
class Row:
    """An entry at so many connections beside its limit; `reach` where the ratio has one."""

    name: str
    connections: int
    measured: Measured
    beside: str
    limit: Measured
    ratio: float
    reach: float | None

    @property
    def cpu_ratio(self) -> float:
        """The ratio, had each all the CPU time that there is."""
        return self.limit.each.cpu_us / (self.measured.each.cpu_us or 1)


@dataclass(frozen=True)
class Contest:
    """Entries that run beside one limit in the same rounds; `reach` is for HEADLINE connections."""

    entries: Sequence[Entry]
    limit: Entry
    reach: float | None
    connections: Sequence[int] = CONNECTIONS
    prepare: Callable[[], object] = tuple

    def rows(self, plan: Plan) -> Iterator[Row]:
        """Run it all; a row for each entry and number of connections."""
        self.prepare()
        wanted = [number for number in plan.connections if number in self.connections]
        for connections in sorted(wanted, key=lambda number: number != HEADLINE):
            yield from self._rows_at(connections, plan)

    def _rows_at(self, connections: int, plan: Plan) -> Iterator[Row]:
        headline = connections == HEADLINE
        if headline:
            self._round(connections, 1, 0)  # one that warms up
        rounds = [
            self._round(connections, plan.seconds, number)
            for number in range(plan.rounds if headline else 1)
        ]
        for entry in self.entries:
            yield Row(
                entry.name,
                connections,
                together([seen[entry.name] for seen in rounds]),
                self.limit.name,
                together([seen[self.limit.name] for seen in rounds]),
                median(_ratio(seen[entry.name], seen[self.limit.name]) for seen in rounds),
                self.reach if headline else None,
            )

    def _round(self, connections: int, seconds: int, number: int) -> dict[str, Measured]:
        """Each once; every other round the other way about, so that none always follows another."""
        order = [self.limit, *self.entries]
        turn = order if number % 2 == 0 else order[::-1]
        return {entry.name: entry.run(connections, seconds) for entry in turn}


def _ratio(ours: Measured, limit: Measured) -> float:
    return ours.figures.per_second / (limit.figures.per_second or 1)


def together(rounds: Sequence[Measured]) -> Measured:
    """The medians of the rounds' speeds and latencies; the sum of all else."""
    figures = [measured.figures for measured in rounds]
    return Measured(
        Figures(
            sum(one.requests for one in figures),
            sum(one.errors for one in figures),
            median(one.per_second for one in figures),
            median(one.p50_ms for one in figures),
            median(one.p95_ms for one in figures),
            median(one.p99_ms for one in figures),
        ),
        sum((measured.spent for measured in rounds), NOTHING),
    )
