"""The two ends of one connection that goes through a link."""

import asyncio
import socket
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.support.links import Link

RESET = struct.pack("ii", 1, 0)  # SO_LINGER: a close is a reset


class Pipe:
    """One connection through the link, both of its ends."""

    def __init__(self, link: "Link") -> None:
        self.link = link
        self.loop = asyncio.get_running_loop()
        self.client = End(self, lambda chunk: link.rule.request(self, chunk))
        self.server = End(self, lambda chunk: link.rule.answer(self, chunk))
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


class End(asyncio.Protocol):
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
