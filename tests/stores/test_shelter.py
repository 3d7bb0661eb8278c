"""Redis away: one call finds out, the others go on without it until it is seen to be back."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
import redis

from service.stores.redis.connection import REST_SECONDS, Shelter
from tests.support.ports import wait_until


class Server:
    """A Redis that answers, is away, or keeps whoever asks for it waiting."""

    def __init__(self) -> None:
        self.trouble: Exception | None = None
        self.calls = 0
        self.pings = 0
        self.seconds = 0.0
        self.answers = Event()
        self.answers.set()

    def get(self) -> str:
        self.calls += 1
        return self._answer()

    def ping(self) -> None:
        self.pings += 1
        self._answer()

    def ticks(self) -> float:
        return self.seconds

    def _answer(self) -> str:
        assert self.answers.wait(30)
        if self.trouble:
            raise self.trouble
        return "from Redis"


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def shelter(server: Server) -> Shelter:
    return Shelter(server.ping, server.ticks)


@pytest.mark.parametrize(
    "trouble", [redis.TimeoutError(), redis.ConnectionError(), redis.ResponseError(), OSError()]
)
def test_a_failure_has_redis_left_alone(
    server: Server, shelter: Shelter, trouble: Exception
) -> None:
    server.trouble = trouble
    answers = [shelter.call(server.get, "without") for _ in range(100)]
    assert answers == ["without"] * 100
    assert (server.calls, server.pings) == (1, 0)


def test_the_question_whether_it_is_back_keeps_no_caller_waiting(
    server: Server, shelter: Shelter
) -> None:
    server.trouble = redis.ConnectionError()
    shelter.call(server.get, "without")
    server.seconds += REST_SECONDS
    server.answers.clear()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: shelter.call(server.get, "without"), range(100)))
    assert answers == ["without"] * 100
    assert (server.calls, server.pings) == (1, 1)
    server.trouble = None
    server.answers.set()
    wait_until(lambda: shelter.call(server.get, "without") == "from Redis", "it is used again")


def test_it_is_asked_again_only_after_a_rest(server: Server, shelter: Shelter) -> None:
    server.trouble = redis.ConnectionError()
    shelter.call(server.get, "without")
    for asked in (1, 2, 3):
        server.seconds += REST_SECONDS

        def has_asked(times: int = asked) -> bool:
            shelter.call(server.get, "without")
            return server.pings == times

        wait_until(has_asked, "it asks")
        wait_until(lambda: not shelter._asking.locked(), "it has its answer")
        for _ in range(100):
            shelter.call(server.get, "without")
        assert server.pings == asked
    assert server.calls == 1
