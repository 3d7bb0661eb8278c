"""What the service must be like, as plain dicts: polls, their ballots and what these add up to.

It knows nothing of SQL, Redis, batches or processes. Where two refusals are both true it allows
either, because which one is found first depends on what Redis happens to know.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, permutations
from typing import Any
from uuid import UUID

from service.domain import polls
from service.errors import (
    AlreadyVoted,
    BallotIdReused,
    InvalidChoice,
    PollClosed,
    PollNotFound,
    PollNotOpen,
    RateLimited,
)
from service.records import DuplicatePolicy, Poll, PollDraft, Question, Ruling, Status

Counts = Mapping[tuple[str, str], int]
"""Question code and choice code -> votes, without zeros. An empty choice code counts the ballots
that answered the question, and two empty codes all of them."""


@dataclass(frozen=True, slots=True)
class Vote:
    """What a reader's browser sends."""

    id: UUID
    device: str
    network: str
    account: str
    answers: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def marks(self) -> frozenset[tuple[str, str]]:
        """Every choice that it marks, with its question."""
        return frozenset((code, choice) for code, choices in self.answers for choice in choices)

    @property
    def counts(self) -> frozenset[tuple[str, str]]:
        """All that it adds one to."""
        return self.marks | {(code, "") for code, _ in self.marks} | {("", "")}


@dataclass(slots=True)
class Kept:
    """A ballot that was counted, whatever became of it since."""

    vote: Vote
    cast_at: datetime
    voided: bool = False


@dataclass(slots=True)
class ModelPoll:
    """A poll as its owner decided it, what was cast in it, by ballot id, the counts at each of its
    revisions, and the codes that its choices were ever given, by question. `decided_lately` is what
    a process may still go by that has not heard of the last decision."""

    id: int
    decided: PollDraft
    row_version: int
    ballots: dict[UUID, Kept] = field(default_factory=dict)
    history: dict[int, Counts] = field(default_factory=dict)
    codes: dict[str, set[str]] = field(default_factory=dict)
    decided_lately: list[PollDraft] = field(default_factory=list)

    @classmethod
    def of(cls, poll: Poll) -> "ModelPoll":
        """The poll as it has just been made."""
        made = cls(poll.id, polls.draft_of(poll), poll.row_version)
        made.decide(poll)
        made.decided_lately.clear()
        return made

    @property
    def marked(self) -> frozenset[tuple[str, str]]:
        """Every choice that a ballot marks, be it a voided one."""
        return frozenset(mark for kept in self.ballots.values() for mark in kept.vote.marks)

    @property
    def counts(self) -> Counts:
        """What the ballots that count add up to."""
        counted = [kept.vote for kept in self.ballots.values() if not kept.voided]
        return Counter(key for vote in counted for key in vote.counts)

    def decide(self, poll: Poll) -> None:
        """Take what an owner's act has made of it."""
        self.decided_lately.append(self.decided)
        self.decided, self.row_version = polls.draft_of(poll), poll.row_version
        for question in poll.questions:
            given = {choice.code for choice in question.choices}
            self.codes.setdefault(question.code, set()).update(given)

    def status_at(self, now: datetime) -> Status:
        """Where it stands for readers."""
        return _status(self.decided, now)

    def voter_of(self, vote: Vote) -> str:
        """Who the vote is from, as the poll's policy tells readers apart."""
        match self.decided.duplicate_policy:
            case DuplicatePolicy.NETWORK:
                return vote.network
            case DuplicatePolicy.ACCOUNT:
                return vote.account
            case DuplicatePolicy.NONE:
                return str(vote.id)
            case _:
                return vote.device

    def is_full_for(self, network: str) -> bool:
        """Whether as many have voted from the network as may."""
        limit = self.decided.network_limit
        cast = sum(kept.vote.network == network for kept in self.ballots.values())
        return limit is not None and cast >= limit


def obeys(draft: PollDraft, vote: Vote, *, retired_too: bool) -> bool:
    """Whether the vote answers what is asked, with choices that are offered, or were."""
    given = dict(vote.answers)
    return given.keys() <= {question.code for question in draft.questions} and all(
        _obeys(question, given.get(question.code, ()), retired_too=retired_too)
        for question in draft.questions
    )


def _obeys(question: Question, chosen: tuple[str, ...], *, retired_too: bool) -> bool:
    offered = {one.code for one in question.choices if retired_too or not one.retired}
    if not chosen:
        return not question.required
    least, most = question.min_choices, question.max_choices
    return offered.issuperset(chosen) and least <= len(chosen) <= most


