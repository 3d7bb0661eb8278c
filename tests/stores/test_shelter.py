"""Redis away: one call finds out, the others go on without it until it is seen to be back."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
import redis
from redis._parsers.base import BaseParser

from service.stores.redis.connection import QUIET_SECONDS, REST_SECONDS, Shelter
from tests.support.ports import wait_until
from tests.support.threads import no_thread


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
    "trouble",
    [
        redis.TimeoutError(),
        redis.ConnectionError(),
        OSError(),
        *map(
            BaseParser.parse_error,
            [
                "LOADING Redis is loading the dataset in memory",
                "READONLY You can't write against a read only replica.",
                "OOM command not allowed when used memory > 'maxmemory'.",
                "MISCONF Redis is configured to save RDB snapshots",
                "NOAUTH Authentication required.",
                "NOPERM this user has no permissions to run the 'eval' command",
                "MASTERDOWN Link with MASTER is down",
                "BUSY Redis is busy running a script.",
                "ERR Error running script (call to f_1): @user_script:7: -OOM command not allowed",
            ],
        ),
    ],
    ids=str,
)
def test_a_failure_has_redis_left_alone(
    server: Server, shelter: Shelter, trouble: Exception
) -> None:
    server.trouble = trouble
    answers = [shelter.call(server.get, "without") for _ in range(100)]
    assert answers == ["without"] * 100
    assert (server.calls, server.pings) == (1, 0)


@pytest.mark.parametrize(
    "trouble",
    [
        redis.ResponseError("WRONGTYPE Operation against a key holding the wrong kind of value"),
        redis.ResponseError("ERR user_script:3: attempt to compare nil with number script: 1f"),
        redis.DataError("Invalid input of type: 'NoneType'."),
        ValueError("not enough values to unpack"),
        TypeError("no iterable"),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
    ],
    ids=str,
)
def test_what_it_refuses_for_the_sake_of_one_call_is_no_reason_to_leave_it_alone(
    server: Server, shelter: Shelter, trouble: Exception
) -> None:
    server.trouble = trouble
    assert shelter.call(server.get, "without") == "without"
    assert shelter.call(lambda: "from Redis", "without") == "from Redis"
    assert (server.calls, server.pings) == (1, 0)


def test_what_it_refuses_is_logged_once_a_minute_and_without_what_a_key_may_hold(
    server: Server, shelter: Shelter, caplog: pytest.LogCaptureFixture
) -> None:
    server.trouble = redis.ResponseError("WRONGTYPE of voxpop:{7}:secret")
    for _ in range(10):
        shelter.call(server.get, "without")
    assert caplog.messages == ["Redis refuses a call: WRONGTYPE"]
    server.seconds += QUIET_SECONDS
    shelter.call(server.get, "without")
    assert len(caplog.messages) == 2


def test_what_the_client_cannot_make_sense_of_is_logged_by_its_kind_alone(
    server: Server, shelter: Shelter, caplog: pytest.LogCaptureFixture
) -> None:
    server.trouble = ValueError("secret")
    shelter.call(server.get, "without")
    assert caplog.messages == ["Redis refuses a call: ValueError"]


def test_it_is_asked_later_where_the_system_has_no_thread_to_spare(
    server: Server, shelter: Shelter, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.trouble = redis.ConnectionError()
    shelter.call(server.get, "without")
    server.seconds, server.trouble = REST_SECONDS, None
    with monkeypatch.context() as patch:
        patch.setattr("threading.Thread.start", no_thread)
        assert shelter.call(server.get, "without") == "without"
    wait_until(lambda: shelter.call(server.get, "without") == "from Redis", "it is used again")


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
        wait_until(lambda: not shelter._background._busy.locked(), "it has its answer")
        for _ in range(100):
            shelter.call(server.get, "without")
        assert server.pings == asked
    assert server.calls == 1
