"""Many readers at once in one thread, each on a connection of its own, for little of the machine.

What a reader does is a script: a generator that gives the bytes of a request and is sent what
came of it.
"""

import select
import socket
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from typing import NamedTuple

PATIENCE_SECONDS = 30.0
REST_SECONDS = 0.05
HEAD_END = b"\r\n\r\n"
LENGTH = b"\r\ncontent-length: "


class Answer(NamedTuple):
    """What came of a request; status 0 if nothing did."""

    status: int
    body: bytes
    sent_at: float
    came_at: float


Script = Generator[bytes, Answer, None]
"""One reader's requests; an empty one is a short rest."""
REST = b""


class _Reader:
    __slots__ = ("due", "heard", "link", "script", "sent_at")

    def __init__(self) -> None:
        self.link: socket.socket | None = None
        self.script: Script = _nothing()
        self.heard = b""
        self.due = 0.0
        self.sent_at = 0.0


def _nothing() -> Script:
    yield from ()


class Crowd:
    """Plays scripts until there are no more, `readers` of them at the same time."""

    def __init__(self, port: int, scripts: Iterator[Script], readers: int) -> None:
        self._address = ("127.0.0.1", port)
        self._scripts = scripts
        self._poll = select.epoll()
        self._busy: dict[int, _Reader] = {}
        self._resting: list[_Reader] = []
        self._starting = [_Reader() for _ in range(readers)]

    def run(self) -> None:
        """Return once all scripts have ended."""
        for reader in self._starting:
            self._begin(reader)
        looked = 0.0
        try:
            while self._busy or self._resting:
                for number, _ in self._poll.poll(REST_SECONDS):
                    self._hear(self._busy[number])
                if (now := time.time()) - looked > REST_SECONDS / 2:
                    looked = now
                    self._look_at_clock(now)
        finally:
            for reader in list(self._busy.values()):
                self._hang_up(reader)
            self._poll.close()

    def _begin(self, reader: _Reader) -> None:
        script = next(self._scripts, None)
        if script is None:
            self._hang_up(reader)
        else:
            reader.script = script
            self._do(reader, lambda: next(script))

    def _go_on(self, reader: _Reader, status: int, body: bytes) -> None:
        answer = Answer(status, body, reader.sent_at, time.time())
        self._do(reader, lambda: reader.script.send(answer))

    def _do(self, reader: _Reader, step: Callable[[], bytes]) -> None:
        try:
            request = step()
        except StopIteration:
            self._begin(reader)
            return
        reader.sent_at = time.time()
        reader.due = reader.sent_at + (PATIENCE_SECONDS if request else REST_SECONDS)
        if not request or not self._send(reader, request):
            self._resting.append(reader)

    def _send(self, reader: _Reader, request: bytes) -> bool:
        """Send it, on a new connection if need be; False if there is no way, which costs a rest."""
        try:
            if reader.link is None:
                reader.link = self._dial(reader)
            return reader.link.send(request) == len(request)
        except OSError:
            self._hang_up(reader)
            reader.due = reader.sent_at + REST_SECONDS
            return False

    def _dial(self, reader: _Reader) -> socket.socket:
        link = socket.create_connection(self._address, timeout=1)
        link.setblocking(False)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._busy[link.fileno()] = reader
        self._poll.register(link.fileno(), select.EPOLLIN)
        return link

    def _hang_up(self, reader: _Reader) -> None:
        link, reader.link, reader.heard = reader.link, None, b""
        if link is not None:
            del self._busy[link.fileno()]
            self._poll.unregister(link.fileno())
            link.close()

    def _hear(self, reader: _Reader) -> None:
        assert reader.link is not None
        try:
            chunk = reader.link.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        if reader in self._resting:  # it has asked nothing; the connection has ended
            self._hang_up(reader)
        elif not chunk:
            self._give_up(reader)
        else:
            self._read(reader, reader.heard + chunk if reader.heard else chunk)

    def _read(self, reader: _Reader, heard: bytes) -> None:
        end = heard.find(HEAD_END) + len(HEAD_END)
        found = heard.lower().find(LENGTH, 0, end)
        begin = found + len(LENGTH)
        length = int(heard[begin : heard.index(b"\r", begin)]) if found > 0 else 0
        if end < len(HEAD_END) or len(heard) < end + length:
            reader.heard = heard
            return
        reader.heard = b""
        self._go_on(reader, int(heard[9:12]), heard[end:])

    def _give_up(self, reader: _Reader) -> None:
        self._hang_up(reader)
        self._go_on(reader, 0, b"")

    def _look_at_clock(self, now: float) -> None:
        for reader in [one for one in self._resting if one.due <= now]:
            self._resting.remove(reader)
            self._go_on(reader, 0, b"")
        late = [one for one in self._busy.values() if one.due <= now and one not in self._resting]
        for reader in late:
            with suppress(OSError):
                self._give_up(reader)
