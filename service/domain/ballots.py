"""Ballots: casting them, and what owners do with those that were cast."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from service.domain import accounts, audit, polls, questions, texts, voters
from service.domain.voters import Secrets
from service.errors import (
    FieldError,
    InvalidChoice,
    PollChanged,
    PollNotFound,
    PollNotOpen,
    ValidationError,
    VoterTokenExpired,
    VoterUnknown,
    VoxpopError,
)
from service.records import (
    Actor,
    Ballot,
    BallotFilter,
    BallotPlace,
    DuplicatePolicy,
    LoggedBallot,
    Permission,
    Poll,
    Question,
    Ruling,
    Status,
    stamp_of,
)
from service.stores import Stores

PAGE_LENGTH = 1000
HOST = re.compile(r"[a-z0-9._-]{1,253}|[0-9a-f:.]{2,45}")
MOST_LISTED = 500
MOST_AT_ONCE = 1000
REASON_LENGTH = 500
NO_REASON = f"Give a reason of 1 to {REASON_LENGTH} characters, none of them a control character."
MOST_EDITS = 5
RETRY_AFTER_EDITS_SECONDS = 1
EVERY_BALLOT = BallotFilter()
CURSOR = re.compile(r"(\d{1,18})-([0-9a-f]{32})", re.ASCII)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Submission:
    """What a voter's browser sends. `voter` is its device's random token, `network` what
    `voters.network_of` makes of its address, `voter_token` what the publisher's server signed for
    its reader; none of these is kept. `country` is what a trusted proxy says of the address."""

    ballot_id: UUID
    voter: str
    answers: Mapping[str, Sequence[str]]
    page: str | None
    network: str
    country: str | None = None
    other_texts: Mapping[str, str] = field(default_factory=dict)
    voter_token: str | None = field(default=None, repr=False)


def cast(
    stores: Stores, poll: Poll, submission: Submission, secrets: Secrets, now: datetime
) -> Ruling:
    """Have the ballot counted, once; return when that is committed.

    Raises PollNotFound, PollNotOpen, PollClosed, InvalidChoice, VoterUnknown, AlreadyVoted,
    BallotIdReused, RateLimited, TemporarilyUnavailable, after which the same ballot may be cast
    again; and PollReplaced, after which `polls.find` has the poll that voters see under the slug
    now: whether this voter may vote in it is to be judged anew.
    """
    for _ in range(MOST_EDITS):
        try:
            return _cast(stores, poll, submission, secrets, now)
        except (PollChanged, PollNotFound):  # by what this process knew, up to a second old
            poll = stores.polls.refresh(poll)
        except (InvalidChoice, PollNotOpen, VoterUnknown) as refusal:  # by the same, perhaps
            known = stores.polls.look_again(poll)
            if known == poll:
                return _recognise(stores, poll, submission, secrets, refusal)
            poll = known
    raise PollChanged(RETRY_AFTER_EDITS_SECONDS)


def _cast(
    stores: Stores, poll: Poll, submission: Submission, secrets: Secrets, now: datetime
) -> Ruling:
    if poll.status_at(now) in (Status.DRAFT, Status.SCHEDULED):
        raise PollNotOpen  # early: no ballot stands yet. After the close a retry finds its own
    return stores.ballot_box.cast(_ballot(poll, submission, secrets, now))


def _recognise(
    stores: Stores,
    poll: Poll,
    submission: Submission,
    secrets: Secrets,
    refusal: VoxpopError,
) -> Ruling:
    """The ruling on a retry of a ballot that was counted before its choice was retired or the
    voter's token ended; all that would have to be counted yet is refused as it was."""
    is_of_retired = isinstance(refusal, InvalidChoice) and any(map(_has_retired, poll.questions))
    if not is_of_retired and not isinstance(refusal, VoterTokenExpired):
        raise refusal
    ballot = _ballot(_as_before(poll), submission, secrets, None)
    try:
        return stores.ballot_box.cast(replace(ballot, row_version=0))  # such a one is not inserted
    except PollChanged:
        raise refusal from None


def _has_retired(question: Question) -> bool:
    return any(choice.retired for choice in question.choices)


def _as_before(poll: Poll) -> Poll:
    """The poll with all that it ever offered."""
    asked = (_question_before(each) if _has_retired(each) else each for each in poll.questions)
    return replace(poll, questions=tuple(asked))


def _question_before(question: Question) -> Question:
    """The question with all its choices; those that are offered are not copied."""
    offered = (replace(each, retired=False) if each.retired else each for each in question.choices)
    return replace(question, choices=tuple(offered))


@dataclass(frozen=True, slots=True)
class BallotPage:
    """A page of the log; `next` asks for the page after it, None says it is the last. `previous`
    asks for what is newer, None says that nothing was."""

    items: tuple[LoggedBallot, ...]
    next: str | None
    previous: str | None = None


NOTHING = BallotPage((), None)


