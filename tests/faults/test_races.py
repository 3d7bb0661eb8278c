"""Many requests at once against two web processes; the numbers are exact."""

import time
from collections import Counter

from service.records import DuplicatePolicy
from tests.faults import races
from tests.faults.station import Station
from tests.support.accounts import token
from tests.support.service import RunningService
from tests.support.voters import new_token

ROUNDS = 20
REQUESTS = 200
ACCOUNTS = ("reader-7", "reader-8")
VOTERS = 1000


def test_of_200_parallel_ballots_of_one_voter_exactly_one_counts(station: Station) -> None:
    assert len(station.service.workers()) == 2
    figures = races.run(station, ROUNDS)
    figures.assert_exact()
    assert (figures.requests, figures.counted) == (ROUNDS * races.BALLOTS, ROUNDS)


def test_of_200_devices_of_one_account_exactly_one_counts(service: RunningService) -> None:
    station = Station.of(service, duplicate_policy=DuplicatePolicy.ACCOUNT)
    _, secret = service.command("signing-key", "create", "--site", "demo").splitlines()
    soon = int(time.time()) + 600
    for account in ACCOUNTS:
        signed = token(secret, account, exp=soon)
        casts = [
            station.voting.ballot(account, voter=new_token(), voter_token=signed)
            for _ in range(REQUESTS)
        ]
        statuses = Counter(told.status for told in station.cast(casts, REQUESTS))
        assert statuses == {201: 1, 409: REQUESTS - 1}
    figures = station.figures()
    figures.assert_exact()
    assert figures.counted == len(ACCOUNTS)


def test_parallel_retries_of_one_ballot_all_get_its_receipt(station: Station) -> None:
    told = station.cast(REQUESTS * station.ballots(1), REQUESTS)
    assert Counter(one.status for one in told) == {201: 1, 200: REQUESTS - 1}
    figures = station.figures()
    figures.assert_exact()
    assert figures.counted == 1


def test_every_one_of_1000_voters_at_once_counts(station: Station) -> None:
    station.cast(station.ballots(VOTERS))
    figures = station.figures()
    figures.assert_exact()
    assert (figures.requests, figures.counted) == (VOTERS, VOTERS)
