from collections.abc import Callable

import pytest

from service.errors import PollNotFound, TemporarilyUnavailable
from service.stores.fresh import Fresh


class Source:
    def __init__(self) -> None:
        self.loads = 0
        self.trouble: Exception | None = None
        self.seconds = 0.0

    def load(self, key: str) -> str:
        if self.trouble:
            raise self.trouble
        self.loads += 1
        return f"{key} {self.loads}"

    def ticks(self) -> float:
        return self.seconds


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def get(source: Source) -> Callable[[str], str]:
    return Fresh(source.load, 1.0, source.ticks, size=2).get


def test_a_value_is_loaded_once_while_it_is_fresh(
    source: Source, get: Callable[[str], str]
) -> None:
    assert [get("a"), get("a")] == ["a 1", "a 1"]
    source.seconds = 0.99
    assert get("a") == "a 1"
    source.seconds = 1.0
    assert get("a") == "a 2"


def test_an_old_value_serves_on_while_its_source_is_away(
    source: Source, get: Callable[[str], str]
) -> None:
    get("a")
    source.seconds, source.trouble = 5.0, TemporarilyUnavailable(1)
    assert get("a") == "a 1"
    source.seconds, source.trouble = 6.0, None
    assert get("a") == "a 2"


def test_a_value_that_is_gone_is_forgotten(source: Source, get: Callable[[str], str]) -> None:
    get("a")
    source.seconds, source.trouble = 5.0, PollNotFound()
    with pytest.raises(PollNotFound):
        get("a")
    source.trouble = None
    assert get("a") == "a 2"


def test_no_more_values_are_kept_than_there_is_room_for(source: Source) -> None:
    fresh = Fresh(source.load, 1.0, source.ticks, size=2)
    for key in "abc":
        fresh.get(key)
    assert len(fresh._entries) <= 2
