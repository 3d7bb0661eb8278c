"""Group commit: who waits, who leads, and what becomes of a batch that fails."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, Lock
from uuid import uuid4

import pytest

from service.errors import AlreadyVoted, TemporarilyUnavailable
from service.records import Ballot, Ruling
from service.stores import ballot_box
from service.stores.ballot_box import (
    HANGING_SECONDS,
    LEADING_SECONDS,
    BallotBox,
    Join,
    Verdict,
)
from tests.support.ports import wait_until

KEY = bytes(16)
ROOM = 50


def new_ballot(poll_id: int = 1, page: str | None = None) -> Ballot:
    return Ballot(uuid4(), poll_id, KEY, None, None, {"q1": ("c1",)}, KEY, page, KEY)


class SlowJudge:
    """Judges when it is let, and remembers the batches."""

    def __init__(self) -> None:
        self.batches: list[list[Ballot]] = []
        self.let = Event()
        self._lock = Lock()

    def __call__(self, ballots: Sequence[Ballot], _: Join) -> list[Verdict]:
        with self._lock:
            self.batches.append(list(ballots))
        assert self.let.wait(30)
        return [Ruling.COUNTED] * len(ballots)


def waiting(box: BallotBox, poll_id: int = 1) -> int:
    return len(box._lanes[poll_id]._waiting)


def test_ballots_that_come_while_a_batch_runs_share_the_next_one() -> None:
    judge = SlowJudge()
    box = BallotBox(judge, ROOM)
    with ThreadPoolExecutor(21) as pool:
        first = pool.submit(box.cast, new_ballot())
        wait_until(lambda: len(judge.batches) == 1, "the first ballot is being judged")
        others = [pool.submit(box.cast, new_ballot()) for _ in range(20)]
        wait_until(lambda: waiting(box) == 20, "twenty ballots wait")
        judge.let.set()
        assert {future.result(30) for future in [first, *others]} == {Ruling.COUNTED}
    assert [len(batch) for batch in judge.batches] == [1, 20]


def test_an_idle_box_commits_a_ballot_at_once_and_alone() -> None:
    judge = SlowJudge()
    judge.let.set()
    box = BallotBox(judge, ROOM)
    for _ in range(3):
        assert box.cast(new_ballot()) is Ruling.COUNTED
    assert [len(batch) for batch in judge.batches] == [1, 1, 1]


def test_a_poll_that_hangs_holds_up_no_other() -> None:
    slow, box_judged = SlowJudge(), []

    def judge(ballots: Sequence[Ballot], join: Join) -> list[Verdict]:
        if ballots[0].poll_id == 1:
            return slow(ballots, join)
        box_judged.append(ballots[0].poll_id)
        return [Ruling.COUNTED]

    box = BallotBox(judge, ROOM)
    with ThreadPoolExecutor(1) as pool:
        hung: Future[Ruling] = pool.submit(box.cast, new_ballot(1))
        wait_until(lambda: len(slow.batches) == 1, "poll 1 hangs")
        assert box.cast(new_ballot(2)) is Ruling.COUNTED
        slow.let.set()
        assert hung.result(30) is Ruling.COUNTED
    assert box_judged == [2]


def test_each_ballot_of_a_batch_gets_its_own_verdict() -> None:
    slow = SlowJudge()
    verdicts: dict[str, Verdict] = {
        "first": Ruling.COUNTED,
        "again": Ruling.REPEATED,
        "late": AlreadyVoted(),
    }

    def judge(ballots: Sequence[Ballot], join: Join) -> list[Verdict]:
        slow(ballots, join)
        return [verdicts[str(ballot.page)] for ballot in ballots]

    box = BallotBox(judge, ROOM)
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(box.cast, new_ballot(page="first"))
        wait_until(lambda: len(slow.batches) == 1, "the first ballot is being judged")
        again = pool.submit(box.cast, new_ballot(page="again"))
        wait_until(lambda: waiting(box) == 1, "one ballot waits")
        late = pool.submit(box.cast, new_ballot(page="late"))
        wait_until(lambda: waiting(box) == 2, "two ballots wait")
        slow.let.set()
        assert (first.result(30), again.result(30)) == (Ruling.COUNTED, Ruling.REPEATED)
        with pytest.raises(AlreadyVoted):
            late.result(30)
    assert [len(batch) for batch in slow.batches] == [1, 2]


def test_ballots_that_come_before_the_poll_is_locked_join_the_batch_that_runs() -> None:
    locked, joined = Event(), list[Sequence[Ballot]]()

    def judge(ballots: Sequence[Ballot], join: Join) -> list[Verdict]:
        assert locked.wait(30)
        joined.append(join())
        return [*[Ruling.COUNTED] * len(ballots), *[Ruling.REPEATED] * len(joined[-1])]

    box = BallotBox(judge, ROOM)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(box.cast, new_ballot())
        wait_until(lambda: box._lanes[1]._running == 1, "the first ballot is being judged")
        others = [pool.submit(box.cast, new_ballot()) for _ in range(3)]
        wait_until(lambda: waiting(box) == 3, "three ballots wait")
        locked.set()
        assert first.result(30) is Ruling.COUNTED
        assert [future.result(30) for future in others] == [Ruling.REPEATED] * 3
    assert [len(batch) for batch in joined] == [3]


def test_no_batch_grows_beyond_the_largest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ballot_box, "LARGEST_BATCH", 3)
    locked, sizes = Event(), list[int]()

    def judge(ballots: Sequence[Ballot], join: Join) -> list[Verdict]:
        assert locked.wait(30)
        sizes.append(len(ballots) + len(join()))
        return [Ruling.COUNTED] * sizes[-1]

    box = BallotBox(judge, ROOM)
    with ThreadPoolExecutor(6) as pool:
        futures = [pool.submit(box.cast, new_ballot()) for _ in range(6)]
        wait_until(lambda: waiting(box) == 5, "five ballots wait")
        locked.set()
        assert {future.result(30) for future in futures} == {Ruling.COUNTED}
    assert sizes == [3, 3]


def test_the_box_goes_on_after_a_batch_that_failed() -> None:
    answers: list[list[Verdict] | Exception] = [ValueError("x"), [Ruling.COUNTED]]

    def judge(_: Sequence[Ballot], __: Join) -> list[Verdict]:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    box = BallotBox(judge, ROOM)
    with pytest.raises(TemporarilyUnavailable):
        box.cast(new_ballot())
    assert box.cast(new_ballot()) is Ruling.COUNTED


def test_a_request_that_waits_too_long_leaves_and_the_next_one_leads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("service.stores.ballot_box.PATIENCE_SECONDS", 0.05)
    judge = SlowJudge()
    box = BallotBox(judge, ROOM)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(box.cast, new_ballot())
        wait_until(lambda: len(judge.batches) == 1, "the first ballot is being judged")
        with pytest.raises(TemporarilyUnavailable):
            box.cast(new_ballot())
        judge.let.set()
        assert first.result(30) is Ruling.COUNTED
    assert box.cast(new_ballot()) is Ruling.COUNTED
    assert [len(batch) for batch in judge.batches] == [1, 1]


class TestAPollThatHangs:
    """Its requests leave threads to the other polls."""

    @pytest.fixture
    def ticks(self, monkeypatch: pytest.MonkeyPatch) -> list[float]:
        """The time that the box goes by, for the test to set."""
        now = [100.0]
        monkeypatch.setattr("service.stores.ballot_box.ticks", lambda: now[0])
        return now

    @pytest.fixture
    def judge(self) -> SlowJudge:
        return SlowJudge()

    @pytest.fixture
    def pool(self, judge: SlowJudge) -> Iterator[ThreadPoolExecutor]:
        with ThreadPoolExecutor(40) as pool:
            yield pool
            judge.let.set()

    @pytest.fixture
    def hanging(
        self, ticks: list[float], judge: SlowJudge, pool: ThreadPoolExecutor
    ) -> tuple[BallotBox, list[Future[Ruling]]]:
        """A box with room for four, and the four that it keeps waiting."""
        box = BallotBox(judge, 4)
        futures = [pool.submit(box.cast, new_ballot())]
        wait_until(lambda: len(judge.batches) == 1, "the first ballot is being judged")
        futures += [pool.submit(box.cast, new_ballot()) for _ in range(3)]
        wait_until(lambda: waiting(box) == 3, "three ballots wait")
        return box, futures

    @pytest.fixture
    def two_hanging(
        self,
        hanging: tuple[BallotBox, list[Future[Ruling]]],
        ticks: list[float],
        judge: SlowJudge,
        pool: ThreadPoolExecutor,
    ) -> tuple[BallotBox, list[Future[Ruling]]]:
        """The same box where one ballot of another poll is being judged, too, and both hang."""
        box, futures = hanging
        futures.append(pool.submit(box.cast, new_ballot(2)))
        wait_until(lambda: len(judge.batches) == 2, "another poll's ballot is being judged")
        ticks[0] += HANGING_SECONDS
        return box, futures

    def test_beyond_its_room_it_refuses_at_once(
        self, hanging: tuple[BallotBox, list[Future[Ruling]]], ticks: list[float], judge: SlowJudge
    ) -> None:
        box, futures = hanging
        ticks[0] += HANGING_SECONDS
        for _ in range(100):
            with pytest.raises(TemporarilyUnavailable):
                box.cast(new_ballot())
        assert waiting(box) == 3
        judge.let.set()
        assert [future.result(30) for future in futures] == [Ruling.COUNTED] * 4
        assert [len(batch) for batch in judge.batches] == [1, 3]

    def test_while_it_may_be_only_busy_all_are_kept(
        self,
        hanging: tuple[BallotBox, list[Future[Ruling]]],
        judge: SlowJudge,
        pool: ThreadPoolExecutor,
    ) -> None:
        box, futures = hanging
        futures += [pool.submit(box.cast, new_ballot()) for _ in range(30)]
        wait_until(lambda: waiting(box) == 33, "all wait")
        judge.let.set()
        assert [future.result(30) for future in futures] == [Ruling.COUNTED] * 34

    def test_those_beyond_its_room_leave_when_it_is_seen_to_hang(
        self,
        hanging: tuple[BallotBox, list[Future[Ruling]]],
        ticks: list[float],
        pool: ThreadPoolExecutor,
    ) -> None:
        box, _ = hanging
        ticks[0] += HANGING_SECONDS - 0.05
        other = pool.submit(box.cast, new_ballot())
        wait_until(lambda: waiting(box) == 4, "it waits")
        ticks[0] += 0.05
        assert isinstance(other.exception(30), TemporarilyUnavailable)
        assert waiting(box) == 3

    def test_those_beyond_its_room_stay_when_the_next_batch_has_begun(
        self, ticks: list[float], pool: ThreadPoolExecutor
    ) -> None:
        turns = [SlowJudge(), SlowJudge()]
        left = iter(turns)
        box = BallotBox(lambda ballots, join: next(left)(ballots, join), 1)
        voters = [pool.submit(box.cast, new_ballot())]
        wait_until(lambda: len(turns[0].batches) == 1, "the first ballot is being judged")
        voters.append(pool.submit(box.cast, new_ballot()))
        wait_until(lambda: waiting(box) == 1, "the second waits")
        ticks[0] += HANGING_SECONDS - 0.05
        voters.append(pool.submit(box.cast, new_ballot()))
        wait_until(lambda: waiting(box) == 2, "the third waits for the last moments of the batch")
        turns[0].let.set()
        wait_until(lambda: len(turns[1].batches) == 1, "the next batch has begun")
        ticks[0] += HANGING_SECONDS / 2
        turns[1].let.set()
        assert [voter.result(30) for voter in voters] == [Ruling.COUNTED] * 3

    def test_whoever_has_waited_too_long_to_begin_lets_the_next_lead(
        self,
        hanging: tuple[BallotBox, list[Future[Ruling]]],
        ticks: list[float],
        judge: SlowJudge,
        pool: ThreadPoolExecutor,
    ) -> None:
        box, futures = hanging
        box._room = 5
        ticks[0] += LEADING_SECONDS + 0.1
        futures.append(pool.submit(box.cast, new_ballot()))
        wait_until(lambda: waiting(box) == 4, "a fourth waits")
        judge.let.set()
        ends = [future.exception(30) for future in futures]
        assert [type(end) for end in ends] == [
            type(None),
            *[TemporarilyUnavailable] * 3,
            type(None),
        ]
        assert (box._inside, box._led) == (0, set())

    def test_polls_that_hang_share_the_room(
        self, two_hanging: tuple[BallotBox, list[Future[Ruling]]], judge: SlowJudge
    ) -> None:
        box, futures = two_hanging
        for poll_id in (1, 2):
            with pytest.raises(TemporarilyUnavailable):
                box.cast(new_ballot(poll_id))
        assert (waiting(box, 1), waiting(box, 2)) == (3, 0)
        judge.let.set()
        assert [future.result(30) for future in futures] == [Ruling.COUNTED] * 5

    def test_where_half_as_many_polls_hang_as_there_is_room_for_no_other_is_tried(
        self, two_hanging: tuple[BallotBox, list[Future[Ruling]]], judge: SlowJudge
    ) -> None:
        box, futures = two_hanging
        with pytest.raises(TemporarilyUnavailable):
            box.cast(new_ballot(3))
        assert len(judge.batches) == 2
        judge.let.set()
        assert [future.result(30) for future in futures] == [Ruling.COUNTED] * 5
        assert box.cast(new_ballot(3)) is Ruling.COUNTED

    def test_whoever_has_left_takes_no_room(
        self, hanging: tuple[BallotBox, list[Future[Ruling]]], ticks: list[float], judge: SlowJudge
    ) -> None:
        box, futures = hanging
        ticks[0] += HANGING_SECONDS
        for _ in range(10):
            with pytest.raises(TemporarilyUnavailable):
                box.cast(new_ballot())
        assert box._inside == 4
        judge.let.set()
        assert [future.result(30) for future in futures] == [Ruling.COUNTED] * 4
        assert (box._inside, box._led) == (0, set())
