"""Bodies that nobody has read: the connection goes on, or says that it does not."""

from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection

import pytest

from tests.support.postgres import Postgres
from tests.support.redis import RedisServer
from tests.support.service import RunningService

BALLOTS = "/v1/polls/region-interest/ballots"
PAGE = "https://news.test"
ROUNDS = 50
HEALTHY = b'{"status":"ok"}\n'
READS = (
    "/v1/polls/region-interest",
    "/v1/polls/region-interest/results",
    "/v1/sites/demo/polls/latest",
    "/polls/region-interest",
    "/widget.js",
)


@pytest.fixture(scope="module")
def service(postgres: Postgres, redis_server: RedisServer) -> Iterator[RunningService]:
    """One web process, for all of them."""
    database_url = postgres.create_database("unread")
    service = RunningService(database_url, redis_server.url, WEB_PROCESSES="1").start(PAGE)
    yield service
    service.stop()


@pytest.fixture
def connection(service: RunningService) -> Iterator[HTTPConnection]:
    """A new connection to it."""
    with closing(HTTPConnection("127.0.0.1", service.port, timeout=20)) as connection:
        yield connection


@pytest.mark.parametrize(
    ("kilobytes", "content_type", "path", "status"),
    [
        (20, "text/plain", BALLOTS, 415),
        (20, "application/json", "/nothing", 404),
        (200, "application/json", BALLOTS, 413),
        (1500, "application/json", BALLOTS, 413),
    ],
)
def test_the_next_request_on_the_connection_is_answered(
    connection: HTTPConnection, kilobytes: int, content_type: str, path: str, status: int
) -> None:
    for _ in range(ROUNDS):
        body = b" " * kilobytes * 1024
        connection.request("POST", path, body, {"Origin": PAGE, "Content-Type": content_type})
        with connection.getresponse() as answer:
            answer.read()
        assert (answer.status, answer.headers["Connection"]) == (status, None)
        assert _health(connection) == HEALTHY


@pytest.mark.parametrize(
    ("length", "sent"),
    [
        ({"Content-Length": str(10**9)}, b" " * 1000),
        ({"Transfer-Encoding": "chunked"}, b"300000\r\n" + b" " * 0x300000),
    ],
)
def test_after_a_body_beyond_all_limits_the_connection_ends(
    connection: HTTPConnection, length: dict[str, str], sent: bytes
) -> None:
    connection.putrequest("POST", BALLOTS)
    for name, value in {"Origin": PAGE, "Content-Type": "application/json", **length}.items():
        connection.putheader(name, value)
    connection.endheaders(sent)
    with connection.getresponse() as answer:
        assert (answer.status, answer.headers["Connection"]) == (413, "close")
        assert answer.read()


@pytest.mark.parametrize("path", READS)
def test_a_read_whose_body_comes_late_is_answered_and_so_is_what_follows(
    connection: HTTPConnection, service: RunningService, path: str
) -> None:
    connection.putrequest("GET", path)
    connection.putheader("Content-Length", "20")
    connection.endheaders()
    with closing(HTTPConnection("127.0.0.1", service.port, timeout=20)) as other:
        for _ in range(ROUNDS):  # by then the service has had the time to answer without the body
            assert _health(other) == HEALTHY
    connection.send(b" " * 20)
    with connection.getresponse() as answer:
        assert (answer.status, answer.headers["Connection"]) == (200, None)
        assert answer.read()
    assert _health(connection) == HEALTHY


def _health(connection: HTTPConnection) -> bytes:
    connection.request("GET", "/healthz")
    with connection.getresponse() as answer:
        return answer.read()
