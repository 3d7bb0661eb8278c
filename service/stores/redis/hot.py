"""The way to Redis of what every batch of votes asks and tells."""

from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import redis

from service.stores.redis.connection import FAILURES


class HotLine:
    """Connections of its own, as many as were ever in use at once: redis-py's own way to a command
    takes three times as long as the connection's.

    It raises what redis-py raises, and after a failure the connection is made anew.
    """

    def __init__(self, client: "redis.Redis") -> None:
        self._pool = client.connection_pool
        self._idle: deque[Any] = deque()

    def eval(self, script: str, names: Sequence[str], values: Sequence[bytes | str | int]) -> Any:
        """Run the script on the keys with the values and give what it returns."""
        connection = self._take()
        try:
            _make_ready(connection)
            connection.send_command("EVAL", script, len(names), *names, *values)
            return connection.read_response()
        except redis.ResponseError:
            raise
        except BaseException:
            connection.disconnect()  # else what is still to come would answer the next question
            raise
        finally:
            self._idle.append(connection)

    def _take(self) -> Any:
        with suppress(IndexError):
            return self._idle.pop()
        return self._pool.get_connection()


def _make_ready(connection: Any) -> None:
    """Have it connected to a server that has said nothing more and has not closed it since."""
    connection.connect()
    if _is_stale(connection):
        connection.disconnect()  # it connects when it is sent something


def _is_stale(connection: Any) -> bool:
    try:
        return bool(connection.can_read())
    except FAILURES:
        return True
