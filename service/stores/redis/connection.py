"""The connection to Redis, which may be away at any moment."""

import logging
from collections.abc import Callable
from importlib.resources import files
from threading import Lock, Thread
from typing import TypeVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

TIMEOUT_SECONDS = 0.25
REST_SECONDS = 0.5
FAILURES = (redis.RedisError, OSError)
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


def script(*names: str) -> str:
    """The source of `lua/<name>.lua`, one after another, without comments. It is sent in full: by
    its hash it would need a round trip more to ask whether Redis still knows it, and Redis compiles
    the same source only once."""
    folder = files("service.stores.redis").joinpath("lua")
    sources = [folder.joinpath(f"{name}.lua").read_text("utf-8") for name in names]
    return "\n".join(line for source in sources for line in _code(source))


def _code(source: str) -> list[str]:
    lines = [line.strip() for line in source.splitlines()]
    return [line for line in lines if line and not line.startswith("--")]


class Shelter:
    """Runs calls to Redis and gives a fall-back when it is away.

    After a failure Redis is left alone until it has answered a question that costs no caller
    anything: one is put by a thread of its own, REST_SECONDS after the last. So a dead Redis costs
    a web process one time-out, and not each vote its own.
    """

    def __init__(self, ping: Callable[[], object], ticks: Callable[[], float]) -> None:
        self._ping = ping
        self._ticks = ticks
        self._is_away = False
        self._ask_at = 0.0
        self._asking = Lock()

    def call(self, action: Callable[[], Answer], otherwise: Answer) -> Answer:
        """The action's answer, or `otherwise` when Redis is away."""
        if self._is_away:
            self._ask_again()
            return otherwise
        try:
            return action()
        except FAILURES as error:
            self._leave_alone()
            log.warning("Redis is away, voting goes on without it: %s", type(error).__name__)
            return otherwise

    def _leave_alone(self) -> None:
        self._ask_at = self._ticks() + REST_SECONDS
        self._is_away = True

    def _ask_again(self) -> None:
        if self._ticks() >= self._ask_at and self._asking.acquire(blocking=False):
            Thread(target=self._ask, daemon=True).start()

    def _ask(self) -> None:
        try:
            self._ping()
            self._is_away = False
        except FAILURES:
            self._leave_alone()
        finally:
            self._asking.release()
