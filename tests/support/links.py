"""A TCP proxy of our own between two programs, whose faults are switched on and off as it runs."""

import asyncio
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

RESET = struct.pack("ii", 1, 0)  # SO_LINGER: a close is a reset
PATIENCE_SECONDS = 10


class Pipe:
    """One connection through the link, both of its ends."""

    def __init__(self, link: "Link") -> None:
        self.link = link
        self.loop = asyncio.get_running_loop()
        self.client = _End(self, lambda chunk: link.rule.request(self, chunk))
        self.server = _End(self, lambda chunk: link.rule.answer(self, chunk))
        self.marked = False
        self.spoiled = False
        self.writes = False
        self.dialling: asyncio.Task[None] | None = None

    @property
    def client_port(self) -> int:
        """The port from which the client came."""
        assert self.client.transport is not None
        return int(self.client.transport.get_extra_info("peername")[1])

    def swallow(self) -> None:
        """Let bytes vanish; the connection, which makes no sense from then on, ends with the
        fault."""
        self.spoiled = True

    def cut(self) -> None:
        """Reset both ends now."""
        for end in (self.client, self.server):
            end.cut()
        self.link.forget(self)


class _End(asyncio.Protocol):
    """One end of a pipe; what is sent before it stands waits for it, and all keeps its order."""

    def __init__(self, pipe: Pipe, heard: Callable[[bytes], None]) -> None:
        self._pipe = pipe
        self._heard = heard
        self._waiting: list[bytes] = []
        self._due = 0.0
        self._gone = False
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for chunk in self._waiting:
            transport.write(chunk)
        if self._gone:
            self.cut()

    def data_received(self, data: bytes) -> None:
        self._heard(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._pipe.cut()

    def send(self, chunk: bytes, after: float = 0.0) -> None:
        """Send the chunk, behind all that was to be sent before."""
        now = self._pipe.loop.time()
        due = max(now + after, self._due + 1e-6)
        if due > now:
            self._due = due
            self._pipe.loop.call_at(due, self._write, chunk)
        else:
            self._write(chunk)

    def cut(self) -> None:
        self._gone = True
        if self.transport is not None and not self.transport.is_closing():
            ours = self.transport.get_extra_info("socket")
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            self.transport.abort()

    def _write(self, chunk: bytes) -> None:
        if self.transport is None:
            self._waiting.append(chunk)
        elif not self._gone:
            self.transport.write(chunk)


Wanted = Callable[[Pipe, bytes], bool]
"""Whether the fault is meant for this request."""


def anything(_pipe: Pipe, _chunk: bytes) -> bool:
    """Every request."""
    return True


def commit(pipe: Pipe, chunk: bytes) -> bool:
    """PostgreSQL's COMMIT of a transaction that began under our eyes and may write."""
    if b"BEGIN" in chunk:
        pipe.writes = begin(pipe, chunk)
    return pipe.writes and b"COMMIT\0" in chunk


def begin(_pipe: Pipe, chunk: bytes) -> bool:
    """PostgreSQL's BEGIN of a transaction that may write."""
    return b"BEGIN" in chunk and b"REPEATABLE READ" not in chunk


def holding(part: bytes) -> Wanted:
    """A request that holds these bytes."""
    return lambda _pipe, chunk: part in chunk


class Rule:
    """What becomes of what comes; without a fault it passes. `hits` counts what it did."""

    hits = 0

    def request(self, pipe: Pipe, chunk: bytes) -> None:
        """Bytes from the client."""
        pipe.server.send(chunk)

    def answer(self, pipe: Pipe, chunk: bytes) -> None:
        """Bytes from the server."""
        pipe.client.send(chunk)


class Delays(Rule):
    """Each request comes late."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def request(self, pipe: Pipe, chunk: bytes) -> None:
        self.hits += 1
        pipe.server.send(chunk, self._seconds)


class Swallows(Rule):
    """A black hole: everything is taken, nothing arrives."""

    def request(self, pipe: Pipe, _chunk: bytes) -> None:
        self.hits += 1
        pipe.swallow()

    def answer(self, pipe: Pipe, _chunk: bytes) -> None:
        self.hits += 1
        pipe.swallow()


class CutsBefore(Rule):
    """A wanted request is not passed on: its connection is cut instead."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted

    def request(self, pipe: Pipe, chunk: bytes) -> None:
        if self._wanted(pipe, chunk):
            self.hits += 1
            pipe.cut()
        else:
            pipe.server.send(chunk)


class LosesAnswer(Rule):
    """A wanted request is passed on and done; when its answer comes the connection is cut."""

    def __init__(self, wanted: Wanted = anything) -> None:
        self._wanted = wanted

    def request(self, pipe: Pipe, chunk: bytes) -> None:
        pipe.marked = self._wanted(pipe, chunk) or pipe.marked
        pipe.server.send(chunk)

    def answer(self, pipe: Pipe, chunk: bytes) -> None:
        if pipe.marked:
            self.hits += 1
            pipe.cut()
        else:
            pipe.client.send(chunk)


class Holds(Rule):
    """The first wanted request, or with `answers` its answer, is held back for good; all others
    pass. `wait` gives the connection on which that happened."""

    def __init__(self, wanted: Wanted, *, answers: bool = False) -> None:
        self._wanted = wanted
        self._answers = answers
        self._held: Pipe | None = None
        self._happened = Event()

    def wait(self) -> Pipe:
        """Return once it is held."""
        assert self._happened.wait(PATIENCE_SECONDS), "nothing came that was to be held"
        assert self._held is not None
        return self._held

    def request(self, pipe: Pipe, chunk: bytes) -> None:
        wanted = self._wanted(pipe, chunk)
        if self._held is None and wanted:
            self._held = pipe
            if self._answers:
                pipe.server.send(chunk)
                return
        if self._held is pipe:
            self._hold(pipe)
        else:
            pipe.server.send(chunk)

    def answer(self, pipe: Pipe, chunk: bytes) -> None:
        if self._held is pipe:
            self._hold(pipe)
        else:
            pipe.client.send(chunk)

    def _hold(self, pipe: Pipe) -> None:
        self.hits += 1
        pipe.swallow()
        self._happened.set()


SOUND = Rule()


class Link:
    """Listens on a port of its own and passes on to another one of this machine."""

    def __init__(self, target: int) -> None:
        self.rule = SOUND
        self._target = target
        self._pipes: set[Pipe] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port = 0
        self._do(self._listen)

    @contextmanager
    def fault(self, rule: Rule) -> Iterator[None]:
        """Let the rule hold for the block, in which it must find something to do; connections that
        it spoilt are cut at its end."""
        self.rule, before = rule, rule.hits
        try:
            yield
        finally:
            self.rule = SOUND
            self._do(self._cut_spoilt)
        assert rule.hits > before, "the fault met nothing"

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Cut all connections and let no new one in for the block."""
        self._do(self._hang_up)
        try:
            yield
        finally:
            self._do(self._listen)

    def cut(self) -> None:
        """Reset all connections now."""
        self._do(self._cut_all)

    def close(self) -> None:
        """End it with all of its connections."""
        self._do(self._hang_up)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def forget(self, pipe: Pipe) -> None:
        """A connection has ended."""
        self._pipes.discard(pipe)

    def _do(self, act: Callable[[], Any]) -> None:
        async def run() -> None:
            done = act()
            if asyncio.iscoroutine(done):
                await done

        asyncio.run_coroutine_threadsafe(run(), self._loop).result(PATIENCE_SECONDS)

    async def _listen(self) -> None:
        self._server = await self._loop.create_server(
            self._accept, "127.0.0.1", self.port, backlog=1024
        )
        self.port = self._server.sockets[0].getsockname()[1]

    def _accept(self) -> _End:
        pipe = Pipe(self)
        self._pipes.add(pipe)
        pipe.dialling = self._loop.create_task(self._dial(pipe))
        return pipe.client

    async def _dial(self, pipe: Pipe) -> None:
        try:
            await self._loop.create_connection(lambda: pipe.server, "127.0.0.1", self._target)
        except OSError:
            pipe.cut()

    async def _hang_up(self) -> None:
        self._server.close()
        self._cut_all()
        await asyncio.sleep(0)  # lets what was aborted end

    def _cut_all(self) -> None:
        for pipe in tuple(self._pipes):
            pipe.cut()

    def _cut_spoilt(self) -> None:
        for pipe in tuple(self._pipes):
            pipe.marked = False
            if pipe.spoiled:
                pipe.cut()
