"""One poll of a running service, whoever votes in it, and what they are told."""

import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection
from threading import Thread
from typing import Any

from service.records import Poll
from tests.faults.crowd import Answer, Crowd, Script
from tests.faults.invariants import Checker, Figures
from tests.faults.keeping import Keeping
from tests.faults.poll import new_poll
from tests.faults.record import Cast, Record, Told
from tests.faults.voting import Voting
from tests.support.processes import owner_of
from tests.support.service import RunningService
from tests.support.voters import Remote, new_token

READERS = 64
PATIENCE_SECONDS = 60.0

Said = tuple[int, str | None]
"""An answer's status, and in how many seconds to come again."""


@dataclass
class Station:
    """A poll that nobody has voted in before, the port that voters come to, and how many come at
    the same time unless it is said."""

    service: RunningService
    keeping: Keeping
    poll: Poll
    port: int
    readers: int = READERS
    record: Record = field(default_factory=Record)

    @classmethod
    def of(cls, service: RunningService, **decisions: Any) -> "Station":
        """A new poll of the service."""
        environment = service.environment
        keeping = Keeping(environment["DATABASE_URL"], environment["REDIS_URL"])
        return cls(service, keeping, new_poll(keeping.stores, **decisions), service.port)

    def __post_init__(self) -> None:
        self.voting = Voting(self.poll.slug, self.service.url, self.record)
        self.remote = Remote(self.service.url, self.poll.slug)

    @property
    def path(self) -> str:
        """Of the poll in the public API."""
        return f"/v1/polls/{self.poll.slug}"

    def ballots(self, number: int) -> list[Cast]:
        """So many ballots, each of another voter."""
        return [self.voting.ballot(new_token()) for _ in range(number)]

    def play(self, scripts: Iterator[Script], readers: int | None = None) -> None:
        """Have readers play the scripts to their end."""
        Crowd(self.port, scripts, readers or self.readers).run()

    def cast(self, casts: Iterable[Cast], readers: int | None = None) -> list[Told]:
        """Cast each once, so many at the same time: what they are told, as it comes."""
        before = len(self.record.told)
        self.play(self.voting.at_once(casts), readers)
        return self.record.told[before:]

    def cast_until_told(self, casts: Iterable[Cast], readers: int | None = None) -> None:
        """Cast each until it is told what became of it."""
        self.play(self.voting.until_told(casts), readers)

    @contextmanager
    def under_votes(self, readers: int | None = None) -> Iterator[None]:
        """Have readers vote for the block, one after another."""
        done = False
        scripts = self.voting.voters(lambda: not done)
        load = Thread(target=lambda: self.play(scripts, readers))
        load.start()
        try:
            yield
        finally:
            done = True
            load.join()

    def vote(self) -> Said:
        """One more vote, by a reader of its own: what it is told."""
        cast = self.voting.ballot(new_token())
        body, sent_at = cast.request.partition(b"\r\n\r\n")[2], time.time()
        said, text = self._ask("POST", f"{self.path}/ballots", body)
        self.record.note(cast, Answer(said[0], text, sent_at, time.time()))
        return said

    def look(self, path: str) -> Said:
        """What whoever reads there is told."""
        return self._ask("GET", path)[0]

    def is_shown_by_all(self) -> bool:
        """Whether each web process shows the results, over one of some connections at least. A new
        process needs time to come so far, and what none has asked it for it cannot show as it was.
        """
        showing: set[int] = set()
        with ExitStack() as stack:
            for _ in range(READERS):
                connection = HTTPConnection(
                    "127.0.0.1", self.service.port, timeout=PATIENCE_SECONDS
                )
                stack.callback(connection.close)
                with suppress(OSError):
                    connection.request("GET", f"{self.path}/results")
                    with connection.getresponse() as answer:
                        answer.read()
                    port = connection.sock.getsockname()[1]
                    if answer.status == HTTPStatus.OK:
                        # another process may have begun since the last connection
                        workers = self.service.workers()
                        showing.add(owner_of(self.service.port, port, workers))
                if len(showing) == self.service.settings.web_processes:
                    return True
        return False

    def figures(self, **checked: Any) -> Figures:
        """All promises, held by the checker, which takes what explains more refusals."""
        return Checker(self.keeping, self.poll, self.record, **checked).figures(self.remote)

    def _ask(self, method: str, path: str, body: bytes = b"") -> tuple[Said, bytes]:
        connection = HTTPConnection("127.0.0.1", self.service.port, timeout=PATIENCE_SECONDS)
        headers = {"Content-Type": "application/json", "Origin": self.service.url}
        with closing(connection):
            connection.request(method, path, body, headers)
            with connection.getresponse() as answer:
                return (answer.status, answer.headers["Retry-After"]), answer.read()
