"""Ballots and what becomes of them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson

Answers = Mapping[str, tuple[str, ...]]
"""A ballot's content: question code -> the chosen choice codes, in their codes' order."""

OtherTexts = Mapping[str, str]
"""What a voter wrote for a choice that is `is_other`: question code -> text."""

STAMP_PART = 6
"""The bytes of each of a stamp's two parts."""


class BallotStatus(StrEnum):
    """Whether a ballot is in the tally (`counted`), waits for an owner, or was taken out."""

    COUNTED = "counted"
    HELD = "held"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Ballot:
    """All that one voter submits at once, ready to be kept: raw tokens and addresses are gone.

    `voter_key`, `network_key` and `rate_key` are 16-byte keyed pseudonyms. `stamp` is what the
    shield remembers of the ballot, made by `stamp_of`. `row_version` is the poll's by whose rules
    the ballot was checked. The voter may be `known_by_network` alone: then a retry may have another
    `voter_key`, because a phone goes from one network to the next.
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
    row_version: int = 1
    known_by_network: bool = False

    def shares_id(self, stamp: bytes) -> bool:
        """Whether the stamp is of a ballot with this id, if perhaps with other answers."""
        return stamp[:STAMP_PART] == self.stamp[:STAMP_PART]


def stamp_of(
    voter_key: bytes, ballot_id: UUID, answers: Mapping[str, Any], other_texts: OtherTexts
) -> bytes:
    """Six bytes that name a ballot's id, then six that name what it says.

    They are keyed by the voter's pseudonym, which nobody outside knows: so nobody can look for
    another ballot that has the same stamp. Another ballot of the same voter has it by a chance of
    one in 2 ** 48 and is taken for a retry, which adds no vote; an id that only seems the same is
    left to SQL.
    """
    content = orjson.dumps(
        [answers, other_texts] if other_texts else answers, option=orjson.OPT_SORT_KEYS
    )
    return _digest(voter_key, ballot_id.bytes) + _digest(voter_key, content)


def _digest(key: bytes, content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=STAMP_PART, key=key).digest()


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
