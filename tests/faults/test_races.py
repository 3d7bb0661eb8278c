"""Many requests at once against two web processes; the numbers are exact."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.faults import races
from tests.faults.checks import Outcomes, assert_exact, ids_in_sql
from tests.faults.keeping import Keeping
from tests.support.accounts import token
from tests.support.service import RunningService
from tests.support.voters import Remote, ballot

ROUNDS = 20
REQUESTS = 200


def test_of_200_parallel_ballots_of_one_voter_exactly_one_counts(service: RunningService) -> None:
    assert len(service.workers()) == 2
    environment = service.environment
    keeping = Keeping(environment["DATABASE_URL"], environment["REDIS_URL"])
    figures = races.run(service, keeping, ROUNDS)
    figures.assert_exact()
    assert (figures.requests, figures.counted) == (ROUNDS * races.BALLOTS, ROUNDS)


def test_of_200_devices_of_one_account_exactly_one_counts(service: RunningService) -> None:
    made = ("--site", "demo", "--slug", "members", "--question", "Tea?")
    choices = ("--choice", "Yes", "--choice", "No", "--duplicates", "account")
    service.command("poll", "create", *made, *choices)
    _, secret = service.command("signing-key", "create", "--site", "demo").splitlines()
    soon = int(time.time()) + 600
    remote = Remote(service.url, "members")
    with ThreadPoolExecutor(64) as pool:
        for account in ("reader-7", "reader-8"):
            sent = token(secret, account, exp=soon)
            bodies = [ballot(f"c{n % 2 + 1}", voter_token=sent) for n in range(REQUESTS)]
            statuses = Counter(status for status, _ in pool.map(remote.cast, bodies))
            assert statuses == {201: 1, 409: REQUESTS - 1}
    assert len(ids_in_sql(service)) == 2


def test_parallel_retries_of_one_ballot_all_get_its_receipt(service: RunningService) -> None:
    remote = Remote(service.url)
    body = ballot("c1")
    with ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(remote.cast, [body] * REQUESTS))
    assert Counter(status for status, _ in answers) == {201: 1, 200: REQUESTS - 1}
    assert len({answer["receipt"] for _, answer in answers}) == 1
    assert len(ids_in_sql(service)) == 1


def test_every_one_of_1000_voters_at_once_counts(service: RunningService) -> None:
    outcomes = Outcomes()
    remote = Remote(service.url)
    with ThreadPoolExecutor(64) as pool:
        bodies = [ballot(f"c{n % 8 + 1}") for n in range(1000)]
        list(pool.map(lambda body: outcomes.cast(remote, body), bodies))
    assert len(outcomes.counted) == 1000
    assert_exact(service, outcomes)
