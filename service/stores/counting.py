"""The vote's transaction: one for the batch of ballots of one poll."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa

from service.clock import Clock, ticks
from service.errors import (
    AlreadyVoted,
    PollChanged,
    PollClosed,
    PollNotFound,
    PollNotOpen,
    RateLimited,
    TemporarilyUnavailable,
    VoxpopError,
    kinds,
)
from service.records import Ballot, Ruling, Status, Tally
from service.stores.ballot_box import Join, Verdict
from service.stores.batch import Batch
from service.stores.redis.shield import Shield, Sight
from service.stores.sql import ballots as sql_ballots
from service.stores.sql import casting
from service.stores.sql.ballots import LockedPoll
from service.stores.sql.db import RETRY_AFTER_SECONDS, reading, writing
from service.stores.tallies import Tallies

Gather = Callable[[sa.Connection], Sequence[Ballot]]
"""Gives the ballots to judge, once their poll is locked, which it is by the connection."""

Stamps = dict[bytes, bytes]
"""Voter key -> stamp of the voter's ballot that stands."""

Answer = TypeVar("Answer")
STALE_SECONDS = 0.5
log = logging.getLogger(__name__)


class Counting:
    """Judges a batch in five steps: shield, lock, insert, count, and only then tell Redis.

    While many vote, the wait for the lock is the longest part, and whoever comes meanwhile joins.
    """

    def __init__(
        self,
        engine: sa.Engine,
        shield: Shield,
        tallies: Tallies,
        rate_limit: int | None,
        clock: Clock,
    ) -> None:
        self._engine = engine
        self._shield = shield
        self._tallies = tallies
        self._rate_limit = rate_limit
        self._clock = clock

    def judge(self, ballots: Sequence[Ballot], join: Join) -> list[Verdict]:
        """The verdicts of the ballots, all of one poll, in their order, and then of those that
        join, which they may until the poll is locked.

        After TemporarilyUnavailable nothing is counted or the outcome is unknown; to ask again
        with the same ballots is safe.
        """
        batch = Batch()
        self._admit(batch, ballots)
        if batch.preceded:
            self._settle_preceded(batch)
        if batch.open:
            self._settle(batch, join)
        return batch.verdicts()

    def _admit(self, batch: Batch, ballots: Sequence[Ballot]) -> None:
        """Take the ballots into the batch, with the verdicts that Redis can give."""
        if ballots:
            sight = self._shield.look(ballots[0].poll_id, ballots, self._clock())
            batch.add(ballots, self._shielded(ballots, sight), _preceded(ballots, sight))

    def _settle_preceded(self, batch: Batch) -> None:
        """Spare the poll's lock those who will not be counted. SQL that is away for these is away
        for all."""

        def read() -> None:
            with reading(self._engine) as connection:
                _judge_preceded(connection, batch)

        try:
            _once_more_if_stale(read)
        except TemporarilyUnavailable as error:
            _settle_as_away(batch, error)

    def _settle(self, batch: Batch, join: Join) -> None:
        """Give the open ballots SQL's verdicts, or that it is away."""

        def gather(connection: sa.Connection) -> list[Ballot]:
            self._admit(batch, join())
            _judge_preceded(connection, batch)
            return batch.open

        try:
            batch.settle(_once_more_if_stale(lambda: self._transact(batch.poll_id, gather)))
        except PollNotFound:
            batch.settle([PollNotFound() for _ in batch.open])
        except TemporarilyUnavailable as error:
            _settle_as_away(batch, error)
        except Exception as error:
            log.error("A batch of %d ballots failed: %s", len(batch.open), kinds(error))
            batch.settle(self._settle_one_by_one(batch.open))

    def _settle_one_by_one(self, ballots: Sequence[Ballot]) -> list[Verdict]:
        """Judge each ballot by itself, so that one that cannot be kept harms no other; when SQL is
        away for one, it is away for all."""
        verdicts: list[Verdict] = []
        for ballot in ballots:
            try:
                verdicts += self._judge_alone(ballot)
            except TemporarilyUnavailable:
                break
            except Exception as error:
                log.error("A ballot could not be kept: %s", kinds(error))
                verdicts += _away([ballot])
        return verdicts + _away(ballots[len(verdicts) :])

    def _judge_alone(self, ballot: Ballot) -> list[Verdict]:
        return self._transact(ballot.poll_id, lambda _: [ballot])

    def _shielded(self, ballots: Sequence[Ballot], sight: Sight) -> list[Verdict | None]:
        """The verdicts that Redis can give; None for whom it must leave to SQL."""
        votes = dict(sight.votes_before)
        limit = None if sight.is_blind else self._rate_limit
        verdicts: list[Verdict | None] = []
        for ballot, stamp in zip(ballots, sight.stamps, strict=True):
            before = votes.get(ballot.rate_key, 0)
            votes[ballot.rate_key] = before + 1
            if stamp == ballot.stamp:
                verdicts.append(Ruling.REPEATED)
            elif limit is not None and before >= limit:
                verdicts.append(RateLimited(sight.seconds_left))
            elif _is_anothers(stamp, ballot) and not ballot.known_by_network:
                verdicts.append(AlreadyVoted())
            else:
                verdicts.append(None)
        return verdicts

    def _transact(self, poll_id: int, gather: Gather) -> list[Verdict]:
        with writing(self._engine) as connection:
            poll = sql_ballots.lock_poll(connection, poll_id, self._clock())
            ballots = gather(connection)
            now = self._clock()  # read under the lock: no wait can carry a ballot past the close
            status = poll.schedule.status_at(now)
            if status is Status.OPEN:
                verdicts, stamps, tally = _cast(connection, ballots, poll, now)
            else:
                verdicts, stamps, tally = *_judge_late(connection, ballots, status), None
            if tally is None:
                connection.rollback()  # nothing changed, so neither does the revision
        if tally is not None:
            self._tallies.keep(poll_id, tally)
        if stamps:
            self._shield.tell(poll_id, stamps, tally)
        return verdicts


