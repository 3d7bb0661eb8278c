"""What taking ballots out of the counts, or putting them back, would do to the results."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from service.domain import polls, results
from service.domain.results import Results
from service.errors import BallotNotFound
from service.records import Actor, BallotStatus, LoggedBallot, Permission, Tally, votes_of
from service.stores import Stores


@dataclass(frozen=True, slots=True)
class Effect:
    """The ballots that would change, and the results as they are and would be."""

    ballots: Sequence[LoggedBallot]
    before: Results
    after: Results


def of(
    stores: Stores,
    actor: Actor,
    slug: str,
    ballot_ids: Sequence[UUID],
    *,
    voids: bool,
    now: datetime,
) -> Effect:
    """The effect that voiding the ballots, or restoring them, would have now.

    Raises PollNotFound, NotAllowed, and BallotNotFound if one of them is none of the poll's.
    """
    poll = polls.managed(stores, actor, slug, Permission.BALLOTS_VOID)
    named = stores.ballots.named(poll.id, ballot_ids)
    if len(named) < len(set(ballot_ids)):
        raise BallotNotFound
    changing = [ballot for ballot in named if (ballot.status is BallotStatus.VOID) is not voids]
    tally = stores.tallies.read(poll.id)
    shifted = _shifted(tally, changing, -1 if voids else 1)
    before, after = (results.of_tally(poll, each, now) for each in (tally, shifted))
    return Effect(changing, before, after)


def _shifted(tally: Tally, changing: Sequence[LoggedBallot], sign: int) -> Tally:
    """The tally with the votes of the ballots added or taken off; held ones are not in it."""
    counts = Counter(tally.counts)
    for ballot in changing:
        if ballot.status is not BallotStatus.HELD:
            for vote in votes_of(ballot.answers):
                counts[vote] = max(0, counts[vote] + sign)
    return replace(tally, counts=counts)
