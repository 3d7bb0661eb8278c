"""The proxy that the fault tests put on a link does to it what its words say."""

import select
import socket
import socketserver
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from threading import Thread

import pytest

from tests.support.links import Link
from tests.support.pipes import Pipe
from tests.support.rules import (
    CutsBefore,
    Delays,
    Holds,
    LosesAnswer,
    Rule,
    Swallows,
    begin,
    commit,
    holding,
)

BEGIN, READ = b"Q\0\0\0\x0aBEGIN\0", b"Q\0\0\0\x21BEGIN ISOLATION LEVEL REPEATABLE READ\0"
COMMIT = b"Q\0\0\0\x0bCOMMIT\0"


class Echo(socketserver.ThreadingTCPServer):
    """Answers each request with the same bytes, and notes what came; ends on `bye`."""

    daemon_threads = True

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        super().__init__(("127.0.0.1", 0), Repeat)
        self.port = int(self.server_address[1])
        Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class Repeat(socketserver.BaseRequestHandler):
    """One connection to the echo."""

    server: Echo

    def handle(self) -> None:
        with suppress(OSError):
            while (chunk := self.request.recv(4096)) not in (b"", b"bye"):
                self.server.heard.append(chunk)
                self.request.sendall(chunk)


@pytest.fixture
def echo() -> Iterator[Echo]:
    with closing(Echo()) as echo:
        yield echo


@pytest.fixture
def link(echo: Echo) -> Iterator[Link]:
    with closing(Link(echo.port)) as link:
        yield link


@pytest.fixture
def dial(link: Link) -> Iterator[Callable[[], socket.socket]]:
    """Opens connections through the link, known to both ends."""
    opened: list[socket.socket] = []

    def dial() -> socket.socket:
        opened.append(socket.create_connection(("127.0.0.1", link.port), timeout=5))
        assert said(opened[-1], b"hello") == b"hello"
        return opened[-1]

    yield dial
    for connection in opened:
        connection.close()


def said(connection: socket.socket, chunk: bytes) -> bytes:
    connection.sendall(chunk)
    return connection.recv(4096)


def is_silent(connection: socket.socket, seconds: float = 0.1) -> bool:
    readable, _, _ = select.select([connection], [], [], seconds)
    return not readable


Dial = Callable[[], socket.socket]


def test_without_a_fault_all_passes_in_order(dial: Dial) -> None:
    connections = [dial() for _ in range(3)]
    for number in range(50):
        for connection in connections:
            assert said(connection, b"%d" % number) == b"%d" % number


def test_an_end_that_goes_takes_the_other_with_it(dial: Dial) -> None:
    with pytest.raises(ConnectionResetError):
        said(dial(), b"bye")


def test_a_cut_resets_every_connection_and_lets_new_ones_in(link: Link, dial: Dial) -> None:
    old = [dial(), dial()]
    link.cut()
    for connection in old:
        with pytest.raises(ConnectionResetError):
            connection.recv(1)
    assert said(dial(), b"again") == b"again"


def test_a_refusing_link_lets_nobody_in_until_it_ends(link: Link, dial: Dial) -> None:
    old = dial()
    with link.refusing():
        with pytest.raises(ConnectionResetError):
            old.recv(1)
        with pytest.raises(ConnectionRefusedError):
            dial()
    assert said(dial(), b"again") == b"again"


def test_a_delay_holds_up_requests_and_keeps_their_order(link: Link, dial: Dial) -> None:
    connection = dial()
    began = time.monotonic()
    with link.fault(Delays(0.1)):
        assert said(connection, b"late") == b"late"
        assert time.monotonic() - began >= 0.1
        connection.sendall(b"first ")
        assert is_silent(connection, 0.05)
    connection.sendall(b"second")
    heard = b""
    while len(heard) < len(b"first second"):
        heard += connection.recv(4096)
    assert heard == b"first second"


def test_a_black_hole_takes_all_and_ends_with_what_it_took(
    echo: Echo, link: Link, dial: Dial
) -> None:
    caught, idle = dial(), dial()
    with link.fault(Swallows()):
        caught.sendall(b"lost")
        assert is_silent(caught)
    with pytest.raises(ConnectionResetError):
        caught.recv(1)
    assert said(idle, b"sound") == b"sound"
    assert b"lost" not in echo.heard


@pytest.mark.parametrize(("rule", "arrives"), [(CutsBefore, False), (LosesAnswer, True)])
def test_a_connection_is_cut_before_a_request_or_before_its_answer(
    echo: Echo, link: Link, dial: Dial, rule: Callable[[object], Rule], arrives: bool
) -> None:
    connection, other = dial(), dial()
    with link.fault(rule(commit)):
        assert said(connection, BEGIN) == BEGIN
        connection.sendall(COMMIT)
        with pytest.raises(ConnectionResetError):
            connection.recv(1)
        assert said(other, READ) == READ
        assert said(other, COMMIT) == COMMIT
    assert echo.heard.count(COMMIT) == 1 + arrives


@pytest.mark.parametrize("answers", [False, True])
def test_only_the_first_that_is_wanted_is_held(
    echo: Echo, link: Link, dial: Dial, answers: bool
) -> None:
    held, free = dial(), dial()
    rule = Holds(holding(b"vote"), answers=answers)
    with link.fault(rule):
        held.sendall(b"vote")
        assert rule.wait().client_port == held.getsockname()[1]
        assert said(free, b"vote") == b"vote"
        assert is_silent(held)
    with pytest.raises(ConnectionResetError):
        held.recv(1)
    assert echo.heard.count(b"vote") == 1 + answers


def test_a_fault_that_meets_nothing_fails_its_test(link: Link) -> None:
    with pytest.raises(AssertionError, match="met nothing"), link.fault(Swallows()):
        pass


def test_the_begin_of_a_read_is_not_that_of_a_vote() -> None:
    pipe = Pipe.__new__(Pipe)
    assert begin(pipe, BEGIN)
    assert begin(pipe, BEGIN.replace(b"BEGIN", b"BEGIN ISOLATION LEVEL READ COMMITTED"))
    assert not begin(pipe, READ)
