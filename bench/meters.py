"""What a run spends: CPU time of the processes behind it, SQL transactions and Redis commands."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

import psycopg
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from bench.processes import cpu_seconds
from tests.support.postgres import Postgres
from tests.support.redis import RedisServer

COMMITS = "SELECT xact_commit FROM pg_stat_database WHERE datname = %s"
SILENCE_SECONDS = 0.2


@dataclass(frozen=True)
class Spent:
    """Microseconds of CPU by whose they are, and what PostgreSQL and Redis were asked to do."""

    web_us: float
    postgres_us: float
    redis_us: float
    transactions: float
    commands: float

    def over(self, requests: int) -> "Spent":
        """What each of so many requests has cost."""
        return Spent(*(amount / max(1, requests) for amount in self._amounts()))

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(*map(sum, zip(self._amounts(), other._amounts(), strict=True)))

    def __sub__(self, before: "Spent") -> "Spent":
        """What was spent since then. A Redis that began anew meanwhile counts from nothing."""
        pairs = zip(self._amounts(), before._amounts(), strict=True)
        return Spent(*(max(0.0, now - then) for now, then in pairs))

    def _amounts(self) -> Iterable[float]:
        return (getattr(self, one.name) for one in fields(self))


NOTHING = Spent(0, 0, 0, 0, 0)


class Meter:
    """Reads what a web server, its database and the two stores have spent so far.

    PostgreSQL brings its count of transactions up to date about once a second, so that of a short
    run is some per cent off.
    """

    def __init__(self, web: int, database: str, postgres: Postgres, redis_: RedisServer) -> None:
        self._web = web
        self._database = database
        self._postgres = postgres
        self._redis = redis_
        self._sql = psycopg.connect(
            postgres.url().replace("+psycopg", ""), autocommit=True, prepare_threshold=None
        )
        self._asked = redis.Redis(
            port=redis_.port, socket_timeout=SILENCE_SECONDS, retry=Retry(NoBackoff(), 0)
        )
        self._questions = 0

    def read(self) -> Spent:
        """All of it, from when each began."""
        web, postgres, redis_ = (
            cpu_seconds(pid) * 1e6 for pid in (self._web, self._postgres.pid, self._redis.pid)
        )
        return Spent(web, postgres, redis_, self._transactions(), self._commands())

    def close(self) -> None:
        """Ask no more."""
        self._sql.close()
        self._asked.close()

    def _transactions(self) -> int:
        row = self._sql.execute(COMMITS, [self._database]).fetchone()
        assert row is not None
        return int(row[0])

    def _commands(self) -> int:
        """Those of scripts too, but not our own; none where Redis is away."""
        try:
            total = int(self._asked.info("stats")["total_commands_processed"])
        except (redis.RedisError, OSError):
            return 0
        self._questions += 1
        return total - self._questions
