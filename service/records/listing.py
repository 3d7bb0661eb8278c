"""Polls as their owners list and change them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from service.records.audit import AuditEvent
from service.records.polls import Poll, PollDraft, Status
from service.records.tallies import VoteKey


@dataclass(frozen=True, slots=True, kw_only=True)
class PollQuery:
    """Which polls to list, newest first.

    `site_id` None means all sites that the actor may read. `text` is looked for in titles and
    questions; `status` is the one that readers see now; `after` is the `next` of the page before.
    """

    site_id: int | None = None
    text: str | None = None
    status: Status | None = None
    after: str | None = None
    limit: int = 20


@dataclass(frozen=True, slots=True)
class PollSummary:
    """A poll with what has come of it; `last_vote_at` is when its newest ballot was cast."""

    poll: Poll
    ballots: int
    last_vote_at: datetime | None


@dataclass(frozen=True, slots=True)
class PollPage:
    """One page of a list of polls; `next` asks for the page after it, None says it is the last."""

    items: tuple[PollSummary, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """What has been cast in a poll; an edit sees it while the row is locked: it cannot grow.

    `marked` are the votes that any ballot holds, voided ones too: they may be restored.
    `last_codes` are the highest numbers ever given to a question's choices, by question code; that
    of the poll's questions stands under the empty code.
    """

    has_ballots: bool
    ballots: int
    first_vote_at: datetime | None
    last_vote_at: datetime | None
    marked: frozenset[VoteKey]
    last_codes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Revision:
    """What becomes of a poll by one act of its owner, and what the audit log says of it."""

    draft: PollDraft
    at: datetime
    event: AuditEvent
