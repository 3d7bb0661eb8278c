"""What the fault tests share."""

from collections.abc import Iterator

import pytest

from tests.support.redis import RedisServer
from tests.support.service import RunningService


@pytest.fixture
def service(database_url: str, empty_redis: RedisServer) -> Iterator[RunningService]:
    """Two web processes, on an empty database of each kind."""
    service = RunningService(database_url, empty_redis.url, WEB_PROCESSES="2").start()
    yield service
    service.stop()
