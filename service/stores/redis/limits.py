"""How often somebody does something, by the minute."""

from datetime import datetime

import redis

from service.stores.redis import keys
from service.stores.redis.connection import Shelter, script


class Limits:
    """Counts what callers do in the running minute, for all web processes together."""

    def __init__(self, client: "redis.Redis", shelter: Shelter) -> None:
        self._client = client
        self._shelter = shelter
        self._count = script("values", "count_in_window", "count")

    def exceeded(self, purpose: str, name: str, most: int, now: datetime) -> int:
        """Count once more; 0, or the seconds to wait where it was done `most` times already this
        minute. `name` must not be personal: it becomes part of a key. Redis away: 0."""
        window, elapsed = divmod(int(now.timestamp()), keys.RATE_WINDOW_SECONDS)
        key, lifetime = keys.limit(purpose, name, window), 2 * keys.RATE_WINDOW_SECONDS
        before = self._shelter.call(
            lambda: int(self._client.eval(self._count, 1, key, 1, lifetime)), 0
        )
        return 0 if before < most else keys.RATE_WINDOW_SECONDS - elapsed