def _status(draft: PollDraft, now: datetime) -> Status:
    schedule = draft.schedule
    if schedule.status is not Status.OPEN:
        return schedule.status
    if schedule.closes_at is not None and schedule.closes_at <= now:
        return Status.CLOSED
    is_early = schedule.opens_at is not None and now < schedule.opens_at
    return Status.SCHEDULED if is_early else Status.OPEN


def _told_at_once(draft: PollDraft, vote: Vote, now: datetime) -> Any:
    """What the vote is refused for by the poll's definition alone, whatever was cast before."""
    status = _status(draft, now)
    if status is Status.DRAFT:
        return PollNotFound
    if status is Status.SCHEDULED:
        return PollNotOpen
    return None if obeys(draft, vote, retired_too=True) else InvalidChoice


@dataclass(slots=True)
class Model:
    """All polls by their slugs, and all votes that were sent, each with its poll."""

    polls: dict[str, ModelPoll] = field(default_factory=dict)
    sent: list[tuple[str, Vote]] = field(default_factory=list)

    def slugs_with_ballots(self) -> list[str]:
        """The polls in which somebody has voted."""
        return sorted(slug for slug, poll in self.polls.items() if poll.ballots)

    def delete(self, slug: str) -> None:
        """Forget the poll and what was sent to it."""
        del self.polls[slug]
        self.sent = [(to, vote) for to, vote in self.sent if to != slug]

    def answers_to(self, slug: str, vote: Vote, now: datetime) -> frozenset[Any]:
        """What a vote may be told: a Ruling, or the class of a refusal."""
        poll = self.polls[slug]
        told = frozenset(self._told(poll, poll.decided, vote, now))
        lately = (self._told(poll, draft, vote, now) for draft in poll.decided_lately)
        return told | frozenset(chain.from_iterable(lately)) - ({Ruling.COUNTED} - told)

    def _told(self, poll: ModelPoll, draft: PollDraft, vote: Vote, now: datetime) -> Iterator[Any]:
        """What a process that goes by the draft may say."""
        refusal = _told_at_once(draft, vote, now)
        if refusal is None:
            yield from self._told_by_ballots(poll, draft, vote, _status(draft, now))
        else:
            yield refusal

    def _told_by_ballots(
        self, poll: ModelPoll, draft: PollDraft, vote: Vote, status: Status
    ) -> Iterator[Any]:
        stands = poll.ballots.get(vote.id)
        if stands and _same(poll, stands.vote, vote):
            yield Ruling.REPEATED
            return
        rivals = {poll.voter_of(kept.vote): kept.vote.id for kept in poll.ballots.values()}
        rival = rivals.get(poll.voter_of(vote))
        is_reused = vote.id in poll.ballots
        is_offered = obeys(draft, vote, retired_too=False)
        is_full = status is Status.OPEN and is_offered and poll.is_full_for(vote.network)
        if is_reused:
            yield BallotIdReused
        if rival is not None and rival != vote.id:
            yield AlreadyVoted
        if rival is None and is_full:
            yield RateLimited
        elif rival is None and not is_reused:
            if status is not Status.OPEN:
                yield PollClosed
            else:
                yield Ruling.COUNTED if is_offered else InvalidChoice

    def take(self, slug: str, vote: Vote, told: object, now: datetime) -> bool:
        """Whether the vote may be told so; if it is counted, count it."""
        if told not in self.answers_to(slug, vote, now):
            return False
        if (slug, vote) not in self.sent:
            self.sent.append((slug, vote))
        if told is Ruling.COUNTED:
            self.polls[slug].ballots[vote.id] = Kept(vote, now)
        return True

    def take_all(self, slug: str, told: Iterable[tuple[Vote, object]], now: datetime) -> bool:
        """Whether some order of votes that came at once explains all that they were told; if so,
        take them in that order."""
        before = self.polls[slug].ballots
        for order in permutations(told):
            self.polls[slug].ballots = dict(before)
            if all(self.take(slug, vote, one, now) for vote, one in order):
                return True
        self.polls[slug].ballots = before
        return False


def _same(poll: ModelPoll, one: Vote, other: Vote) -> bool:
    """Whether one is the other sent again. Where voters are networks, it may come from another."""
    by_network = poll.decided.duplicate_policy is DuplicatePolicy.NETWORK
    is_the_voters = by_network or poll.voter_of(one) == poll.voter_of(other)
    return one.marks == other.marks and is_the_voters
