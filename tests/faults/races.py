"""One voter who sends many ballots at the same moment, over and over."""

import secrets
from collections import Counter

from tests.faults.crowd import Crowd
from tests.faults.invariants import Checker, Figures
from tests.faults.keeping import Keeping
from tests.faults.poll import new_poll
from tests.faults.record import Record
from tests.faults.voting import Voting
from tests.support.service import RunningService
from tests.support.voters import Remote

NAME = "200 ballots of one voter at once"
BALLOTS = 200
AT_ONCE = {201: 1, 409: BALLOTS - 1}


def run(service: RunningService, keeping: Keeping, rounds: int) -> Figures:
    """Each round is another voter, of whose ballots exactly one counts."""
    poll, record = new_poll(keeping.stores), Record()
    voting = Voting(poll.slug, service.url, record)
    amiss = []
    for _ in range(rounds):
        voter, before = secrets.token_urlsafe(18), len(record.told)
        casts = [voting.ballot(voter) for _ in range(BALLOTS)]
        Crowd(service.port, voting.at_once(casts), BALLOTS).run()
        statuses = Counter(told.status for told in record.told[before:])
        if statuses != AT_ONCE:
            amiss.append(f"one voter's ballots were answered {dict(statuses)}")
    figures = Checker(keeping, poll, record).figures(Remote(service.url, poll.slug))
    figures.broken += amiss
    return figures
