"""What must hold after any fault, by the numbers of the promises in docs/integrity.md."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from service.domain import questions
from service.errors import InvalidChoice
from service.records import ALL_BALLOTS, Poll, votes_of
from tests.faults.keeping import Keeping, Kept, stamp
from tests.faults.record import Cast, Record
from tests.support.voters import Remote

GOOD_CODES = frozenset({"already_voted"})
SETTLES_WITHIN = 2.0
BUSY = 4  # times as long as promised, on a machine that does much else
BAD_CODES = frozenset({"invalid_choice"})

Closed = tuple[datetime, datetime]
"""From when until when; the end is no part of it."""


@dataclass
class Figures:
    """A row of the table; `broken` says in words what else did not hold."""

    requests: int = 0
    counted: int = 0
    refused: int = 0
    unknown: int = 0
    lost: int = 0
    doubled: int = 0
    drift: int = 0
    recovered_seconds: float = 0.0
    settled_seconds: float = 0.0
    broken: list[str] = field(default_factory=list)

    def __add__(self, other: "Figures") -> "Figures":
        numbers = ("requests", "counted", "refused", "unknown", "lost", "doubled", "drift")
        sums = {name: getattr(self, name) + getattr(other, name) for name in numbers}
        return Figures(
            **sums,
            recovered_seconds=max(self.recovered_seconds, other.recovered_seconds),
            settled_seconds=max(self.settled_seconds, other.settled_seconds),
            broken=[*self.broken, *other.broken],
        )

    def note_seconds(self, recovered: float, within: float, settled: float) -> None:
        """I12 and I4: how soon after the fault a vote was counted, and how soon after the last vote
        Redis and the results showed what SQL holds."""
        self.recovered_seconds, self.settled_seconds = recovered, settled
        if recovered > within * BUSY:
            self.broken.append(f"votes were accepted again only after {recovered:.1f} s")
        if settled > SETTLES_WITHIN * BUSY:
            self.broken.append(f"results were right only after {settled:.1f} s")

    def assert_exact(self) -> None:
        """Nothing lost, nothing doubled, nothing drifts, every promise is kept."""
        assert (self.lost, self.doubled, self.drift, self.broken) == (0, 0, 0, [])


class Checker:
    """Holds what readers were told against what SQL, Redis and the API say of one poll.

    `also_refused` are codes that the run's own events explain, such as `poll_closed`; `closed` is
    from when until when the poll took no ballots, by its schedule and the moments that are logged.
    """

    def __init__(
        self,
        keeping: Keeping,
        poll: Poll,
        record: Record,
        *,
        also_refused: Iterable[str] = (),
        closed: Iterable[Closed] = (),
    ) -> None:
        self._keeping = keeping
        self._poll = poll
        self._record = record
        self._also_refused = frozenset(also_refused)
        self._closed = list(closed)
        self._kept: list[Kept] = []
        self._ids: set[str] = set()
        self._casts: dict[str, Cast] = {}
        self._figures = Figures()

    def redis_knows_nobody_else(self) -> None:
        """I4: whom Redis knows has that very ballot in SQL. To be asked before readers try again,
        which would make it true."""
        known = self._keeping.known_to_redis(self._poll, self._record.casts.values())
        kept = {one.voter_key: stamp(one) for one in self._keeping.ballots(self._poll.id)}
        wrong = [key for key, known_stamp in known.items() if kept.get(key) != known_stamp]
        self._figures.drift += len(wrong)
        self._note(wrong, "voters are known to Redis whose ballots SQL does not hold")

    def figures(self, remote: Remote, seen: Iterable[str] = ()) -> Figures:
        """All promises, once readers have been told what became of each ballot; `seen` is what a
        watcher saw and should not have."""
        self._kept = self._keeping.ballots(self._poll.id)
        self._ids = {one.id for one in self._kept}
        self._casts = self._record.casts
        figures = self._figures
        figures.requests = self._record.requests
        figures.counted = len(self._record.counted)
        figures.refused = len(self._record.refused)
        figures.unknown = len(self._record.unknown)
        figures.lost = self._lost()
        figures.doubled = self._doubled()
        figures.drift += self._drift(remote)
        self._note(list(seen), "times the results fell or showed too much")
        self._judge_answers()
        self._judge_ballots()
        return figures

    def _note(self, wrong: Iterable[object], what: str) -> int:
        """Say in words how many there are of what must not be."""
        wrong = list(wrong)
        if wrong:
            self._figures.broken.append(f"{len(wrong)} {what}, such as {wrong[0]}")
        return len(wrong)

    def _lost(self) -> int:
        """I1: what was told counted is in SQL; nobody is refused for a ballot that is nowhere."""
        ids, standing = self._ids, {self._voter_of(one) for one in self._kept}
        gone = [ballot_id for ballot_id in self._record.counted if ballot_id not in ids]
        turned_away = {
            told.cast.voter
            for told in self._record.refused
            if told.word == "already_voted" and told.cast.voter not in standing
        }
        return self._note(gone, "ballots are lost that were told counted") + self._note(
            turned_away, "voters were told that they had voted, and no ballot of theirs stands"
        )

    def _doubled(self) -> int:
        """I2: one ballot for each voter, none that nobody cast, each counted for the first time
        once."""
        keys = Counter(one.voter_key for one in self._kept)
        tokens = Counter(self._voter_of(one) for one in self._kept)
        firsts = Counter(told.cast.id for told in self._record.told if told.status == 201)
        return (
            self._note(_repeated(keys), "voter keys stand twice")
            + self._note(_repeated(tokens), "voters stand twice, or were never heard of")
            + self._note(_repeated(firsts), "ballots were counted for the first time twice")
        )

    def _drift(self, remote: Remote) -> int:
        """I3 and I4: the tally, the recount, our own count and, in time, what any process shows
        agree."""
        mine = Counter(vote for one in self._kept for vote in votes_of(one.answers))
        tally = self._keeping.tally(self._poll.id)
        kept = {vote: votes for vote, votes in tally.counts.items() if votes}
        return (
            self._note(self._keeping.differences(self._poll.id), "differences of the recount")
            + self._note(set(kept.items()) ^ set(mine.items()), "counts differ from the ballots'")
            + self._note(self._shown_late(remote, mine), "figures of the results differ")
        )

    def _shown_late(self, remote: Remote, mine: Counter[tuple[str, str]]) -> list[object]:
        """What a process still shows amiss when its time to hear of all votes is over."""
        deadline = time.monotonic() + SETTLES_WITHIN * BUSY
        while wrong := list(self._shown_amiss(remote, mine)):
            if time.monotonic() > deadline:
                break
            time.sleep(0.02)
        return wrong

    def _shown_amiss(self, remote: Remote, mine: Counter[tuple[str, str]]) -> Iterator[object]:
        shown = remote.results()
        if shown["ballots"] != mine[ALL_BALLOTS]:
            yield "ballots", shown["ballots"], mine[ALL_BALLOTS]
        for question in shown["questions"]:
            for choice in question["choices"]:
                if choice["votes"] != mine[question["id"], choice["id"]]:
                    yield question["id"], choice, mine[question["id"], choice["id"]]

    def _judge_answers(self) -> None:
        """I6: one receipt a ballot, nobody is a duplicate of himself, nothing unheard of is said,
        and nobody is left in the dark."""
        for told in self._record.refused:
            allowed = (GOOD_CODES if told.cast.good else BAD_CODES) | self._also_refused
            if told.word not in allowed:
                self._note([told], "answers are none that a ballot should get")
        self._note(
            (ballot_id for ballot_id, told in self._record.counted.items() if len(told) != 1),
            "ballots have several receipts",
        )
        mine = {told.cast.id for told in self._record.refused if told.word == "already_voted"}
        self._note(mine & self._ids, "voters were called duplicates of themselves")
        self._note(self._record.unresolved, "ballots were never told what became of them")

    def _judge_ballots(self) -> None:
        """I7 and I8: each counted ballot was cast while the poll was open, and obeys its rules."""
        schedule = self._poll.schedule
        early = [one for one in self._kept if schedule.opens_at and one.cast_at < schedule.opens_at]
        late = [one for one in self._kept for gap in self._closed if gap[0] <= one.cast_at < gap[1]]
        self._note(early, "ballots were cast before the poll opened")
        self._note(late, "ballots were cast while the poll was closed")
        self._note(
            (one for one in self._kept if not self._is_as_sent(one)),
            "ballots hold other answers than were sent",
        )
        self._note(
            (one for one in self._kept if not _obeys(self._poll, one)), "ballots break the rules"
        )

    def _is_as_sent(self, kept: Kept) -> bool:
        cast = self._casts.get(kept.id)
        return cast is None or cast.answers == kept.answers

    def _voter_of(self, kept: Kept) -> str:
        cast = self._casts.get(kept.id)
        return cast.voter if cast else f"nobody, of ballot {kept.id}"


def _repeated(counts: Mapping[Any, int]) -> list[object]:
    return [key for key, times in counts.items() if times > 1]


def _obeys(poll: Poll, kept: Kept) -> bool:
    try:
        return bool(questions.answer(poll.questions, kept.answers))
    except InvalidChoice:
        return False
