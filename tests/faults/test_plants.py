"""The bugs that `make planted` plants can still be planted, and their tests are there."""

import pytest

from tests.faults.plants import PLANTS, Plant
from tests.support.service import ROOT


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
