"""Values that readers share: loaded by one of them, and never much older than they may be."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest

from service.errors import PollNotFound, TemporarilyUnavailable
from service.stores.fresh import Fresh
from tests.support.ports import wait_until
from tests.support.threads import no_thread


class Source:
    def __init__(self) -> None:
        self.asked = 0
        self.loads = 0
        self.trouble: Exception | None = None
        self.seconds = 0.0

        self.loading = Event()
        self.let = Event()
        self.let.set()

    def load(self, key: str) -> str:
        self.asked += 1
        self.loading.set()
        assert self.let.wait(30)
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
    wait_until(lambda: get("a") == "a 2", "it is asked again")


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


def test_what_was_loaded_longest_ago_makes_room(source: Source) -> None:
    fresh = Fresh(source.load, 1.0, source.ticks, size=2)
    fresh.put("a", "a 0")
    fresh.put("b", "b 0")
    source.seconds = 1.0
    assert fresh.get("a") == "a 1"
    fresh.put("c", "c 0")
    assert [fresh.peek(key) for key in "abc"] == ["a 1", None, "c 0"]


def test_a_value_that_is_amended_is_loaded_no_later_and_none_is_added(source: Source) -> None:
    fresh = Fresh(source.load, 1.0, source.ticks)
    fresh.get("a")
    source.seconds = 0.9
    fresh.amend("a", "amended")
    fresh.amend("b", "amended")
    assert (fresh.get("a"), fresh.peek("b")) == ("amended", None)
    source.seconds = 1.0
    assert fresh.get("a") == "a 2"


class TestWhileTheSourceIsAway:
    @pytest.fixture
    def fresh(self, source: Source) -> Fresh[str, str]:
        """Ten values whose source has been found away, and that are old again."""
        fresh = Fresh(source.load, 1.0, source.ticks)
        for key in "abcdefghij":
            fresh.put(key, f"{key} 0")
        source.seconds, source.trouble = 5.0, TemporarilyUnavailable(1)
        assert [fresh.get(key) for key in "abcdefghij"] == [f"{key} 0" for key in "abcdefghij"]
        source.seconds = 6.0
        return fresh

    def test_one_value_at_a_time_is_asked_for(self, source: Source, fresh: Fresh[str, str]) -> None:
        source.let.clear()
        source.loading.clear()
        before = threading.active_count()
        assert [fresh.get(key) for key in "abcdefghij"] == [f"{key} 0" for key in "abcdefghij"]
        assert source.loading.wait(30)
        assert (threading.active_count() - before, source.asked) == (1, 11)
        source.let.set()
        wait_until(lambda: threading.active_count() == before, "it has been answered")

    def test_all_are_loaded_again_once_one_has_been(
        self, source: Source, fresh: Fresh[str, str]
    ) -> None:
        source.trouble = None
        wait_until(lambda: fresh.get("a") == "a 1", "the source's answer has come")
        wait_until(lambda: not fresh._background._busy.locked(), "the others have heard")
        assert [fresh.get(key) for key in "bc"] == ["b 2", "c 3"]

    def test_an_old_value_serves_on_where_the_system_has_no_thread_to_spare(
        self, source: Source, fresh: Fresh[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        source.trouble = None
        with monkeypatch.context() as patch:
            patch.setattr("threading.Thread.start", no_thread)
            assert [fresh.get("a"), fresh.get("a")] == ["a 0", "a 0"]
        wait_until(lambda: fresh.get("a") == "a 1", "it is asked for later")


def test_a_first_value_is_loaded_by_one_for_all(source: Source) -> None:
    get = Fresh(source.load, 1000.0, source.ticks).get
    source.let.clear()
    with ThreadPoolExecutor(8) as pool:
        readers = [pool.submit(get, "a") for _ in range(8)]
        assert source.loading.wait(30)
        source.let.set()
        assert [reader.result(30) for reader in readers] == ["a 1"] * 8


def test_a_first_value_that_one_cannot_load_is_tried_by_the_next(source: Source) -> None:
    get = Fresh(source.load, 1000.0, source.ticks).get
    source.trouble = PollNotFound()
    with ThreadPoolExecutor(8) as pool:
        readers = [pool.submit(get, "a") for _ in range(8)]
        assert all(isinstance(reader.exception(30), PollNotFound) for reader in readers)
    source.trouble = None
    assert get("a") == "a 1"


def test_nobody_waits_long_for_a_first_value(source: Source) -> None:
    get = Fresh(source.load, 0.05, source.ticks).get
    source.let.clear()
    with ThreadPoolExecutor(2) as pool:
        readers = [pool.submit(get, "a") for _ in range(2)]
        wait_until(lambda: source.asked == 2, "both ask the source")
        source.let.set()
        assert {reader.result(30) for reader in readers} <= {"a 1", "a 2"}


class TestWhileOneLoads:
    @pytest.fixture
    def pool(self) -> Iterator[ThreadPoolExecutor]:
        with ThreadPoolExecutor(4) as pool:
            yield pool

    def loading(
        self,
        source: Source,
        get: Callable[[str], str],
        pool: ThreadPoolExecutor,
        seconds: float,
    ) -> Future[str]:
        """A reader who loads the value, which is that old, and is held up."""
        get("a")
        source.seconds = seconds
        source.let.clear()
        source.loading.clear()
        loader = pool.submit(get, "a")
        assert source.loading.wait(30)
        return loader

    def test_the_others_go_on_with_a_value_that_is_a_little_old(
        self, source: Source, pool: ThreadPoolExecutor
    ) -> None:
        get = Fresh(source.load, 1000.0, source.ticks).get
        loader = self.loading(source, get, pool, 1900.0)
        assert get("a") == "a 1"
        source.let.set()
        assert (loader.result(30), source.loads) == ("a 2", 2)

    def test_the_others_wait_for_a_new_value_where_theirs_is_too_old(
        self, source: Source, pool: ThreadPoolExecutor
    ) -> None:
        get = Fresh(source.load, 30.0, source.ticks).get
        loader = self.loading(source, get, pool, 60.0)
        others = [pool.submit(get, "a") for _ in range(3)]
        source.let.set()
        assert [each.result(30) for each in [loader, *others]] == ["a 2"] * 4
        assert source.loads == 2

    def test_the_others_do_not_wait_longer_than_a_value_is_fresh(
        self, source: Source, pool: ThreadPoolExecutor
    ) -> None:
        get = Fresh(source.load, 0.05, source.ticks).get
        loader = self.loading(source, get, pool, 90.0)
        assert get("a") == "a 1"
        source.let.set()
        assert loader.result(30) == "a 2"

    def test_nobody_waits_for_a_source_that_has_taken_too_long(
        self, source: Source, pool: ThreadPoolExecutor
    ) -> None:
        get = Fresh(source.load, 1000.0, source.ticks).get
        loader = self.loading(source, get, pool, 2000.0)
        source.seconds = 3000.0
        assert get("a") == "a 1"
        source.let.set()
        assert loader.result(30) == "a 2"

    def test_nobody_waits_for_a_source_that_is_known_to_be_away(
        self, source: Source, pool: ThreadPoolExecutor
    ) -> None:
        get = Fresh(source.load, 1000.0, source.ticks).get
        get("a")
        source.seconds, source.trouble = 2000.0, TemporarilyUnavailable(1)
        assert get("a") == "a 1"
        source.seconds = 4000.0
        source.let.clear()
        source.loading.clear()
        assert [get("a") for _ in range(3)] == ["a 1"] * 3
        assert source.loading.wait(30)
        assert source.asked == 3
        source.trouble = None
        source.let.set()
        wait_until(lambda: get("a") == "a 2", "the source's answer has come")

    def test_a_value_that_is_gone_by_then_is_forgotten(self, source: Source) -> None:
        get = Fresh(source.load, 1.0, source.ticks).get
        get("a")
        source.seconds, source.trouble = 5.0, TemporarilyUnavailable(1)
        assert get("a") == "a 1"
        source.seconds, source.trouble = 10.0, PollNotFound()
        assert get("a") == "a 1"

        def is_gone() -> bool:
            try:
                return not get("a")
            except PollNotFound:
                return True

        wait_until(is_gone, "it is told to the next")


class TestRenewing:
    """What is doubted is asked for again before it is old."""

    @pytest.fixture
    def fresh(self, source: Source) -> Fresh[str, str]:
        fresh = Fresh(source.load, 1.0, source.ticks)
        fresh.get("a")
        source.seconds = 0.1
        return fresh

    def test_a_value_is_loaded_again_once_it_is_as_old_as_is_said(
        self, source: Source, fresh: Fresh[str, str]
    ) -> None:
        assert fresh.renew("a", 0.2) == "a 1"
        assert [fresh.renew("a", 0.1), fresh.renew("a", 0.1), fresh.get("a")] == ["a 2"] * 3

    def test_one_loads_it_for_all_who_doubt_it_at_once(
        self, source: Source, fresh: Fresh[str, str]
    ) -> None:
        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(lambda _: fresh.renew("a", 0.1), range(40))) == {"a 2"}
        assert source.asked == 2

    def test_nobody_waits_long_for_who_loads_it(
        self, source: Source, fresh: Fresh[str, str]
    ) -> None:
        source.let.clear()
        source.loading.clear()
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(fresh.renew, "a", 0.1)
            assert source.loading.wait(30)
            assert fresh.renew("a", 0.1) == "a 1"
            source.let.set()
            assert first.result() == "a 2"

    def test_an_old_value_does_while_the_source_is_away(
        self, source: Source, fresh: Fresh[str, str]
    ) -> None:
        source.trouble = TemporarilyUnavailable(1)
        assert fresh.renew("a", 0.1) == "a 1"
        source.seconds = 0.9
        assert fresh.renew("a", 0.1) == "a 1"
        assert source.asked == 2, "who is away is not asked again"

    def test_what_is_not_kept_is_loaded(self, source: Source, fresh: Fresh[str, str]) -> None:
        assert fresh.renew("b", 0.1) == "b 2"
        source.trouble = PollNotFound()
        with pytest.raises(PollNotFound):
            fresh.renew("c", 0.1)

    def test_what_takes_long_to_load_rests_ten_times_as_long(self, source: Source) -> None:
        def load(key: str) -> str:
            source.seconds += 4.0
            return source.load(key)

        fresh = Fresh(load, 1000.0, source.ticks)
        assert fresh.get("a") == "a 1"
        source.seconds = 10.0
        assert fresh.renew("a", 0.1) == "a 2"
        source.seconds = 53.0
        assert fresh.renew("a", 0.1) == "a 2"
        source.seconds = 54.0
        assert fresh.renew("a", 0.1) == "a 3"

    def test_nobody_waits_for_what_has_taken_as_long_already(self, source: Source) -> None:
        fresh = Fresh(source.load, 1000.0, source.ticks)
        fresh.get("a")
        source.seconds = 500.0
        source.let.clear()
        source.loading.clear()
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(fresh.renew, "a", 400.0)
            assert source.loading.wait(30)
            source.seconds = 900.0
            assert fresh.renew("a", 400.0) == "a 1"
            source.let.set()
            assert first.result(30) == "a 2"


class TestWhereTheSourceSaysWhetherItHasAnother:
    @pytest.fixture
    def changed(self) -> set[str]:
        return set()

    @pytest.fixture
    def fresh(self, source: Source, changed: set[str]) -> Fresh[str, str]:
        fresh = Fresh(
            source.load, 1.0, source.ticks, size=2, has_changed=lambda key, _: key in changed
        )
        fresh.get("a")
        return fresh

    def test_a_value_is_loaded_again_only_if_it_has(
        self, source: Source, fresh: Fresh[str, str], changed: set[str]
    ) -> None:
        source.seconds = 1.0
        assert [fresh.get("a"), fresh.renew("a", 0.0)] == ["a 1"] * 2
        changed.add("a")
        assert fresh.get("a") == "a 1", "it has said so a moment ago"
        assert [fresh.renew("a", 0.0), fresh.peek("a")] == ["a 2"] * 2
        source.seconds = 2.0
        assert fresh.get("a") == "a 3"

    def test_a_value_that_stands_is_kept_as_one_that_was_loaded(
        self, source: Source, fresh: Fresh[str, str]
    ) -> None:
        fresh.get("b")
        source.seconds = 1.0
        fresh.get("a")
        fresh.get("c")
        assert [fresh.peek(key) for key in "abc"] == ["a 1", None, "c 3"]
