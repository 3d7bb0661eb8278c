"""Somebody who looks at a poll's results all the time, and notes what may never be seen."""

import json
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from threading import Event, Thread
from types import TracebackType

import sqlalchemy as sa

from service.errors import TemporarilyUnavailable
from tests.faults.keeping import Keeping

EVERY_SECONDS = 0.1
READERS = 2


class Watcher:
    """Reads over two connections, which as a rule end in two web processes.

    What one connection shows never falls; and nowhere is more shown than SQL holds afterwards.
    """

    def __init__(self, port: int, slug: str, keeping: Keeping, poll_id: int) -> None:
        self.faults: list[str] = []
        self.looked = 0
        self._path = f"/v1/polls/{slug}/results"
        self._readers = [_Reader(port, self._path) for _ in range(READERS)]
        self._keeping = keeping
        self._poll_id = poll_id
        self._done = Event()
        self._thread = Thread(target=self._watch)

    def __enter__(self) -> "Watcher":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._thread.join()
        for reader in self._readers:
            reader.close()

    def _watch(self) -> None:
        while not self._done.wait(EVERY_SECONDS):
            seen = [reader.look(self.faults) for reader in self._readers]
            board = self._keeping.shown_by_redis(self._poll_id)
            shown = [ballots for ballots in seen if ballots is not None]
            if board is not None:
                shown.append(board.ballots)
            with suppress(TemporarilyUnavailable, sa.exc.SQLAlchemyError):
                kept = self._keeping.tally(self._poll_id).ballots
                more = [ballots for ballots in shown if ballots > kept]
                self.faults += [f"{ballots} ballots shown, {kept} kept" for ballots in more]
                self.looked += len(shown)


class _Reader:
    """One connection to one web process, as long as both live."""

    def __init__(self, port: int, path: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=2)
        self._path = path
        self._revision = self._ballots = 0

    def look(self, faults: list[str]) -> int | None:
        """The ballots that are shown now, if any answer comes."""
        try:
            self._connection.request("GET", self._path)
            with self._connection.getresponse() as answer:
                document = json.loads(answer.read())
        except (OSError, HTTPException):
            self._connection.close()  # the next one may end in another process, a moment behind
            self._revision = self._ballots = 0
            return None
        if answer.status != 200:
            return None
        revision, ballots = document["revision"], document["ballots"]
        if revision < self._revision or ballots < self._ballots:
            before = f"{self._ballots} ballots in revision {self._revision}"
            faults.append(f"{ballots} in {revision} after {before}")
        self._revision, self._ballots = revision, ballots
        return int(ballots)

    def close(self) -> None:
        self._connection.close()
