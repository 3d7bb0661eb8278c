"""`make faults`: every fault again and again under load, and the table of what came of it."""

import os
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.faults import acting, races
from tests.faults.invariants import Figures
from tests.faults.stage import Stage, run, staged
from tests.faults.suite import FAULTS, LONG
from tests.faults.table import Table
from tests.support.postgres import Postgres
from tests.support.redis import RedisServer

ROUNDS = int(os.environ.get("FAULTS_ROUNDS", "6"))
SECONDS = float(os.environ.get("FAULTS_SECONDS", "1"))
REQUESTS = int(os.environ.get("FAULTS_REQUESTS", "1000000"))
EXAMPLES = int(os.environ.get("FAULTS_EXAMPLES", "100"))
RACES = int(os.environ.get("FAULTS_RACES", "100"))
RESULTS = Path(__file__).resolve().parents[2] / "bench" / "results" / "faults.md"


def main() -> int:
    """Run them all, print the table and write it; 1 unless all is exact."""
    seed, began, table = int(os.environ.get("FAULTS_SEED", time.time())), time.monotonic(), Table()
    print(f"{len(LONG)} long faults, then {ROUNDS} rounds of {len(FAULTS)}; FAULTS_SEED={seed}")
    _act(table)
    with staged(fsync=True) as stage:
        table.add(races.NAME, races.run(stage.station(), RACES), RACES)
        _go_round(stage, table, Random(seed))  # noqa: S311 - chance of a test
    seconds = time.monotonic() - began
    words = f"{table.rounds:,} faults, {table.total.requests:,} requests in {seconds:,.0f} s"
    text = f"{words}, {datetime.now(UTC):%Y-%m-%d}.\n\n{table.markdown()}"
    print(text)
    for fault, broken in table.broken().items():
        print(f"{fault}: {'; '.join(broken)}")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(text)
    return 0 if table.is_exact else 1


def _act(table: Table) -> None:
    """The state machine, on a database of each kind."""
    with ExitStack() as stack:
        redis, postgres = RedisServer(), Postgres()
        stack.callback(redis.stop)
        stack.callback(postgres.stop)
        folder = stack.enter_context(TemporaryDirectory(prefix="voxpop-acts-"))
        for url in (f"sqlite:///{folder}/voxpop.sqlite3", postgres.create_database("voxpop")):
            with acting.a_world(url, redis) as world:
                figures = _figures(partial(acting.run, world, EXAMPLES))
            table.add(acting.NAME, figures, EXAMPLES)
            print(f"{acting.NAME}, {url.partition(':')[0]}: {figures}", flush=True)


def _figures(tried: Callable[[], Figures]) -> Figures:
    """What came of it; the others are tried even if it fails."""
    try:
        return tried()
    except (AssertionError, OSError) as error:
        return Figures(broken=[str(error)])


def _go_round(stage: Stage, table: Table, random: Random) -> None:
    """The long faults first: the others share the requests that are left."""
    faults = (*LONG, *(ROUNDS * FAULTS))
    for place, fault in enumerate(faults):
        left = 0 if fault in LONG else REQUESTS - table.total.requests
        requests = left // (len(faults) - place)
        tried = partial(run, stage, fault, requests=max(0, requests), seconds=SECONDS)
        figures = _figures(partial(tried, random=random))
        table.add(fault.name, figures)
        print(f"{fault.name}: {figures}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
