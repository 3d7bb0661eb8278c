"""What the fault tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import DATABASES
from tests.faults.station import Station
from tests.support.postgres import Postgres
from tests.support.redis import RedisServer
from tests.support.service import RunningService


@pytest.fixture(scope="session")
def sqlite_service(
    tmp_path_factory: pytest.TempPathFactory, redis_server: RedisServer
) -> Iterator[RunningService]:
    path: Path = tmp_path_factory.mktemp("faults") / "voxpop.sqlite3"
    yield from _running(f"sqlite:///{path}", redis_server)


@pytest.fixture(scope="session")
def postgres_service(postgres: Postgres, redis_server: RedisServer) -> Iterator[RunningService]:
    yield from _running(postgres.create_database("faults"), redis_server)


@pytest.fixture(params=DATABASES)
def service(request: pytest.FixtureRequest, empty_redis: RedisServer) -> RunningService:
    """Two web processes, on a database of each kind. To start them takes longer than most of what
    is done to them, so they stay, and each test has a poll of its own."""
    running: RunningService = request.getfixturevalue(f"{request.param}_service")
    return running


@pytest.fixture
def station(service: RunningService) -> Station:
    """A poll of it that nobody has voted in."""
    return Station.of(service)


def _running(database_url: str, redis: RedisServer) -> Iterator[RunningService]:
    service = RunningService(database_url, redis.url, WEB_PROCESSES="2").start()
    yield service
    service.stop()
