"""What the voters of one poll do: vote, try again, try another ballot, read."""

import json
import secrets
from collections.abc import Callable, Iterable, Iterator
from uuid import uuid4

from tests.faults.crowd import REST, Script
from tests.faults.record import UNKNOWN, Cast, Record

CHOICES = [f"c{place}" for place in range(1, 9)]
EVERY_SO_MANY = 10  # voters one errs first, and one also says why
MOST_TRIES = 600


class Voting:
    """Scripts of one poll's voters, which note all that these are told."""

    def __init__(self, slug: str, origin: str, record: Record) -> None:
        self.record = record
        path = f"/v1/polls/{slug}"
        host = origin.removeprefix("http://")
        common = f"HTTP/1.1\r\nHost: {host}\r\n"
        self._read_poll = f"GET {path} {common}\r\n".encode()
        self._read_results = f"GET {path}/results {common}\r\n".encode()
        self._cast_head = (
            f"POST {path}/ballots {common}Origin: {origin}\r\n"
            "Content-Type: application/json\r\nContent-Length: "
        )
        self._made = 0

    def voters(self, goes_on: Callable[[], bool]) -> Iterator[Script]:
        """One voter after another."""
        while goes_on():
            yield self._voter()

    def at_once(self, casts: Iterable[Cast]) -> Iterator[Script]:
        """Each ballot once."""
        return (self._cast(cast) for cast in casts)

    def until_told(self, casts: Iterable[Cast]) -> Iterator[Script]:
        """Each ballot until somebody says what became of it, as a reader's Try again does."""
        return (self._cast_until_told(cast) for cast in casts)

    def ballot(
        self, voter: str, /, answers: dict[str, list[str]] | None = None, **fields: str
    ) -> Cast:
        """A new ballot of the voter; it is good unless its answers are given. `fields` are sent
        beside, or instead of, the others."""
        self._made += 1
        given = answers or {"q1": [CHOICES[self._made % len(CHOICES)]]}
        if answers is None and self._made % EVERY_SO_MANY == 0:
            given["q2"] = ["c1", "c3"]
        ballot_id = str(uuid4())
        sent = {"ballot_id": ballot_id, "voter": voter, "answers": given, "page": None, **fields}
        body = json.dumps(sent)
        request = f"{self._cast_head}{len(body)}\r\n\r\n{body}".encode()
        return Cast(ballot_id, voter, given, request, answers is None)

    def _voter(self) -> Script:
        voter = secrets.token_urlsafe(18)
        yield from self._read(self._read_poll)
        if self._made % EVERY_SO_MANY == 1:
            yield from self._cast(self.ballot(voter, {"q1": ["c1", "c2"]}))
        first = self.ballot(voter)
        yield from self._cast(first)
        yield from self._cast(first)
        yield from self._cast(self.ballot(voter))
        yield from self._read(self._read_results)

    def _read(self, request: bytes) -> Script:
        answer = yield request
        self.record.reads[answer.status] += 1

    def _cast(self, cast: Cast) -> Script:
        self.record.note(cast, (yield cast.request))

    def _cast_until_told(self, cast: Cast) -> Script:
        for _ in range(MOST_TRIES):
            answer = yield cast.request
            if self.record.note(cast, answer).status not in UNKNOWN:
                return
            yield REST