def _is_anothers(stamp: bytes | None, ballot: Ballot) -> bool:
    """Whether the voter's ballot, if one has left its stamp, is another one than this."""
    return stamp is not None and not ballot.shares_id(stamp)


def _preceded(ballots: Sequence[Ballot], sight: Sight) -> list[Ballot]:
    """Those whose network has another ballot, where voters are networks: none of them will be
    counted, but each may have been, in the network from which it was sent first."""
    return [
        ballot
        for ballot, stamp in zip(ballots, sight.stamps, strict=True)
        if ballot.known_by_network and _is_anothers(stamp, ballot)
    ]


def _judge_preceded(connection: sa.Connection, batch: Batch) -> None:
    """Give those whose network has another ballot their verdicts: SQL's, of one that stands in
    whichever network, and of the others Redis's."""
    if preceded := batch.preceded:
        judged = sql_ballots.judge_by_id(connection, preceded)
        batch.settle_preceded([verdict or AlreadyVoted() for verdict in judged])


def _once_more_if_stale(ask: Callable[[], Answer]) -> Answer:
    """A connection that is dead says so at once, and the next one is new. What took its time to
    fail would take it again."""
    began = ticks()
    try:
        return ask()
    except TemporarilyUnavailable:
        if ticks() - began > STALE_SECONDS:
            raise
    return ask()


def _settle_as_away(batch: Batch, error: TemporarilyUnavailable) -> None:
    log.warning("%d ballots could not be judged: %s", len(batch.open), kinds(error))
    batch.settle(_away(batch.open))


def _cast(
    connection: sa.Connection, ballots: Sequence[Ballot], poll: LockedPoll, now: datetime
) -> tuple[list[Verdict], Stamps, Tally | None]:
    """Verdicts of all ballots, all that now stand, and the tally, if it changed.

    A ballot that was checked by the rules before an edit is not inserted: it may name a choice that
    is offered no more. A retry of one that is counted stands as it is.
    """
    checked = [ballot for ballot in ballots if ballot.row_version == poll.row_version]
    allowed, too_many = sql_ballots.within_network_limit(connection, checked)
    counted, tally = casting.cast(connection, allowed, now, poll.revision)
    verdicts: dict[int, Verdict] = {id(ballot): Ruling.COUNTED for ballot in counted}
    verdicts |= {id(ballot): sql_ballots.network_full() for ballot in too_many}
    stamps = {ballot.voter_key: ballot.stamp for ballot in counted}
    if refused := [ballot for ballot in ballots if id(ballot) not in verdicts]:
        judged, standing = sql_ballots.judge_by_what_stands(connection, refused)
        stamps |= standing
        for ballot, verdict in zip(refused, judged, strict=True):
            verdicts[id(ballot)] = verdict or _not_inserted(ballot, poll.row_version)
    return [verdicts[id(ballot)] for ballot in ballots], stamps, tally


def _not_inserted(ballot: Ballot, row_version: int) -> VoxpopError:
    if ballot.row_version != row_version:
        return PollChanged(RETRY_AFTER_SECONDS)
    return AlreadyVoted()


def _away(ballots: Sequence[Ballot]) -> list[Verdict]:
    return [TemporarilyUnavailable(RETRY_AFTER_SECONDS) for _ in ballots]


def _judge_late(
    connection: sa.Connection, ballots: Sequence[Ballot], status: Status
) -> tuple[list[Verdict], Stamps]:
    """The verdicts where the poll takes no ballots now: only what was counted before stands."""
    judged, stamps = sql_ballots.judge_by_what_stands(connection, ballots)
    return [verdict or _not_open(status) for verdict in judged], stamps


def _not_open(status: Status) -> VoxpopError:
    return PollNotOpen() if status in (Status.SCHEDULED, Status.DRAFT) else PollClosed()
