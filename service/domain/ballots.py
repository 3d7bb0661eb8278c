"""Ballots: what voters cast."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from service.domain import accounts, questions, voters
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
    Ballot,
    DuplicatePolicy,
    Poll,
    Question,
    Ruling,
    Status,
    stamp_of,
)
from service.stores import Stores

PAGE_LENGTH = 1000
HOST = re.compile(r"[a-z0-9._-]{1,253}|[0-9a-f:.]{2,45}")
MOST_EDITS = 5
RETRY_AFTER_EDITS_SECONDS = 1


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
