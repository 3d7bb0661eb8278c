"""Group commit: ballots that arrive while a transaction runs share the next one.

There is no timer and no thread of its own. The first request that finds a poll's lane empty leads:
it commits its ballot at once. Those that arrive meanwhile wait; when the leader is done, the first
of them leads the whole batch that has gathered. So an idle service commits at once and a busy one
in large batches, and one poll's trouble holds up no other.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from threading import Lock

from service.errors import TemporarilyUnavailable, VoxpopError
from service.records import Ballot, Ruling

Verdict = Ruling | VoxpopError
Judge = Callable[[Sequence[Ballot]], list[Verdict]]

LARGEST_BATCH = 500
PATIENCE_SECONDS = 15.0
RETRY_AFTER_SECONDS = 2
log = logging.getLogger(__name__)


class _Slot:
    """A ballot in the box, with the request that waits for its verdict."""

    __slots__ = ("_wake", "ballot", "called", "verdict")

    def __init__(self, ballot: Ballot) -> None:
        self.ballot = ballot
        self.verdict: Verdict | None = None
        self.called = False
        self._wake = Lock()
        self._wake.acquire()

    def wake(self) -> None:
        self._wake.release()

    def wait(self) -> bool:
        """Wait to be judged or called to lead; False if neither came in time."""
        return self._wake.acquire(timeout=PATIENCE_SECONDS)


class _Lane:
    """The ballots of one poll that wait, and whether somebody leads."""

    __slots__ = ("_led", "_lock", "_waiting")

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: list[_Slot] = []
        self._led = False

    def enter(self, slot: _Slot) -> bool:
        """Put the slot in; True if its request must lead."""
        with self._lock:
            self._waiting.append(slot)
            leads, self._led = not self._led, True
        return leads

    def take_batch(self) -> list[_Slot]:
        with self._lock:
            batch = self._waiting[:LARGEST_BATCH]
            del self._waiting[:LARGEST_BATCH]
        return batch

    def hand_over(self) -> None:
        """Call the first that waits to lead, or leave the lane to the next that comes."""
        with self._lock:
            self._call_next()

    def leave(self, slot: _Slot) -> None:
        """Take a slot out whose request waits no longer; a call to lead goes to the next."""
        with self._lock:
            if slot in self._waiting:
                self._waiting.remove(slot)
                if slot.called:
                    self._call_next()

    def _call_next(self) -> None:
        self._led = bool(self._waiting)
        if self._led:
            self._waiting[0].called = True
            self._waiting[0].wake()


class BallotBox:
    """Takes ballots from many threads and has them judged in batches, each of one poll."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._lanes: dict[int, _Lane] = defaultdict(_Lane)

    def cast(self, ballot: Ballot) -> Ruling:
        """Return once the ballot is committed: counted, or counted before.

        Raises AlreadyVoted, BallotIdReused, PollNotOpen, PollClosed, RateLimited, or
        TemporarilyUnavailable, after which the same ballot may be cast again safely.
        """
        lane = self._lanes[ballot.poll_id]
        slot = _Slot(ballot)
        if lane.enter(slot) or self._is_called(lane, slot):
            self._lead(lane)
        if isinstance(slot.verdict, Ruling):
            return slot.verdict
        raise slot.verdict or TemporarilyUnavailable(RETRY_AFTER_SECONDS)

    def _is_called(self, lane: _Lane, slot: _Slot) -> bool:
        """Wait; True if the request is called to lead, False if its ballot is judged."""
        if not slot.wait():
            lane.leave(slot)
            raise TemporarilyUnavailable(RETRY_AFTER_SECONDS)
        return slot.called

    def _lead(self, lane: _Lane) -> None:
        batch = lane.take_batch()
        try:
            self._settle(batch)
        finally:
            for slot in batch[1:]:
                slot.wake()
            lane.hand_over()

    def _settle(self, batch: list[_Slot]) -> None:
        try:
            verdicts = self._judge([slot.ballot for slot in batch])
        except Exception as error:
            log.warning("A batch of %d ballots failed: %s", len(batch), _trouble(error))
            self._settle_one_by_one(batch)
        else:
            for slot, verdict in zip(batch, verdicts, strict=True):
                slot.verdict = verdict

    def _settle_one_by_one(self, batch: list[_Slot]) -> None:
        """Judge each ballot by itself, so that one that cannot be kept harms no other; when the
        store is away for one, it is away for all."""
        for slot in batch:
            slot.verdict = TemporarilyUnavailable(RETRY_AFTER_SECONDS)
        for slot in batch:
            try:
                [slot.verdict] = self._judge([slot.ballot])
            except TemporarilyUnavailable:
                return
            except Exception as error:
                log.error("A ballot could not be kept: %s", _trouble(error))


def _trouble(error: BaseException) -> str:
    """The kinds of errors only: their texts may quote a ballot."""
    cause = error.__cause__ or getattr(error, "orig", None)
    return type(error).__name__ + (f" ({type(cause).__name__})" if cause else "")
