"""The tally that readers get: from this process, else from the board, checked against SQL."""

from collections.abc import Callable
from threading import Lock

from service.records import Tally
from service.stores.fresh import Fresh
from service.stores.redis.tallies import Board
from service.stores.sql.tallies import TallyStore

BOARD_SECONDS = 0.2
SQL_SECONDS = 1.0


class Tallies:
    """Live tallies.

    The board in Redis is asked at most every BOARD_SECONDS for a poll, SQL at most every
    SQL_SECONDS, whatever the number of readers: so a board that is stale, empty or away is noticed
    and repaired within a second, and costs SQL one small query.
    """

    def __init__(self, sql: TallyStore, board: Board, ticks: Callable[[], float]) -> None:
        self._sql = sql
        self._board = board
        self._judged = Fresh(self._judge, SQL_SECONDS, ticks)
        self._shown = Fresh(self._look, BOARD_SECONDS, ticks)
        self._lock = Lock()

    def read(self, poll_id: int) -> Tally:
        """The newest tally known here. Raises TemporarilyUnavailable if none can be had, and
        PollNotFound if the poll is gone."""
        return self._shown.get(poll_id)

    def keep(self, poll_id: int, tally: Tally) -> None:
        """Show a tally that has just been committed, unless a newer one is known here."""
        with self._lock:
            shown = self._shown.peek(poll_id)
            if shown is None or shown.revision < tally.revision:
                self._shown.put(poll_id, tally)
        self._keep_for_later(poll_id, tally)

    def publish(self, poll_id: int, tally: Tally) -> None:
        """Show a tally that an owner's act has just committed, here and on the board."""
        self.keep(poll_id, tally)
        self._board.repair(poll_id, tally, even_if_older=False)

    def _look(self, poll_id: int) -> Tally:
        judged = self._judged.get(poll_id)  # first, because it repairs the board
        known = [judged, self._board.read(poll_id), self._shown.peek(poll_id)]
        tallies = [tally for tally in known if tally is not None]
        newest = max(tallies, key=lambda tally: tally.revision)
        self._keep_for_later(poll_id, newest)
        return newest

    def _keep_for_later(self, poll_id: int, tally: Tally) -> None:
        """Have readers see no older one where there was no room to keep what was shown. SQL is
        asked no later for it."""
        with self._lock:
            judged = self._judged.peek(poll_id)
            if _is_ahead(tally, judged):
                self._judged.amend(poll_id, tally)

    def _judge(self, poll_id: int) -> Tally:
        """What SQL holds. All that is shown was committed before it was shown, so what is seen
        here first and SQL does not reach afterwards was never committed: it gives way."""
        shown, board = self._shown.peek(poll_id), self._board.read(poll_id)
        tally = self._sql.read(poll_id)
        if board != tally:
            self._board.repair(poll_id, tally, even_if_older=_is_ahead(board, tally))
        if _is_ahead(shown, tally):
            self._shown.put(poll_id, tally)
        return tally


def _is_ahead(known: Tally | None, tally: Tally | None) -> bool:
    return known is not None and tally is not None and known.revision > tally.revision
