"""The connection to Redis, which may be away at any moment."""

import logging
import re
from collections.abc import Callable
from importlib.resources import files
from typing import TypeVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from service.stores.background import Background

TIMEOUT_SECONDS = 0.25
REST_SECONDS = 0.5
QUIET_SECONDS = 60.0
FAILURES = (redis.RedisError, OSError)
OF_THE_SERVER = re.compile(
    r"\b(BUSY|LOADING|MASTERDOWN|MISCONF|NOAUTH|NOPERM|NOREPLICAS|OOM|READONLY|UNKILLABLE)\b"
)
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
    a web process one time-out, and not each vote its own. What Redis refuses for the sake of one
    call, such as a key that holds something else, is no reason to leave it alone.
    """

    def __init__(self, ping: Callable[[], object], ticks: Callable[[], float]) -> None:
        self._ping = ping
        self._ticks = ticks
        self._is_away = False
        self._ask_at = 0.0
        self._quiet_until = float("-inf")
        self._background = Background()

    def call(self, action: Callable[[], Answer], otherwise: Answer) -> Answer:
        """The action's answer, or `otherwise` when Redis is away or refuses it."""
        if self._is_away:
            self._ask_again()
            return otherwise
        try:
            return action()
        except Exception as error:  # whatever Redis answers, and the client makes of it
            if _is_of_the_call(error):
                self._tell_of(error)
            else:
                self._leave_alone()
                log.warning("Redis is away, voting goes on without it: %s", type(error).__name__)
            return otherwise

    def _tell_of(self, refusal: Exception) -> None:
        """Log it by its first word, for the others may be a key's; once a minute, for it may meet
        every vote."""
        if self._ticks() >= self._quiet_until:
            self._quiet_until = self._ticks() + QUIET_SECONDS
            log.error("Redis refuses a call: %s", _word(refusal))

    def _leave_alone(self) -> None:
        self._ask_at = self._ticks() + REST_SECONDS
        self._is_away = True

    def _ask_again(self) -> None:
        if self._ticks() >= self._ask_at:
            self._background.start(self._ask)

    def _ask(self) -> None:
        try:
            self._ping()
            self._is_away = False
        except Exception:
            self._leave_alone()


def _is_of_the_call(error: Exception) -> bool:
    """Whether it says nothing of the calls to come.

    What the client fails at itself says nothing. Those of redis-py's classes that are narrower than
    ResponseError are about the server; some of its troubles have none, and Redis 6 tells all that a
    script meets in the words of the script's own error.
    """
    if not isinstance(error, FAILURES):
        return True
    is_about_data = type(error) in (redis.ResponseError, redis.DataError)
    return is_about_data and not OF_THE_SERVER.search(str(error))


def _word(refusal: Exception) -> str:
    is_told_by_redis = isinstance(refusal, redis.RedisError)
    return str(refusal).partition(" ")[0] if is_told_by_redis else type(refusal).__name__
