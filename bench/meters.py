"""What a run spends: CPU time of the processes behind it, SQL commits, trips to Redis."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

import psycopg
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from bench.processes import cpu_seconds
from tests.support.postgres import Postgres
from tests.support.redis import RedisServer

# The id that the next transaction to write will have. The server's own statistics are brought up to
# date once a second and would tell of most of a short run when it is over.
NEXT_TRANSACTION = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
SILENCE_SECONDS = 0.2


@dataclass(frozen=True)
class Spent:
    """Microseconds of CPU by whose they are, and what PostgreSQL and Redis were asked to do."""

    web_us: float
    postgres_us: float
    redis_us: float
    commits: float
    round_trips: float

    def over(self, requests: int) -> "Spent":
        """What each of so many requests has cost."""
        return Spent(*(amount / max(1, requests) for amount in self._amounts()))

    @property
    def cpu_us(self) -> float:
        """All the CPU time."""
        return self.web_us + self.postgres_us + self.redis_us

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
    """Reads what a web server and the two stores have spent so far."""

    def __init__(self, web: int, postgres: Postgres, redis_: RedisServer) -> None:
        self._web = web
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
        return Spent(web, postgres, redis_, self._commits(), self._round_trips())

    def close(self) -> None:
        """Ask no more."""
        self._sql.close()
        self._asked.close()

    def _commits(self) -> int:
        """Those that wrote something."""
        row = self._sql.execute(NEXT_TRANSACTION).fetchone()
        assert row is not None
        return int(row[0])

    def _round_trips(self) -> int:
        """But for our own; none where Redis is away."""
        try:
            total = int(self._asked.info("stats")["total_reads_processed"])
        except (redis.RedisError, OSError):
            return 0
        self._questions += 1
        return total - self._questions
