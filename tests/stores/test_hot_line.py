"""The batches' own way to Redis: it is never out of step with what it asked."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from service.stores.redis import connection
from service.stores.redis.connection import connect
from service.stores.redis.hot import HotLine
from tests.support.redis import RedisServer

ECHO = "return ARGV[1]"


@pytest.fixture
def line(redis_server: RedisServer) -> HotLine:
    return HotLine(connect(redis_server.url))


def test_it_gives_what_the_script_returns_of_its_keys_and_values(line: HotLine) -> None:
    script = "return {KEYS[1], KEYS[2], ARGV[1], tonumber(ARGV[2]), false}"
    assert line.eval(script, ["a", "b"], [b"\xff", 2]) == [b"a", b"b", b"\xff", 2, None]


def test_after_a_refusal_it_hears_the_answer_to_what_it_asks_next(line: HotLine) -> None:
    with pytest.raises(redis.ResponseError, match="refused"):
        line.eval("return redis.error_reply('ERR refused')", [], [])
    assert line.eval(ECHO, [], ["next"]) == b"next"


def test_what_comes_too_late_is_no_answer_to_the_next_question(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "TIMEOUT_SECONDS", 0.25)  # waited out, so a short one
    line = HotLine(connect(redis_server.url))
    line.eval(ECHO, [], ["first"])
    redis_server.freeze()
    try:
        with pytest.raises(redis.TimeoutError):
            line.eval(ECHO, [], ["late"])
    finally:
        redis_server.thaw()
    assert line.eval(ECHO, [], ["next"]) == b"next"


def test_a_server_that_has_started_again_is_asked_at_once(
    line: HotLine, redis_server: RedisServer
) -> None:
    line.eval(ECHO, [], ["before"])
    redis_server.restart()
    assert line.eval(ECHO, [], ["after"]) == b"after"


def test_a_server_that_is_gone_is_a_failure_until_it_is_back(
    line: HotLine, redis_server: RedisServer
) -> None:
    line.eval(ECHO, [], ["before"])
    redis_server.kill()
    try:
        with pytest.raises(redis.ConnectionError):
            line.eval(ECHO, [], ["gone"])
    finally:
        redis_server.start()
    assert line.eval(ECHO, [], ["back"]) == b"back"


def test_whoever_asks_at_once_hears_the_answer_to_its_own_question(line: HotLine) -> None:
    words = [str(number).encode() for number in range(400)]
    with ThreadPoolExecutor(16) as threads:
        heard = list(threads.map(lambda word: line.eval(ECHO, [], [word]), words))
    assert heard == words
