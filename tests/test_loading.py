"""What a web process does beside loading the app; how it ends while it loads is a fault's test."""

import gc
from collections.abc import Iterator

import pytest

from service import loading


@pytest.fixture
def collector() -> Iterator[None]:
    """The garbage collector as it was, once the test is over."""
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.mark.usefixtures("collector")
def test_what_stays_is_not_searched_for_garbage_and_the_rest_seldom() -> None:
    loading._collect_seldom()
    assert gc.get_freeze_count() > 10_000
    assert gc.get_threshold()[0] == loading.NEW_OBJECTS
