"""Ballots and what becomes of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

Answers = Mapping[str, tuple[str, ...]]
"""A ballot's content: question code -> the chosen choice codes, in the poll's order."""

OtherTexts = Mapping[str, str]
"""What a voter wrote for a choice that is `is_other`: question code -> text."""


class BallotStatus(StrEnum):
    """Whether a ballot is in the tally (`counted`), waits for an owner, or was taken out."""

    COUNTED = "counted"
    HELD = "held"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Ballot:
    """All that one voter submits at once, ready to be kept: raw tokens and addresses are gone.

    `voter_key`, `network_key` and `rate_key` are 16-byte keyed pseudonyms. `stamp` is what the
    shield remembers: 8 bytes of the id, then 8 bytes of a digest of the answers.
    """

    id: UUID
    poll_id: int
    voter_key: bytes
    network_key: bytes | None
    network_limit: int | None
    answers: Answers
    stamp: bytes
    page: str | None
    rate_key: bytes
    country: str | None = None
    other_texts: OtherTexts = field(default_factory=dict)

    def shares_id(self, stamp: bytes) -> bool:
        """Whether the stamp is of a ballot with this id, if perhaps with other answers."""
        return stamp[:8] == self.stamp[:8]


class Ruling(StrEnum):
    """What became of a ballot. `REPEATED` is a retry: it was counted before and is not again."""

    COUNTED = "counted"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedBallot:
    """A ballot as the poll's owners see it: nothing in it tells whose it is."""

    id: UUID
    cast_at: datetime
    status: BallotStatus
    reason: str | None
    page: str | None
    country: str | None
    answers: Answers
    other_texts: OtherTexts

    @property
    def place(self) -> "BallotPlace":
        """Where the ballot stands in its poll's log."""
        return self.cast_at, self.id


BallotPlace = tuple[datetime, UUID]
"""By what the log is ordered: the moment of casting, and the id where two share it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotFilter:
    """Which ballots are meant; None leaves them all. `choice` is one of `question`, which alone
    means the ballots that answered it. They were cast in `[since, until)`."""

    question: str | None = None
    choice: str | None = None
    status: BallotStatus | None = None
    page: str | None = None
    country: str | None = None
    since: datetime | None = None
    until: datetime | None = None
