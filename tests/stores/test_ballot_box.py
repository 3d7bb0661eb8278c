"""Group commit: who waits, who leads, and what becomes of a batch that fails."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, Lock
from uuid import uuid4

import pytest

from service.errors import AlreadyVoted, TemporarilyUnavailable
from service.records import Ballot, Ruling
from service.stores.ballot_box import BallotBox, Verdict
from tests.support.ports import wait_until

KEY = bytes(16)


def new_ballot(poll_id: int = 1) -> Ballot:
    return Ballot(uuid4(), poll_id, KEY, None, None, {"q1": ("c1",)}, KEY, None, KEY)


class SlowJudge:
    """Judges when it is let, and remembers the batches."""

    def __init__(self) -> None:
        self.batches: list[list[Ballot]] = []
        self.let = Event()
        self._lock = Lock()

    def __call__(self, ballots: Sequence[Ballot]) -> list[Verdict]:
        with self._lock:
            self.batches.append(list(ballots))
        assert self.let.wait(30)
        return [Ruling.COUNTED] * len(ballots)


def waiting(box: BallotBox, poll_id: int = 1) -> int:
    return len(box._lanes[poll_id]._waiting)


def test_ballots_that_come_while_a_batch_runs_share_the_next_one() -> None:
    judge = SlowJudge()
    box = BallotBox(judge)
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
    box = BallotBox(judge)
    for _ in range(3):
        assert box.cast(new_ballot()) is Ruling.COUNTED
    assert [len(batch) for batch in judge.batches] == [1, 1, 1]


def test_a_poll_that_hangs_holds_up_no_other() -> None:
    slow, box_judged = SlowJudge(), []

    def judge(ballots: Sequence[Ballot]) -> list[Verdict]:
        if ballots[0].poll_id == 1:
            return slow(ballots)
        box_judged.append(ballots[0].poll_id)
        return [Ruling.COUNTED]

    box = BallotBox(judge)
    with ThreadPoolExecutor(1) as pool:
        hung: Future[Ruling] = pool.submit(box.cast, new_ballot(1))
        wait_until(lambda: len(slow.batches) == 1, "poll 1 hangs")
        assert box.cast(new_ballot(2)) is Ruling.COUNTED
        slow.let.set()
        assert hung.result(30) is Ruling.COUNTED
    assert box_judged == [2]


def test_each_ballot_of_a_batch_gets_its_own_verdict() -> None:
    def judge(ballots: Sequence[Ballot]) -> list[Verdict]:
        return [Ruling.REPEATED if b.page == "again" else AlreadyVoted() for b in ballots]

    with pytest.raises(AlreadyVoted):
        BallotBox(judge).cast(new_ballot())


def test_a_ballot_that_cannot_be_kept_harms_no_other_of_its_batch() -> None:
    poison = new_ballot()
    slow = SlowJudge()

    def judge(ballots: Sequence[Ballot]) -> list[Verdict]:
        verdicts = slow(ballots)
        if poison in ballots:
            raise ValueError("unkeepable")
        return verdicts

    box = BallotBox(judge)
    with ThreadPoolExecutor(12) as pool:
        first = pool.submit(box.cast, new_ballot())
        wait_until(lambda: len(slow.batches) == 1, "the first ballot is being judged")
        good = [pool.submit(box.cast, new_ballot()) for _ in range(10)]
        bad = pool.submit(box.cast, poison)
        wait_until(lambda: waiting(box) == 11, "eleven ballots wait")
        slow.let.set()
        assert {future.result(30) for future in [first, *good]} == {Ruling.COUNTED}
        with pytest.raises(TemporarilyUnavailable):
            bad.result(30)


def test_a_store_that_is_away_refuses_the_whole_batch_after_one_more_try() -> None:
    slow = SlowJudge()

    def judge(ballots: Sequence[Ballot]) -> list[Verdict]:
        slow(ballots)
        raise TemporarilyUnavailable(2)

    box = BallotBox(judge)
    with ThreadPoolExecutor(6) as pool:
        first = pool.submit(box.cast, new_ballot())
        wait_until(lambda: len(slow.batches) == 1, "the first ballot is being judged")
        rest = [pool.submit(box.cast, new_ballot()) for _ in range(5)]
        wait_until(lambda: waiting(box) == 5, "five ballots wait")
        slow.let.set()
        for future in [first, *rest]:
            with pytest.raises(TemporarilyUnavailable):
                future.result(30)
    assert [len(batch) for batch in slow.batches] == [1, 1, 5, 1]


def test_the_box_goes_on_after_a_batch_that_failed() -> None:
    answers: list[list[Verdict] | Exception] = [ValueError("x"), ValueError("x"), [Ruling.COUNTED]]

    def judge(_: Sequence[Ballot]) -> list[Verdict]:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    box = BallotBox(judge)
    with pytest.raises(TemporarilyUnavailable):
        box.cast(new_ballot())
    assert box.cast(new_ballot()) is Ruling.COUNTED


def test_a_request_that_waits_too_long_leaves_and_the_next_one_leads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("service.stores.ballot_box.PATIENCE_SECONDS", 0.05)
    judge = SlowJudge()
    box = BallotBox(judge)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(box.cast, new_ballot())
        wait_until(lambda: len(judge.batches) == 1, "the first ballot is being judged")
        with pytest.raises(TemporarilyUnavailable):
            box.cast(new_ballot())
        judge.let.set()
        assert first.result(30) is Ruling.COUNTED
    assert box.cast(new_ballot()) is Ruling.COUNTED
    assert [len(batch) for batch in judge.batches] == [1, 1]
