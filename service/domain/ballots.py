"""Casting ballots."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

import orjson

from service.domain import questions, voters
from service.errors import FieldError, PollNotOpen, ValidationError
from service.records import Answers, Ballot, Poll, Ruling, Status
from service.stores import Stores

PAGE_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class Submission:
    """What a voter's browser sends. `voter` is its device's random token, `network` what
    `voters.network_of` makes of its address; neither is kept."""

    ballot_id: UUID
    voter: str
    answers: Mapping[str, Sequence[str]]
    page: str | None
    network: str


def cast(
    stores: Stores, poll: Poll, submission: Submission, network_secret: bytes, now: datetime
) -> Ruling:
    """Have the ballot counted, once; return when that is committed.

    Raises PollNotOpen, PollClosed, InvalidChoice, AlreadyVoted, BallotIdReused, RateLimited,
    TemporarilyUnavailable. After the last the same ballot may be cast again.
    """
    if poll.status_at(now) in (Status.DRAFT, Status.SCHEDULED):
        raise PollNotOpen  # early: no ballot can stand yet. After the close a retry finds its own
    return stores.ballot_box.cast(_ballot(poll, submission, network_secret))


def _ballot(poll: Poll, submission: Submission, network_secret: bytes) -> Ballot:
    answers = questions.answer(poll.questions, submission.answers)
    limits_networks = voters.network_key(poll, submission.network)
    return Ballot(
        id=submission.ballot_id,
        poll_id=poll.id,
        voter_key=voters.voter_key(
            poll, submission.voter, submission.network, submission.ballot_id.hex
        ),
        network_key=limits_networks,
        network_limit=poll.network_limit if limits_networks else None,
        answers=answers,
        stamp=_stamp(submission.ballot_id, answers),
        page=_page(submission.page),
        rate_key=voters.pseudonym(network_secret, "rate", submission.network),
    )


def _stamp(ballot_id: UUID, answers: Answers) -> bytes:
    digest = hashlib.blake2b(orjson.dumps(answers, option=orjson.OPT_SORT_KEYS), digest_size=8)
    return ballot_id.bytes[:8] + digest.digest()


def _page(page: str | None) -> str | None:
    """Origin and path of the embedding page: its query may say who reads it."""
    if page is None:
        return None
    try:
        parts = urlsplit(page)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https"):
        raise ValidationError(FieldError("/page", "Must be the http or https URL of a page."))
    authority = host if port is None else f"{host}:{port}"
    return f"{parts.scheme}://{authority}{parts.path}"[:PAGE_LENGTH]
