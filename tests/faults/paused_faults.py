"""A web process that is stopped as it stands, at each moment of a vote, and later goes on as if no
time had passed: what it still does is judged by what the others have done since."""

import asyncio
import os
import signal
import time
from threading import Event

from tests.faults.stage import Fault, Scene
from tests.faults.web_faults import tells_redis
from tests.support.links import Link
from tests.support.pipes import Pipe
from tests.support.ports import wait_until
from tests.support.processes import owner_of
from tests.support.rules import SOUND, Rule, Wanted, begin, commit

RECOVERS_WITHIN = 2.0
SHORTEST_SECONDS = 1.0
KEPT_WITHIN = 10.0
# PostgreSQL ends a transaction that has been idle for ten seconds, and then others get the lock.
OTHERS_GO_ON_WITHIN = 20.0


class Keeps(Rule):
    """The first wanted request, or with `answers` its answer, and all that follows on its
    connection in that direction, is kept back until it is let go; all others pass."""

    def __init__(self, wanted: Wanted, *, answers: bool = False) -> None:
        self._wanted = wanted
        self._answers = answers
        self._pipe: Pipe | None = None
        self._kept: list[bytes] = []
        self._happened = Event()

    def wait(self) -> Pipe:
        """Return once something is kept back: the connection on which it was sent."""
        assert self._happened.wait(KEPT_WITHIN), "nothing came that was to be kept back"
        assert self._pipe is not None
        return self._pipe

    def let_go(self) -> None:
        """Send what was kept back, and let pass what follows."""

        async def send() -> None:
            assert self._pipe is not None
            end = self._pipe.client if self._answers else self._pipe.server
            for chunk in self._kept:
                end.send(chunk)
            self._pipe.link.rule = SOUND

        asyncio.run_coroutine_threadsafe(send(), self.wait().loop).result(KEPT_WITHIN)

    def request(self, pipe: Pipe, chunk: bytes) -> None:
        if self._wanted(pipe, chunk) and self._pipe is None:
            self._pipe = pipe
        if self._pipe is pipe and not self._answers:
            self._keep(chunk)
        else:
            pipe.server.send(chunk)

    def answer(self, pipe: Pipe, chunk: bytes) -> None:
        if self._pipe is pipe and self._answers:
            self._keep(chunk)
        else:
            pipe.client.send(chunk)

    def _keep(self, chunk: bytes) -> None:
        self.hits += 1
        self._kept.append(chunk)
        self._happened.set()


def _paused_while(link: Link, rule: Keeps, scene: Scene, *, locks: bool = False) -> None:
    """Stop the process whose request, or whose answer, the link keeps back; while it `locks` the
    poll others may have to wait for the database to end that."""
    pause = max(SHORTEST_SECONDS, scene.seconds)
    with link.fault(rule):
        port = rule.wait().client_port
        paused = owner_of(port, link.port, scene.stage.service.workers())
        os.kill(paused, signal.SIGSTOP)
        try:
            began = time.time()
            if not locks or pause > OTHERS_GO_ON_WITHIN:
                wait_until(
                    lambda: scene.record.last_counted_sent_at > began,
                    "the other process counts votes",
                    OTHERS_GO_ON_WITHIN,
                )
            time.sleep(max(0.0, began + pause - time.time()))
        finally:
            rule.let_go()
            os.kill(paused, signal.SIGCONT)


def _before_its_transaction(scene: Scene) -> None:
    _paused_while(scene.stage.to_postgres, Keeps(begin), scene)


def _before_commit(scene: Scene) -> None:
    _paused_while(scene.stage.to_postgres, Keeps(commit), scene, locks=True)


def _before_commits_answer(scene: Scene) -> None:
    _paused_while(scene.stage.to_postgres, Keeps(commit, answers=True), scene)


def _before_it_tells_redis(scene: Scene) -> None:
    _paused_while(scene.stage.to_redis, Keeps(tells_redis(scene.poll)), scene)


FAULTS = tuple(
    Fault(f"web process paused {name}", act, RECOVERS_WITHIN)
    for name, act in (
        ("before its transaction", _before_its_transaction),
        ("before COMMIT", _before_commit),
        ("before COMMIT's answer", _before_commits_answer),
        ("before it tells Redis", _before_it_tells_redis),
    )
)
