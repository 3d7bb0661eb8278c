"""The bugs that `make planted` plants can still be planted, and their tests are there."""

import subprocess
import sys

import pytest

from tests.faults.plants import PLANTS, Plant
from tests.support.ports import wait_until
from tests.support.processes import end_family, family, living
from tests.support.service import ROOT

STARTS_A_SERVER = """
import subprocess, time
subprocess.Popen(["sleep", "600"], start_new_session=True)
time.sleep(600)
"""


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.bug)
def test_each_text_that_a_bug_replaces_is_there_once(plant: Plant) -> None:
    for change in plant.changes:
        assert change.fits(ROOT), f"{change.file}: {change.old}"


def test_there_are_ten_bugs_and_each_has_a_test() -> None:
    assert len({plant.bug for plant in PLANTS}) == 10
    for plant in PLANTS:
        file, *names = plant.test.partition("[")[0].split("::")
        text = (ROOT / file).read_text()
        assert all(f" {name}" in text for name in names), plant.test


def test_tests_that_take_too_long_end_with_the_servers_that_they_started() -> None:
    with subprocess.Popen([sys.executable, "-c", STARTS_A_SERVER]) as tests:
        wait_until(lambda: len(family(tests.pid)) == 2, "it has started a server")
        processes = family(tests.pid)
        end_family(tests.pid)
        wait_until(lambda: not living(processes), "both have ended")
