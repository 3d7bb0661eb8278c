"""`make bench`: votes and reads of the service beside bare apps, in turn, in one run."""

import json
import os
import platform
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench.apps import bare
from bench.load import Figures, run
from service.config import Settings
from tests.support.postgres import Postgres
from tests.support.redis import RedisServer
from tests.support.service import RunningService

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "5"))
CONNECTIONS = int(os.environ.get("BENCH_CONNECTIONS", "64"))
RESULTS = Path(__file__).resolve().parent / "results"
POLL = "/v1/polls/region-interest"


@dataclass(frozen=True)
class Comparison:
    """Medians over the rounds, and the median of the rounds' ratios to the limit."""

    name: str
    limit: str
    service: Figures
    bare: Figures
    ratio: float
    reach: float

    def line(self) -> str:
        """A row for people."""
        return (
            f"{self.name:<14} {self.service.per_second:>8.0f}/s  p50 {self.service.p50_ms:>6.1f} ms"
            f"  p99 {self.service.p99_ms:>6.1f} ms | {self.limit}: {self.bare.per_second:>8.0f}/s"
            f" | ratio {self.ratio:.2f} (reach {self.reach}) errors {self.service.errors}"
        )


def compare(
    name: str, limit: str, reach: float, ours: Callable[[], Figures], theirs: Callable[[], Figures]
) -> Comparison:
    """Run both in turn, after a round that is not counted."""
    ours(), theirs()
    rounds = [(ours(), theirs()) for _ in range(ROUNDS)]
    ratio = median(mine.per_second / bare.per_second for mine, bare in rounds)
    mine, others = _medians([mine for mine, _ in rounds]), _medians([bare for _, bare in rounds])
    return Comparison(name, limit, mine, others, ratio, reach)


def _medians(figures: list[Figures]) -> Figures:
    return Figures(
        median(one.per_second for one in figures),
        median(one.p50_ms for one in figures),
        median(one.p99_ms for one in figures),
        sum(one.errors for one in figures),
    )


@contextmanager
def stage() -> Iterator[tuple[RunningService, str, str]]:
    """The service on PostgreSQL and Redis, and the URLs of the two bare apps."""
    with ExitStack() as stack:
        postgres, redis = Postgres(), RedisServer()
        stack.callback(redis.stop)
        stack.callback(postgres.stop)
        database = postgres.create_database("voxpop")
        service = RunningService(database, redis.url).start()
        stack.callback(service.stop)
        # A database of its own: both pay for their own rows only.
        other = RunningService(postgres.create_database("bare"), redis.url)
        other.command("migrate")
        other.command("demo")
        settings = Settings(
            database_url=database, redis_url=redis.url, secret_key="", public_url=""
        )
        database_url = other.environment["DATABASE_URL"]
        votes = stack.enter_context(
            bare(
                "bench.bare_vote:application",
                settings,
                DATABASE_URL=database_url,
                REDIS_URL=redis.url,
            )
        )
        reads = stack.enter_context(bare("bench.bare_read:application", settings))
        yield service, votes, reads


def main() -> None:
    """Measure, print, and write bench/results/bench.json."""
    with stage() as (service, votes, reads):

        def vote(url: str) -> Callable[[], Figures]:
            path = f"{url}{POLL}/ballots"
            return lambda: run(path, "vote.lua", CONNECTIONS, SECONDS, service.url)

        def read(url: str, path: str) -> Callable[[], Figures]:
            return lambda: run(f"{url}{POLL}{path}", "read.lua", CONNECTIONS, SECONDS)

        comparisons = [
            compare("votes", "bare WSGI, same transaction", 0.5, vote(service.url), vote(votes)),
            compare("poll", "constant Flask view", 0.7, read(service.url, ""), read(reads, "")),
            compare(
                "results",
                "constant Flask view",
                0.7,
                read(service.url, "/results"),
                read(reads, "/results"),
            ),
        ]
        recount = service.command("recount").strip()
        with urllib.request.urlopen(f"{service.url}{POLL}/results") as answer:
            ballots = json.load(answer)["ballots"]
    for comparison in comparisons:
        print(comparison.line())
    print(f"recount of {ballots} ballots: {recount}")
    RESULTS.mkdir(exist_ok=True)
    written = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "connections": CONNECTIONS,
        "rounds": ROUNDS,
        "seconds": SECONDS,
        "comparisons": [asdict(comparison) for comparison in comparisons],
        "ballots": ballots,
        "recount": recount,
    }
    (RESULTS / "bench.json").write_text(json.dumps(written, indent=2) + "\n")


if __name__ == "__main__":
    main()
