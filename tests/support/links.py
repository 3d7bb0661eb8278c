"""A TCP proxy of our own between two programs, whose faults are switched on and off as it runs."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from tests.support.pipes import End, Pipe
from tests.support.rules import SOUND, Rule

PATIENCE_SECONDS = 10


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

    def _accept(self) -> End:
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
