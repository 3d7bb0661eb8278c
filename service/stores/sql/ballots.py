"""Ballots in SQL: the transaction that decides what counts.

Every statement here but that of `judge_by_id` runs while the poll's row is locked by `lock_poll`,
so the ballots of one poll are judged one batch after another, whichever process brings them.
"""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from service.clock import milliseconds
from service.errors import AlreadyVoted, BallotIdReused, PollNotFound, RateLimited
from service.records import Ballot, Ruling, Schedule, stamp_of
from service.stores.sql import models
from service.stores.sql.hot import HotStatement
from service.stores.sql.poll_rows import schedule_of

NOW = sa.bindparam("milliseconds", type_=sa.BigInteger)
LOCK_POLL = HotStatement(
    sa.update(models.Poll)
    .where(models.Poll.id == sa.bindparam("this_poll"))
    .values(revision=sa.case((models.Poll.revision < NOW, NOW), else_=models.Poll.revision + 1))
    .returning(
        models.Poll.revision,
        models.Poll.row_version,
        models.Poll.status,
        models.Poll.opens_at,
        models.Poll.closes_at,
    )
)
STANDING = sa.select(
    models.Ballot.id,
    models.Ballot.voter_key,
    models.Ballot.answers,
    models.Ballot.other_texts,
)
NETWORK_FULL = "All the votes that this poll takes from one network have been cast."
NETWORK_RETRY_SECONDS = 3600


class LockedPoll(NamedTuple):
    """The poll's next revision, and what cannot change before the transaction ends."""

    revision: int
    row_version: int
    schedule: Schedule


def lock_poll(connection: sa.Connection, poll_id: int, now: datetime) -> LockedPoll:
    """Lock the poll against other batches and against its owner. Raises PollNotFound if it has been
    deleted.

    The next revision is this moment in milliseconds, or one more than the last where the clock of
    another host was ahead: it always grows, and it tells no reader how many ballots there are.
    """
    moment = {"this_poll": poll_id, "milliseconds": milliseconds(now)}
    rows = LOCK_POLL.rows(connection, moment)
    if not rows:
        raise PollNotFound
    [(revision, row_version, *schedule)] = rows
    return LockedPoll(revision, row_version, schedule_of(*schedule))


def within_network_limit(
    connection: sa.Connection, ballots: Sequence[Ballot]
) -> tuple[list[Ballot], list[Ballot]]:
    """Split the ballots of a poll that limits networks into those that may be inserted and those
    above their network's limit. What stands or comes before it in the batch under its id or its
    voter keeps a ballot out, which then takes no place."""
    limited = [ballot for ballot in ballots if ballot.network_limit is not None]
    if not limited:
        return list(ballots), []
    rows = _standing(connection, ballots)
    ids, voters = {row.id for row in rows}, {row.voter_key for row in rows}
    taken = _cast_by_network(connection, limited)
    allowed: list[Ballot] = []
    refused: list[Ballot] = []
    for ballot in ballots:
        is_new = ballot.id not in ids and ballot.voter_key not in voters
        if is_new and _is_full(ballot, taken):
            refused.append(ballot)
            continue
        allowed.append(ballot)
        if is_new:
            ids.add(ballot.id)
            voters.add(ballot.voter_key)
            taken[ballot.network_key] += 1
    return allowed, refused


def _is_full(ballot: Ballot, taken: Mapping[bytes | None, int]) -> bool:
    return ballot.network_limit is not None and taken[ballot.network_key] >= ballot.network_limit


def network_full() -> RateLimited:
    """The refusal of a ballot above its network's limit."""
    return RateLimited(NETWORK_RETRY_SECONDS, NETWORK_FULL)


def judge_by_what_stands(
    connection: sa.Connection, ballots: Sequence[Ballot]
) -> tuple[list[Ruling | AlreadyVoted | BallotIdReused | None], dict[bytes, bytes]]:
    """Say of each ballot what the ballot that stands in its place makes of it, None if none does;
    and of each of these voters who stands in the poll the stamp of the ballot that does.

    The same ballot is a retry, which gets its first receipt even when the poll has closed since;
    and, where a voter is known by the network alone, whichever network it comes from by now.
    """
    rows = _standing(connection, ballots)
    by_id = {row.id: row for row in rows}
    stamps = {
        row.voter_key: stamp_of(row.voter_key, row.id, row.answers, row.other_texts or {})
        for row in rows
    }
    return [_judge(ballot, by_id, stamps) for ballot in ballots], stamps


def judge_by_id(
    connection: sa.Connection, ballots: Sequence[Ballot]
) -> list[Ruling | AlreadyVoted | BallotIdReused | None]:
    """Say of each ballot what the one that stands under its id makes of it, None if none does. It
    needs no lock: a ballot that stands will stand."""
    by_id = {row.id: row for row in connection.execute(STANDING.where(_same_id(ballots)))}
    return [_judge(ballot, by_id, ()) for ballot in ballots]


def _judge(
    ballot: Ballot, by_id: Mapping[UUID, Any], voters: Container[bytes]
) -> Ruling | AlreadyVoted | BallotIdReused | None:
    row = by_id.get(ballot.id)
    if row is None:
        return AlreadyVoted() if ballot.voter_key in voters else None
    answers = {question: tuple(choices) for question, choices in row.answers.items()}
    says_the_same = (answers, row.other_texts or {}) == (ballot.answers, ballot.other_texts)
    if says_the_same and (ballot.known_by_network or row.voter_key == ballot.voter_key):
        return Ruling.REPEATED
    return BallotIdReused()


def _standing(connection: sa.Connection, ballots: Iterable[Ballot]) -> Sequence[Any]:
    """The rows of their poll that have the id of one of the ballots, or its voter."""
    ballots = list(ballots)
    in_poll = models.Ballot.poll_id == ballots[0].poll_id
    same_voter = in_poll & models.Ballot.voter_key.in_([ballot.voter_key for ballot in ballots])
    return connection.execute(STANDING.where(sa.or_(same_voter, _same_id(ballots)))).all()


def _same_id(ballots: Sequence[Ballot]) -> sa.ColumnElement[bool]:
    in_poll = models.Ballot.poll_id == ballots[0].poll_id
    return in_poll & models.Ballot.id.in_([ballot.id for ballot in ballots])


def _cast_by_network(connection: sa.Connection, ballots: Iterable[Ballot]) -> Counter[bytes | None]:
    ballots = list(ballots)
    keys = {ballot.network_key for ballot in ballots if ballot.network_key is not None}
    query = (
        sa.select(models.Ballot.network_key, sa.func.count())
        .where(models.Ballot.poll_id == ballots[0].poll_id)
        .where(models.Ballot.network_key.in_(keys))
        .group_by(models.Ballot.network_key)
    )
    return Counter({key: count for key, count in connection.execute(query) if key is not None})
