"""The service's nouns as plain frozen values, shared by every layer.

A record knows what it means (is this poll open at that moment?), never where it is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

Answers = Mapping[str, tuple[str, ...]]
"""A ballot's content: question code -> the chosen choice codes, in the poll's order."""


class Status(StrEnum):
    """Where a poll stands. `SCHEDULED` is never stored: an open poll before `opens_at`."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSED = "closed"
    ARCHIVED = "archived"


class QuestionType(StrEnum):
    """How many choices a ballot may mark: one, or `min_choices` to `max_choices`."""

    SINGLE_CHOICE = "single_choice"
    MULTIPLE_CHOICE = "multiple_choice"


class ResultsVisibility(StrEnum):
    """Who sees a poll's results, and when."""

    ALWAYS = "always"
    AFTER_VOTE = "after_vote"
    AFTER_CLOSE = "after_close"
    OWNERS = "owners"


class DuplicatePolicy(StrEnum):
    """How a second ballot of the same voter is recognised."""

    DEVICE = "device"
    NETWORK = "network"
    DEVICE_AND_NETWORK = "device_and_network"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Schedule:
    """An owner's decision and the two moments that bound it: open in `[opens_at, closes_at)`."""

    status: Status
    opens_at: datetime | None = None
    closes_at: datetime | None = None

    def status_at(self, now: datetime) -> Status:
        """The status as readers see it at `now`."""
        if self.status is not Status.OPEN:
            return self.status
        if self.closes_at is not None and now >= self.closes_at:
            return Status.CLOSED
        if self.opens_at is not None and now < self.opens_at:
            return Status.SCHEDULED
        return Status.OPEN


@dataclass(frozen=True, slots=True)
class Choice:
    """An offered alternative; `code` is stable within its question."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """One thing asked; `code` is stable within its poll."""

    code: str
    text: str
    choices: tuple[Choice, ...]
    type: QuestionType = QuestionType.SINGLE_CHOICE
    help: str | None = None
    required: bool = True
    min_choices: int = 1
    max_choices: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PollDraft:
    """What an owner decides about a poll."""

    slug: str
    kind: str = "poll"
    title: str
    schedule: Schedule = Schedule(Status.OPEN)
    results_visibility: ResultsVisibility = ResultsVisibility.ALWAYS
    duplicate_policy: DuplicatePolicy = DuplicatePolicy.DEVICE
    network_limit: int | None = None
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll(PollDraft):
    """A poll as it is kept, with all that casting and showing it needs.

    `origins` are those of its site; `voter_secret` is the poll's own random key for voter
    pseudonyms (32 bytes).
    """

    id: int
    locale: str
    created_at: datetime
    origins: frozenset[str]
    voter_secret: bytes

    def status_at(self, now: datetime) -> Status:
        """The status as readers see it at `now`."""
        return self.schedule.status_at(now)


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

    def shares_id(self, stamp: bytes) -> bool:
        """Whether the stamp is of a ballot with this id, if perhaps with other answers."""
        return stamp[:8] == self.stamp[:8]


class Ruling(StrEnum):
    """What became of a ballot. `REPEATED` is a retry: it was counted before and is not again."""

    COUNTED = "counted"
    REPEATED = "repeated"


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
