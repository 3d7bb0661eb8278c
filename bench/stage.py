"""What is measured: the service on PostgreSQL and Redis, and the bare apps beside it."""

import json
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass

from bench.apps import Served, bare
from bench.meters import Meter
from bench.processes import Memory, family_memory, memory
from service.app import create_app
from service.domain import recounts
from service.web import current
from tests.support.postgres import Postgres
from tests.support.redis import RedisServer
from tests.support.service import RunningService

POLL = "/v1/polls/region-interest"
RESULTS = f"{POLL}/results"
BALLOTS = f"{POLL}/ballots"


@dataclass(frozen=True)
class Stage:
    """All that stands; each side has a meter."""

    service: RunningService
    bare: Served
    postgres: Postgres
    redis: RedisServer
    service_meter: Meter
    bare_meter: Meter

    def ballots(self) -> int:
        """How many the results show."""
        with urllib.request.urlopen(f"{self.service.url}{RESULTS}") as answer:
            return int(json.load(answer)["ballots"])

    def differences(self) -> int:
        """How many tallies are not what a recount of the ballots says."""
        app = create_app(self.service.settings)
        with app.app_context():
            recounted = recounts.run(current.stores(), current.now())
            return sum(len(differences) for _, differences in recounted)

    def etag(self) -> str:
        """That of the results as they are now."""
        with urllib.request.urlopen(f"{self.service.url}{RESULTS}") as answer:
            return str(answer.headers["ETag"])

    def memory(self) -> dict[str, Memory]:
        """What each process holds; PostgreSQL's and those of the bare apps together."""
        web = {
            f"web process {number}": memory(pid)
            for number, pid in enumerate(self.service.workers(), start=1)
        }
        return {
            "web server": memory(self.service.pid),
            **web,
            "PostgreSQL": family_memory(self.postgres.pid),
            "Redis": memory(self.redis.pid),
            "bare apps": family_memory(self.bare.pid),
        }


@contextmanager
def stage() -> Iterator[Stage]:
    """Build it up and take it down."""
    with ExitStack() as stack:
        postgres, redis = Postgres(), RedisServer()
        stack.callback(redis.stop)
        stack.callback(postgres.stop)
        service = RunningService(postgres.create_database("voxpop"), redis.url).start()
        stack.callback(service.stop)
        # A database of its own: both pay for their own rows only.
        other = RunningService(postgres.create_database("bare"), redis.url)
        other.command("migrate")
        other.command("demo")
        beside = stack.enter_context(
            bare("bench.bare_app:application", service.settings, **_limits(service, other))
        )
        meters = [
            stack.enter_context(closing(Meter(pid, postgres, redis)))
            for pid in (service.pid, beside.pid)
        ]
        yield Stage(service, beside, postgres, redis, *meters)


def _limits(service: RunningService, other: RunningService) -> dict[str, str]:
    """What the bare apps are told."""
    sizes = {}
    for name, path in (("POLL_BYTES", POLL), ("RESULTS_BYTES", RESULTS)):
        with urllib.request.urlopen(f"{service.url}{path}") as answer:
            sizes[name] = str(len(answer.read()))
    return {name: other.environment[name] for name in ("DATABASE_URL", "REDIS_URL")} | sizes
