"""Raw counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

VoteKey = tuple[str, str]
"""Question code and choice code. An empty choice code counts the ballots that answered the
question, and two empty codes count all ballots of the poll."""

ALL_BALLOTS: VoteKey = ("", "")


@dataclass(frozen=True, slots=True)
class Tally:
    """Raw counts of a poll as of one revision. `counted_at` is when they last changed."""

    revision: int
    counts: Mapping[VoteKey, int]
    counted_at: datetime | None

    @property
    def ballots(self) -> int:
        """How many ballots are counted."""
        return self.counts.get(ALL_BALLOTS, 0)

    def answered(self, question: str) -> int:
        """How many ballots answered the question."""
        return self.counts.get((question, ""), 0)

    def votes(self, question: str, choice: str) -> int:
        """How many ballots marked the choice."""
        return self.counts.get((question, choice), 0)
