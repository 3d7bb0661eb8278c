"""Each fault in the midst of votes, and what must hold after any of them."""

from collections.abc import Iterator
from random import Random

import pytest

from tests.faults.stage import Fault, Stage, run, staged
from tests.faults.suite import FAULTS

REQUESTS = 300
SECONDS = 0.3


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with staged(fsync=False) as stage:
        yield stage


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_nothing_is_lost_or_doubled_and_nothing_drifts(stage: Stage, fault: Fault) -> None:
    random = Random(fault.name)  # noqa: S311 - chance of a test
    figures = run(stage, fault, requests=REQUESTS, seconds=SECONDS, random=random)
    figures.assert_exact()
