"""What readers sent in one run, and what each request was told."""

from collections import Counter
from typing import NamedTuple

from tests.faults.crowd import Answer

COUNTED, UNKNOWN = frozenset({200, 201}), frozenset({0, 503})


class Cast(NamedTuple):
    """A ballot as it is sent, however often."""

    id: str
    voter: str
    answers: dict[str, list[str]]
    request: bytes
    good: bool


class Told(NamedTuple):
    """One answer to a ballot: its receipt if it was counted, its code if it was refused; status 0
    if none came."""

    cast: Cast
    status: int
    word: str
    sent_at: float
    came_at: float


class Record:
    """The outcomes of all requests of a run: counted, refused or unknown."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.reads: Counter[int] = Counter()
        self.last_counted_sent_at = 0.0

    def note(self, cast: Cast, answer: Answer) -> Told:
        """Keep what a ballot was told."""
        told = Told(cast, answer.status, _word(answer), answer.sent_at, answer.came_at)
        self.told.append(told)
        if told.status == 201:
            self.last_counted_sent_at = max(told.sent_at, self.last_counted_sent_at)
        return told

    @property
    def requests(self) -> int:
        return len(self.told) + self.reads.total()

    @property
    def counted(self) -> dict[str, set[str]]:
        """The receipts that each ballot was given; there should be one."""
        receipts: dict[str, set[str]] = {}
        for told in self.told:
            if told.status in COUNTED:
                receipts.setdefault(told.cast.id, set()).add(told.word)
        return receipts

    @property
    def refused(self) -> list[Told]:
        return [told for told in self.told if told.status not in COUNTED | UNKNOWN]

    @property
    def unknown(self) -> list[Told]:
        return [told for told in self.told if told.status in UNKNOWN]

    @property
    def casts(self) -> dict[str, Cast]:
        """Every ballot that was sent, by its id."""
        return {told.cast.id: told.cast for told in self.told}

    @property
    def unresolved(self) -> list[Cast]:
        """The ballots of which nobody has been told yet what became of them."""
        known = {told.cast.id for told in self.told if told.status not in UNKNOWN}
        return [cast for cast in self.casts.values() if cast.id not in known]

    def first_counted_after(self, moment: float) -> float:
        """When the first ballot was counted of those that were sent after the moment."""
        late = (told for told in self.told if told.status == 201 and told.sent_at >= moment)
        return min(told.came_at for told in late)


def _word(answer: Answer) -> str:
    name = b'"receipt":"' if answer.status in COUNTED else b'"code":"'
    _, _, after = answer.body.partition(name)
    return after[: after.find(b'"')].decode()
