"""Group commit: ballots that arrive while a transaction runs share the next one.

There is no timer and no thread of its own. The first request that finds a poll's lane empty leads:
it commits its ballot at once. Those that arrive meanwhile wait; when the leader is done, the first
of them leads the whole batch that has gathered. Whoever comes while the leader waits its turn at
the poll still joins its batch. So an idle service commits at once and a busy one in large batches,
and one poll's trouble holds up no other: when its transaction hangs, its lane keeps no more
requests waiting than there is room for.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from threading import Lock

from service.clock import ticks
from service.errors import TemporarilyUnavailable, VoxpopError, kinds
from service.records import Ballot, Ruling

Verdict = Ruling | VoxpopError
"""What became of one ballot: counted, counted before, or why not."""
Join = Callable[[], Sequence[Ballot]]
"""Gives the ballots that came since, which from then on are of the batch."""
Judge = Callable[[Sequence[Ballot], Join], list[Verdict]]
"""Gives the verdicts of the ballots, and then of those that it let join, in their order."""

LARGEST_BATCH = 500
PATIENCE_SECONDS = 8.0  # the widget gives up after ten
HANGING_SECONDS = 1.0
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

    def wait(self, seconds: float) -> bool:
        """Wait to be judged or called to lead; False if neither came in time."""
        return self._wake.acquire(timeout=seconds)


class _Lane:
    """The ballots of one poll that wait, and whether somebody leads."""

    __slots__ = ("_led", "_lock", "_running", "_since", "_waiting")

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: list[_Slot] = []
        self._led = False
        self._running = 0
        self._since = 0.0

    def enter(self, slot: _Slot, room: int) -> float | None:
        """Put the slot in; the seconds that it may wait, or None if its request must lead.

        Beyond `room` it waits only until the transaction that runs is seen to hang, so that a sick
        poll leaves threads to the others.
        """
        with self._lock:
            self._waiting.append(slot)
            if not self._led:
                self._led, self._since = True, ticks()
                return None
            if self._running + len(self._waiting) <= room:
                return PATIENCE_SECONDS
            return max(0.0, self._since + HANGING_SECONDS - ticks())

    def take(self, most: int) -> list[_Slot]:
        """The slots that have waited longest, for the batch that runs."""
        with self._lock:
            taken = self._waiting[:most]
            del self._waiting[:most]
            self._running += len(taken)
        return taken

    def hand_over(self) -> None:
        """Call the first that waits to lead, or leave the lane to the next that comes."""
        with self._lock:
            self._running = 0
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
            self._since = ticks()
            self._waiting[0].called = True
            self._waiting[0].wake()


class BallotBox:
    """Takes ballots from many threads and has them judged in batches, each of one poll.

    `room` is how many requests may wait for one poll whose transaction hangs.
    """

    def __init__(self, judge: Judge, room: int) -> None:
        self._judge = judge
        self._room = room
        self._lanes: dict[int, _Lane] = defaultdict(_Lane)

    def cast(self, ballot: Ballot) -> Ruling:
        """Return once the ballot is committed: counted, or counted before.

        Raises AlreadyVoted, BallotIdReused, PollNotOpen, PollClosed, RateLimited, or
        TemporarilyUnavailable, after which the same ballot may be cast again safely.
        """
        lane = self._lanes[ballot.poll_id]
        slot = _Slot(ballot)
        patience = lane.enter(slot, self._room)
        if patience is None or _is_called(lane, slot, patience):
            self._lead(lane)
        if isinstance(slot.verdict, Ruling):
            return slot.verdict
        raise slot.verdict or TemporarilyUnavailable(RETRY_AFTER_SECONDS)

    def _lead(self, lane: _Lane) -> None:
        batch = lane.take(LARGEST_BATCH)

        def join() -> list[Ballot]:
            joined = lane.take(LARGEST_BATCH - len(batch))
            batch.extend(joined)
            return [slot.ballot for slot in joined]

        try:
            verdicts = self._judge([slot.ballot for slot in batch], join)
            for slot, verdict in zip(batch, verdicts, strict=True):
                slot.verdict = verdict
        except Exception as error:
            log.error("A batch of %d ballots failed: %s", len(batch), kinds(error))
        finally:
            for slot in batch[1:]:
                slot.wake()
            lane.hand_over()


def _is_called(lane: _Lane, slot: _Slot, patience: float) -> bool:
    """Wait; True if the request is called to lead, False if its ballot is judged."""
    if not slot.wait(patience):
        lane.leave(slot)
        raise TemporarilyUnavailable(RETRY_AFTER_SECONDS)
    return slot.called
