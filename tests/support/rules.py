"""What can become of what comes over a link: a rule for each way in which one fails."""

from collections.abc import Callable
from threading import Event

from tests.support.pipes import Pipe

PATIENCE_SECONDS = 10

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
