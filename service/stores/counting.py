"""The vote's transaction: one for the batch of ballots of one poll."""

import logging
from collections.abc import Sequence
from datetime import datetime

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
from service.records import Ballot, Ruling, Status
from service.stores.redis.shield import Shield, Sight
from service.stores.sql import ballots as sql_ballots
from service.stores.sql import other_texts
from service.stores.sql import tallies as sql_tallies
from service.stores.sql.db import RETRY_AFTER_SECONDS, writing
from service.stores.tallies import Tallies

Verdict = Ruling | VoxpopError
"""What became of one ballot: counted, counted before, or why not."""

Stamps = dict[bytes, bytes]
"""Voter key -> stamp of the voter's ballot that stands."""

STALE_SECONDS = 0.5
log = logging.getLogger(__name__)


class Counting:
    """Judges a batch in five steps: shield, lock, insert, count, and only then tell Redis."""

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

    def judge(self, ballots: Sequence[Ballot]) -> list[Verdict]:
        """The verdicts of the ballots, all of one poll, in their order.

        After TemporarilyUnavailable nothing is counted or the outcome is unknown; to ask again
        with the same ballots is safe.
        """
        sight = self._shield.look(ballots[0].poll_id, ballots, self._clock())
        verdicts = self._shielded(ballots, sight)
        new = [place for place, verdict in enumerate(verdicts) if verdict is None]
        if new:
            judged = self._settle([ballots[place] for place in new])
            for place, verdict in zip(new, judged, strict=True):
                verdicts[place] = verdict
        return [verdict for verdict in verdicts if verdict is not None]

    def _settle(self, ballots: Sequence[Ballot]) -> list[Verdict]:
        """SQL's verdicts, or that it is away."""
        try:
            return self._transact_once_more_if_stale(ballots)
        except PollNotFound:
            return [PollNotFound() for _ in ballots]
        except TemporarilyUnavailable as error:
            log.warning("%d ballots could not be stored: %s", len(ballots), kinds(error))
            return _away(ballots)
        except Exception as error:
            log.error("A batch of %d ballots failed: %s", len(ballots), kinds(error))
            return self._settle_one_by_one(ballots)

    def _transact_once_more_if_stale(self, ballots: Sequence[Ballot]) -> list[Verdict]:
        """A connection that is dead says so at once, and the next one is new. What took its time
        to fail would take it again."""
        began = ticks()
        try:
            return self._transact(ballots)
        except TemporarilyUnavailable:
            if ticks() - began > STALE_SECONDS:
                raise
        return self._transact(ballots)

    def _settle_one_by_one(self, ballots: Sequence[Ballot]) -> list[Verdict]:
        """Judge each ballot by itself, so that one that cannot be kept harms no other; when SQL is
        away for one, it is away for all."""
        verdicts: list[Verdict] = []
        for ballot in ballots:
            try:
                verdicts += self._transact([ballot])
            except TemporarilyUnavailable:
                break
            except Exception as error:
                log.error("A ballot could not be kept: %s", kinds(error))
                verdicts += _away([ballot])
        return verdicts + _away(ballots[len(verdicts) :])

    def _shielded(self, ballots: Sequence[Ballot], sight: Sight) -> list[Verdict | None]:
        """The verdicts that Redis can give; None for whom it must leave to SQL."""
        votes = dict(sight.votes_before)
        verdicts: list[Verdict | None] = []
        for ballot, stamp in zip(ballots, sight.stamps, strict=True):
            before = votes.get(ballot.rate_key, 0)
            votes[ballot.rate_key] = before + 1
            if stamp == ballot.stamp:
                verdicts.append(Ruling.REPEATED)
            elif self._rate_limit is not None and before >= self._rate_limit:
                verdicts.append(RateLimited(sight.seconds_left))
            elif stamp is not None and not ballot.shares_id(stamp):
                verdicts.append(AlreadyVoted())
            else:
                verdicts.append(None)
        return verdicts

    def _transact(self, ballots: Sequence[Ballot]) -> list[Verdict]:
        poll_id = ballots[0].poll_id
        with writing(self._engine) as connection:
            poll = sql_ballots.lock_poll(connection, poll_id)
            now = self._clock()  # read under the lock: no wait can carry a ballot past the close
            status = poll.schedule.status_at(now)
            if status is Status.OPEN:
                verdicts, counted, stamps = _insert(connection, ballots, poll.row_version, now)
            else:
                verdicts, stamps = _judge_late(connection, ballots, status)
                counted = []
            tally = None
            if counted:
                answers = [ballot.answers for ballot in counted]
                other_texts.add(connection, poll_id, counted)
                tally = sql_tallies.add_and_read(connection, poll_id, answers, now, poll.revision)
            else:
                connection.rollback()  # nothing changed, so neither does the revision
        if tally is not None:
            self._tallies.keep(poll_id, tally)
        if stamps:
            self._shield.tell(poll_id, stamps, tally)
        return verdicts


def _insert(
    connection: sa.Connection, ballots: Sequence[Ballot], row_version: int, now: datetime
) -> tuple[list[Verdict], list[Ballot], Stamps]:
    """Verdicts of all ballots, those of them that are counted, and all that now stand.

    A ballot that was checked by the rules before an edit is not inserted: it may name a choice that
    is offered no more. A retry of one that is counted stands as it is.
    """
    checked = [ballot for ballot in ballots if ballot.row_version == row_version]
    allowed, too_many = sql_ballots.within_network_limit(connection, checked)
    inserted = sql_ballots.insert_new(connection, allowed, now) if allowed else set()
    verdicts: dict[int, Verdict] = {id(ballot): sql_ballots.network_full() for ballot in too_many}
    counted: list[Ballot] = []
    for ballot in allowed:
        if ballot.id in inserted:
            inserted.discard(ballot.id)  # its twin in this batch is a retry
            verdicts[id(ballot)] = Ruling.COUNTED
            counted.append(ballot)
    stamps = {ballot.voter_key: ballot.stamp for ballot in counted}
    if refused := [ballot for ballot in ballots if id(ballot) not in verdicts]:
        judged, standing = sql_ballots.judge_by_what_stands(connection, refused)
        stamps |= standing
        for ballot, verdict in zip(refused, judged, strict=True):
            verdicts[id(ballot)] = verdict or _not_inserted(ballot, row_version)
    return [verdicts[id(ballot)] for ballot in ballots], counted, stamps


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
