"""Group commit: ballots that arrive while a transaction runs share the next one.

There is no timer and no thread of its own. The first request that finds a poll's lane empty leads:
it commits its ballot at once. Those that arrive meanwhile wait; when the leader is done, the first
of them leads the whole batch that has gathered. Whoever comes while the leader waits its turn at
the poll still joins its batch. So an idle service commits at once and a busy one in large batches,
and one poll's trouble holds up no other: of the polls whose transactions hang, no more requests
are kept waiting than there is room for.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from threading import Lock
from typing import NoReturn

from service.clock import ticks
from service.errors import TemporarilyUnavailable, VoxpopError, kinds
from service.records import Ballot, Ruling
from service.stores.sql.db import RETRY_AFTER_SECONDS

Verdict = Ruling | VoxpopError
"""What became of one ballot: counted, counted before, or why not."""
Join = Callable[[], Sequence[Ballot]]
"""Gives the ballots that came since, which from then on are of the batch."""
Judge = Callable[[Sequence[Ballot], Join], list[Verdict]]
"""Gives the verdicts of the ballots, and then of those that it let join, in their order."""

LARGEST_BATCH = 500
PATIENCE_SECONDS = 8.0  # the widget gives up after ten
LEADING_SECONDS = 3.0  # a transaction that begins then is over before the patience is
HANGING_SECONDS = 1.0
log = logging.getLogger(__name__)


class _Slot:
    """A ballot in the box, with the request that waits for its verdict."""

    __slots__ = ("_since", "_wake", "ballot", "called", "verdict")

    def __init__(self, ballot: Ballot) -> None:
        self._since = ticks()
        self.ballot = ballot
        self.verdict: Verdict | None = None
        self.called = False
        self._wake = Lock()
        self._wake.acquire()

    @property
    def waited(self) -> float:
        """The seconds since the ballot came."""
        return ticks() - self._since

    def wake(self) -> None:
        self._wake.release()

    def wait(self, seconds: float) -> bool:
        """Wait to be judged or called to lead; False if neither came in time."""
        return self._wake.acquire(timeout=seconds)


class _Lane:
    """The ballots of one poll that wait, those that are judged, and since when.

    Its methods are called under the box's lock.
    """

    __slots__ = ("_running", "_since", "_waiting", "is_led")

    def __init__(self) -> None:
        self._waiting: list[_Slot] = []
        self._running = 0
        self._since = 0.0
        self.is_led = False

    def enter(self, slot: _Slot) -> bool:
        """Put the slot in; True if its request must lead."""
        self._waiting.append(slot)
        leads = not self.is_led
        if leads:
            self.is_led, self._since = True, ticks()
        return leads

    def seconds_to_hanging(self) -> float:
        """Until the transaction that runs is seen to hang; 0 once it is."""
        return max(0.0, self._since + HANGING_SECONDS - ticks())

    def take(self, most: int) -> list[_Slot]:
        """The slots that have waited longest, for the batch that runs."""
        taken = self._waiting[:most]
        del self._waiting[:most]
        self._running += len(taken)
        return taken

    def hand_over(self) -> int:
        """Call the first that waits to lead, or leave the lane to the next that comes; give how
        many ballots were judged."""
        judged, self._running = self._running, 0
        self._call_next()
        return judged

    def leave(self, slot: _Slot) -> int:
        """Take a slot out whose request waits no longer, unless its ballot is being judged; a call
        to lead goes to the next. Give how many were taken out."""
        if slot not in self._waiting:
            return 0
        self._waiting.remove(slot)
        if slot.called:
            self._call_next()
        return 1

    def _call_next(self) -> None:
        self.is_led = bool(self._waiting)
        if self.is_led:
            self._since = ticks()
            self._waiting[0].called = True
            self._waiting[0].wake()


class BallotBox:
    """Takes ballots from many threads and has them judged in batches, each of one poll.

    `room` is how many requests may wait for polls whose transactions hang, of all polls together;
    half as many polls may be tried while theirs hang. What is beyond is refused at once, so that
    the other threads serve readers and the polls that are well.
    """

    def __init__(self, judge: Judge, room: int) -> None:
        self._judge = judge
        self._room = room
        self._lock = Lock()
        self._lanes: dict[int, _Lane] = defaultdict(_Lane)
        self._led: set[_Lane] = set()
        self._inside = 0

    def cast(self, ballot: Ballot) -> Ruling:
        """Return once the ballot is committed: counted, or counted before.

        Raises AlreadyVoted, BallotIdReused, PollNotOpen, PollClosed, RateLimited, or
        TemporarilyUnavailable, after which the same ballot may be cast again safely.
        """
        slot = _Slot(ballot)
        with self._lock:
            lane = self._lanes[ballot.poll_id]
            leads = self._enter(lane, slot)
        if leads or self._is_called(lane, slot):
            self._lead(lane)
        if isinstance(slot.verdict, Ruling):
            return slot.verdict
        raise slot.verdict or TemporarilyUnavailable(RETRY_AFTER_SECONDS)

    def _enter(self, lane: _Lane, slot: _Slot) -> bool:
        """Put the slot in; True if its request must lead."""
        if not lane.is_led and self._all_hang():
            raise TemporarilyUnavailable(RETRY_AFTER_SECONDS)
        self._inside += 1
        leads = lane.enter(slot)
        if leads:
            self._led.add(lane)
        return leads

    def _all_hang(self) -> bool:
        """Whether so many polls hang that another would, too."""
        most = max(1, self._room // 2)
        if len(self._led) < most:
            return False
        return sum(lane.seconds_to_hanging() == 0 for lane in self._led) >= most

    def _is_called(self, lane: _Lane, slot: _Slot) -> bool:
        """Wait; True if the request is called to lead, False if its ballot is judged."""
        while not slot.wait(self._patience(lane, slot)):
            if self._patience(lane, slot) == 0:
                self._leave(lane, slot)
        if slot.called and slot.waited > LEADING_SECONDS:
            self._leave(lane, slot)
        return slot.called

    def _patience(self, lane: _Lane, slot: _Slot) -> float:
        """The seconds that the request still waits, by how things stand now: where more wait than
        there is room for, only until the transaction that runs is seen to hang."""
        left = PATIENCE_SECONDS - slot.waited
        if self._inside > self._room:
            left = min(left, lane.seconds_to_hanging())
        return max(0.0, left)

    def _leave(self, lane: _Lane, slot: _Slot) -> NoReturn:
        """Wait no longer. The ballot may be judged at this moment: its end is unknown."""
        with self._lock:
            self._make_room(lane, lane.leave(slot))
        raise TemporarilyUnavailable(RETRY_AFTER_SECONDS)

    def _make_room(self, lane: _Lane, places: int) -> None:
        self._inside -= places
        if not lane.is_led:
            self._led.discard(lane)

    def _lead(self, lane: _Lane) -> None:
        batch: list[_Slot] = []

        def join() -> list[Ballot]:
            with self._lock:
                joined = lane.take(LARGEST_BATCH - len(batch))
            batch.extend(joined)
            return [slot.ballot for slot in joined]

        try:
            verdicts = self._judge(join(), join)
            for slot, verdict in zip(batch, verdicts, strict=True):
                slot.verdict = verdict
        except Exception as error:
            log.error("A batch of %d ballots failed: %s", len(batch), kinds(error))
        finally:
            for slot in batch[1:]:
                slot.wake()
            with self._lock:
                self._make_room(lane, lane.hand_over())
