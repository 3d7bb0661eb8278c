"""The connection to Redis, which may be away at any moment."""

import logging
from collections.abc import Callable
from importlib.resources import files
from typing import TypeVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

TIMEOUT_SECONDS = 0.25
REST_SECONDS = 1.0
Answer = TypeVar("Answer")
log = logging.getLogger(__name__)


def connect(url: str) -> "redis.Redis":
    """A client that gives up at once: no retries, a short time-out, SQL does the work instead."""
    return redis.Redis.from_url(
        url,
        socket_timeout=TIMEOUT_SECONDS,
        socket_connect_timeout=TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 0),
        max_connections=2048,
    )


def script(name: str) -> str:
    """The source of `lua/<name>.lua`. It is sent in full: by its hash it would need a round trip
    more to ask whether Redis still knows it, and Redis compiles the same source only once."""
    return files("service.stores.redis").joinpath("lua", f"{name}.lua").read_text("utf-8")


class Shelter:
    """Runs calls to Redis and gives a fall-back when it is away.

    After a failure Redis is left alone for REST_SECONDS, so that a dead one does not cost every
    vote its time-out.
    """

    def __init__(self, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._away_until = 0.0

    def call(self, action: Callable[[], Answer], otherwise: Answer) -> Answer:
        """The action's answer, or `otherwise` when Redis is away."""
        if self._ticks() < self._away_until:
            return otherwise
        try:
            return action()
        except (redis.RedisError, OSError) as error:
            self._away_until = self._ticks() + REST_SECONDS
            log.warning("Redis is away, voting goes on without it: %s", type(error).__name__)
            return otherwise
