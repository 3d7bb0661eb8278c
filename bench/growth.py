"""`python -m bench.growth`: what a vote costs in a poll of five million ballots, against one of a
thousand, and what Redis keeps of a million voters.

Both polls are on one PostgreSQL, each in a database and behind a service of its own, so that the
large one pays for all that has grown with it: the table, its indexes, what no longer fits the
buffers. Readers vote in both in turn, as in `python -m bench`.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import psycopg
import redis
import sqlalchemy as sa

from bench.contests import HEADLINE, Contest, Entry, Plan, Row
from bench.facts import Fact
from bench.meters import Meter
from bench.report import line
from bench.stage import POLL
from service.clock import ticks
from service.stores.redis.connection import Shelter
from service.stores.redis.shield import Shield
from tests.support.many_ballots import cast_many
from tests.support.postgres import Postgres
from tests.support.redis import RedisServer
from tests.support.service import RunningService

SLUG = "region-interest"
FEW = 1_000
MANY = int(os.environ.get("BENCH_BALLOTS", "5000000"))
VOTERS = int(os.environ.get("BENCH_VOTERS", "1000000"))
REACH, REACH_BYTES = 1.25, 32
BATCH = 500
SPENT = """
SELECT blks_hit + blks_read, (SELECT votes FROM tallies WHERE question_code = '')
FROM pg_stat_database WHERE datname = current_database()
"""


@dataclass(frozen=True)
class Growth:
    """Votes in the large poll beside those in the small one, and the pages that one vote looked at
    in each database."""

    row: Row
    pages: float
    pages_beside: float

    def facts(self) -> Iterator[Fact]:
        """What a vote in the large poll costs as a ratio to one in the small: of time, of CPU time
        and of pages. The two last do not depend on what else the machine does."""
        errors = self.row.measured.figures.errors
        for kind, value in (
            ("", 1 / self.row.ratio),
            (", CPU", 1 / self.row.cpu_ratio),
            (", pages", self.pages / self.pages_beside),
        ):
            name = f"a vote among {MANY:,}{kind}"
            yield Fact(name, f"one among {FEW:,}", value, REACH, at_most=True, errors=errors)


@dataclass(frozen=True)
class Side:
    """A poll of so many ballots, and the service that takes more."""

    ballots: int
    service: RunningService
    meter: Meter

    def entry(self) -> Entry:
        """New voters of this poll."""
        name = f"votes among {self.ballots:,}"
        return Entry(
            name,
            f"{self.service.url}{POLL}",
            self.meter,
            "vote.lua",
            lambda: [self.service.url],
        )

    def spent(self) -> tuple[int, int]:
        """The pages that its database has looked at, and the votes that it has counted."""
        url = self.service.environment["DATABASE_URL"].replace("+psycopg", "")
        with psycopg.connect(url) as connection:
            [(pages, votes)] = connection.execute(SPENT)
            return int(pages), int(votes)


def measure_votes(plan: Plan) -> Growth:
    """Make both polls, and vote in them in turn."""
    with sides() as (few, many):
        before = [side.spent() for side in (few, many)]
        contest = Contest([many.entry()], few.entry(), None, [HEADLINE])
        [row] = contest.rows(Plan(plan.rounds, plan.seconds, [HEADLINE]))
        for side in (few, many):
            side.service.stop()  # PostgreSQL brings its statistics up to date as it is left
        after = [side.spent() for side in (few, many)]
    return Growth(row, _each(before[1], after[1]), _each(before[0], after[0]))


def measure_voters(voters: int = VOTERS) -> Fact:
    """Tell an empty Redis of so many voters of one poll."""
    server = RedisServer()
    try:
        client = server.client
        shield = Shield(client, Shelter(client.ping, ticks), counts_networks=False)
        shield.tell(0, _voters(BATCH), None)  # what the first calls take is no voter's
        before = _used(client)
        for _ in range(0, voters, BATCH):
            shield.tell(1, _voters(BATCH), None)
        each = (_used(client) - before) / voters
    finally:
        server.stop()
    beside = f"{voters:,} voters"
    return Fact("bytes of Redis a voter", beside, each, REACH_BYTES, at_most=True, essential=True)


@contextmanager
def sides() -> Iterator[tuple[Side, Side]]:
    """The small poll and the large one."""
    with ExitStack() as stack:
        postgres, server = Postgres(), RedisServer()
        stack.callback(postgres.stop)
        stack.callback(server.stop)
        few, many = (
            _side(stack, postgres, server, number, ballots)
            for number, ballots in enumerate((FEW, MANY))
        )
        yield few, many


def _side(
    stack: ExitStack, postgres: Postgres, server: RedisServer, number: int, ballots: int
) -> Side:
    url = postgres.create_database(f"of_{ballots}")
    service = RunningService(url, server.url.removesuffix("0") + str(number)).start()
    stack.callback(service.stop)
    engine = sa.create_engine(url)
    cast_many(engine, SLUG, ballots)
    engine.dispose()
    meter = Meter(service.pid, postgres, server)
    stack.callback(meter.close)
    return Side(ballots, service, meter)


def _each(before: Sequence[int], after: Sequence[int]) -> float:
    pages, votes = (b - a for a, b in zip(before, after, strict=True))
    return pages / votes


def _voters(number: int) -> dict[bytes, bytes]:
    return {os.urandom(16): os.urandom(12) for _ in range(number)}


def _used(client: "redis.Redis") -> int:
    return int(client.info("memory")["used_memory"])


def main() -> None:
    """Measure and print."""
    print(measure_voters().line(), flush=True)
    growth = measure_votes(Plan.of_environment())
    print(line(growth.row))
    for fact in growth.facts():
        print(fact.line())


if __name__ == "__main__":
    main()
