"""Fixtures: real stores, a real service, a real browser."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from service.app import create_app
from service.config import Settings
from service.migrating import migrate
from service.stores import Stores
from service.stores.redis import connection
from service.stores.sql.db import db
from service.web import current
from tests.support import chromium, once, sqlite
from tests.support.demo_rows import DemoRows
from tests.support.postgres import Postgres
from tests.support.redis import RedisServer
from tests.support.service import SECRET_KEY, RunningService
from tests.support.voters import OWN_ORIGIN, Api

DATABASES = ("sqlite", "postgres")
MIGRATED = "voxpop"
PATIENCE = 20_000  # milliseconds that a page or Redis may take on a machine with much else to do
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class FakeClock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.moment = NOON

    def __call__(self) -> datetime:
        return self.moment


def pytest_configure() -> None:
    connection.TIMEOUT_SECONDS = PATIENCE / 1000
    once.compile_routes()
    once.register_views()
    once.make_engines()
    once.compile_templates()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for the test process, with a migrated database."""
    server = Postgres(fsync=False)
    _migrate(server.create_database(MIGRATED))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file for the test process, migrated."""
    path = tmp_path_factory.mktemp("sqlite") / "voxpop.sqlite3"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    server = RedisServer()
    yield server
    server.stop()


@pytest.fixture
def empty_redis(redis_server: RedisServer) -> RedisServer:
    """The server with nothing in it."""
    redis_server.flush()
    return redis_server


@pytest.fixture
def sqlite_url(sqlite_file: Path) -> str:
    sqlite.empty(sqlite_file)
    return f"sqlite:///{sqlite_file}"


@pytest.fixture
def postgres_url(postgres: Postgres) -> str:
    postgres.empty_database(MIGRATED)
    return postgres.url(MIGRATED)


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind, migrated: whatever asks SQL something is tested on both.
    What comes to what others have asked already is tested on one (see tests/web/conftest.py)."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def settings(database_url: str, empty_redis: RedisServer) -> Settings:
    return Settings(
        database_url=database_url,
        redis_url=empty_redis.url,
        secret_key=SECRET_KEY,
        public_url=OWN_ORIGIN,
        vote_rate_limit=None,
    )


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def demo_rows() -> DemoRows:
    return DemoRows()


@pytest.fixture
def app(settings: Settings, clock: FakeClock, demo_rows: DemoRows) -> Iterator[Flask]:
    """The service with the demo poll, on SQLite and on PostgreSQL."""
    app = create_app(settings, now=clock)
    with app.app_context():
        demo_rows.write(current.stores(), ["https://news.test"], clock())
        yield app
        db.engine.dispose()


@pytest.fixture
def stores(app: Flask) -> Stores:
    return current.stores()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def api(client: FlaskClient) -> Api:
    return Api(client)


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """A running service on SQLite for browser tests, each of which is another voter."""
    path = tmp_path_factory.mktemp("live") / "voxpop.sqlite3"
    redis = RedisServer()
    service = RunningService(f"sqlite:///{path}", redis.url, WEB_PROCESSES="1").start()
    yield service
    service.stop()
    redis.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a new reader. A test fails where the page logs an error, unless it takes that
    into account by clearing `page.voxpop_errors`."""
    context = browser.new_context()
    page = context.new_page()
    errors: list[str] = []
    page.voxpop_errors = errors  # type: ignore[attr-defined]
    page.on("console", lambda message: _note(message, errors))
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


@pytest.fixture(scope="session")
def axe() -> Axe:
    return Axe()


def _note(message: ConsoleMessage, errors: list[str]) -> None:
    if message.type == "error":
        errors.append(message.text)


def _migrate(database_url: str) -> None:
    app = create_app(
        Settings(
            database_url=database_url,
            redis_url="redis://127.0.0.1:1",
            secret_key=SECRET_KEY,
            public_url=OWN_ORIGIN,
        )
    )
    with app.app_context():
        migrate()
        db.engine.dispose()