def log(
    stores: Stores,
    actor: Actor,
    slug: str,
    wanted: BallotFilter = EVERY_BALLOT,
    after: str | None = None,
    limit: int = 50,
    before: str | None = None,
) -> BallotPage:
    """The poll's ballots, newest first, page by page to the first one; `before` is the way back.

    Raises PollNotFound, NotAllowed, ValidationError for a bad cursor.
    """
    poll = polls.managed(stores, actor, slug, Permission.BALLOTS_READ)
    if not 1 <= limit <= MOST_LISTED:
        raise ValidationError(FieldError("/limit", f"Must be 1 to {MOST_LISTED}."))
    if after is None and before is not None:
        return _page_back(
            stores.ballots.page(poll.id, wanted, None, limit + 1, _place(before)), limit
        )
    place = None if after is None else _place(after)
    found = stores.ballots.page(poll.id, wanted, place, limit + 1)
    items = tuple(found[:limit])
    newer = _cursor(items[0]) if items and after is not None else None
    return BallotPage(items, _cursor(items[-1]) if len(found) > limit else None, newer)


def _page_back(found: Sequence[LoggedBallot], limit: int) -> BallotPage:
    """The page of ballots that are followed by another, whose first was `before`."""
    if not found:
        return NOTHING
    items = tuple(found[-limit:])
    newer = _cursor(items[0]) if len(found) > limit else None
    return BallotPage(items, _cursor(items[-1]), newer)


def void(
    stores: Stores, actor: Actor, slug: str, ballot_ids: Sequence[UUID], reason: str, now: datetime
) -> Sequence[UUID]:
    """Take the ballots out of the counts, for the reason; give the ids of those that were in.

    The voters stay known: none of them can cast another ballot. Raises PollNotFound, NotAllowed,
    ValidationError, and BallotNotFound if one of them is none of the poll's, with nothing done.
    """
    poll = polls.managed(stores, actor, slug, Permission.BALLOTS_VOID)
    reason = texts.tidy(reason, lines=True)
    if any(texts.faults("/reason", reason, REASON_LENGTH, lines=True)):
        raise ValidationError(FieldError("/reason", NO_REASON))
    _check_number(ballot_ids)
    event = audit.about_poll(poll, actor, "ballot.void", now, after={"reason": reason})
    return stores.ballots.void(poll.id, ballot_ids, reason, event, now)


def restore(
    stores: Stores, actor: Actor, slug: str, ballot_ids: Sequence[UUID], now: datetime
) -> Sequence[UUID]:
    """Count ballots again that were voided; give the ids of those that were.

    Raises PollNotFound, NotAllowed, ValidationError, BallotNotFound, with nothing done.
    """
    poll = polls.managed(stores, actor, slug, Permission.BALLOTS_VOID)
    _check_number(ballot_ids)
    event = audit.about_poll(poll, actor, "ballot.restore", now, after={})
    return stores.ballots.restore(poll.id, ballot_ids, event, now)


def _check_number(ballot_ids: Sequence[UUID]) -> None:
    if not 1 <= len(ballot_ids) <= MOST_AT_ONCE:
        raise ValidationError(FieldError("/ballots", f"Name 1 to {MOST_AT_ONCE} ballots."))


def _cursor(last: LoggedBallot) -> str:
    return f"{(last.cast_at - EPOCH) // MICROSECOND}-{last.id.hex}"


def _place(cursor: str) -> BallotPlace:
    match = CURSOR.fullmatch(cursor)
    try:
        if match is None:
            raise ValueError
        return EPOCH + int(match[1]) * MICROSECOND, UUID(match[2])
    except (ValueError, OverflowError):
        raise ValidationError(FieldError("/after", "Is no place in this list.")) from None


def _ballot(poll: Poll, submission: Submission, secrets: Secrets, now: datetime | None) -> Ballot:
    """The ballot as the poll's rules make it; without `now` a token that has ended does, too."""
    account = _account(poll, submission, secrets, now)
    answers = questions.answer(poll.questions, submission.answers)
    other_texts = questions.written(poll.questions, answers, submission.other_texts)
    voter_key = voters.voter_key(
        poll, submission.voter, submission.network, submission.ballot_id.hex, account
    )
    limits_networks = voters.network_key(poll, submission.network)
    return Ballot(
        id=submission.ballot_id,
        poll_id=poll.id,
        voter_key=voter_key,
        network_key=limits_networks,
        network_limit=poll.network_limit if limits_networks else None,
        answers=answers,
        other_texts=other_texts,
        stamp=stamp_of(voter_key, submission.ballot_id, answers, other_texts),
        page=_page(submission.page),
        country=submission.country,
        rate_key=voters.pseudonym(secrets.network, "rate", submission.network),
        row_version=poll.row_version,
        known_by_network=poll.duplicate_policy is DuplicatePolicy.NETWORK,
    )


def _account(poll: Poll, submission: Submission, secrets: Secrets, now: datetime | None) -> str:
    """The account that votes, in a poll that asks for one; elsewhere a token is not looked at."""
    if not poll.takes_accounts:
        return ""
    return accounts.account_of(poll, submission.voter_token, secrets.signing, now)


def _page(page: str | None) -> str | None:
    """Origin and path of the embedding page: its query may say who reads it."""
    if page is None:
        return None
    try:
        parts = urlsplit(page)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or not HOST.fullmatch(host) or parts.scheme not in ("http", "https"):
        raise ValidationError(FieldError("/page", "Must be the http or https URL of a page."))
    authority = f"[{host}]" if ":" in host else host
    origin = f"{parts.scheme}://{authority}" + ("" if port is None else f":{port}")
    return f"{origin}{parts.path}"[:PAGE_LENGTH]
