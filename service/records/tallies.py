"""Raw counts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

VoteKey = tuple[str, str]
"""Question code and choice code. An empty choice code counts the ballots that answered the
question, and two empty codes count all ballots of the poll."""

ALL_BALLOTS: VoteKey = ("", "")


def votes_of(answers: Mapping[str, Sequence[str]]) -> Iterable[VoteKey]:
    """All that one ballot adds one to: its choices, its questions and the poll."""
    votes = [ALL_BALLOTS]
    for question, choices in answers.items():
        if choices:
            votes.append((question, ""))
            votes += [(question, choice) for choice in choices]
    return votes


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


@dataclass(frozen=True, slots=True)
class Difference:
    """What is kept of a vote, or of a text, is not what the counted ballots say. `text` is None
    for a vote, whose codes mean what they do in VoteKey."""

    question: str
    choice: str
    text: str | None
    kept: int
    counted: int

    def __str__(self) -> str:
        """`q1.c2`, `q1`, `ballots`, or `q1 "A text"`."""
        if self.text is not None:
            return f'{self.question} "{self.text}"'
        return ".".join(part for part in (self.question, self.choice) if part) or "ballots"
