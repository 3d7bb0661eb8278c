"""One voter who sends many ballots at the same moment, over and over."""

from collections import Counter

from tests.faults.invariants import Figures
from tests.faults.station import Station
from tests.support.voters import new_token

NAME = "200 ballots of one voter at once"
BALLOTS = 200
AT_ONCE = {201: 1, 409: BALLOTS - 1}


def run(station: Station, rounds: int) -> Figures:
    """Each round is another voter, of whose ballots exactly one counts."""
    amiss = []
    for _ in range(rounds):
        voter = new_token()
        told = station.cast([station.voting.ballot(voter) for _ in range(BALLOTS)], BALLOTS)
        statuses = Counter(one.status for one in told)
        if statuses != AT_ONCE:
            amiss.append(f"one voter's ballots were answered {dict(statuses)}")
    figures = station.figures()
    figures.broken += amiss
    return figures
