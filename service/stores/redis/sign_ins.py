"""Counts of failed sign-ins: in Redis for all processes, in this one's memory while it is away."""

from collections import Counter
from datetime import datetime
from threading import Lock

import redis

from service.stores.redis import keys
from service.stores.redis.connection import Shelter, script

WINDOW_SECONDS = keys.SIGN_IN_WINDOW_SECONDS


class SignIns:
    """Counts by keyed pseudonyms within the running quarter of an hour."""

    def __init__(self, client: "redis.Redis", shelter: Shelter) -> None:
        self._client = client
        self._shelter = shelter
        self._script = script("values", "count_in_window", "count")
        self._memory: Counter[bytes] = Counter()
        self._remembered = 0
        self._lock = Lock()

    def count(self, key: bytes, by: int, now: datetime) -> int:
        """Add to the key's count; returns what it was before."""
        window = int(now.timestamp()) // WINDOW_SECONDS
        known = self._remember(key, by, window)
        return max(known, self._shelter.call(lambda: self._count(key, by, window), known))

    def seconds_left(self, now: datetime) -> int:
        """Until a new window begins."""
        return WINDOW_SECONDS - int(now.timestamp()) % WINDOW_SECONDS

    def _count(self, key: bytes, by: int, window: int) -> int:
        name, lifetime = keys.sign_ins(key, window), 2 * WINDOW_SECONDS
        return int(self._client.eval(self._script, 1, name, by, lifetime))

    def _remember(self, key: bytes, by: int, window: int) -> int:
        """This process's own count; only of the running window, so that it does not grow."""
        with self._lock:
            if window != self._remembered:
                self._memory.clear()
                self._remembered = window
            before = self._memory[key]
            self._memory[key] += by
            return before
