"""Work that nobody waits for."""

from collections.abc import Callable
from threading import Lock, Thread


class Background:
    """Does one thing at a time, in a thread of its own."""

    def __init__(self) -> None:
        self._busy = Lock()

    def start(self, work: Callable[[], None]) -> bool:
        """Begin the work. False if other work is under way, or the system has no thread to spare:
        whoever asks goes on as before, and may ask again."""
        if not self._busy.acquire(blocking=False):
            return False
        try:
            Thread(target=self._do, args=(work,), daemon=True).start()
        except RuntimeError:
            self._busy.release()
            return False
        return True

    def _do(self, work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            self._busy.release()
