"""How long a connection to PostgreSQL is waited for."""

import pytest
import sqlalchemy as sa

from service.errors import TemporarilyUnavailable
from service.stores.sql import db
from tests.support.postgres import Postgres

SLEEP = sa.text("SELECT pg_sleep(1)")
TOO_LONG = sa.text("SELECT set_config('statement_timeout', '20', true); SELECT pg_sleep(1)")


@pytest.fixture
def engine(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    """An engine that waits for a tenth of a second, as the service does for five."""
    monkeypatch.setattr(db, "SILENCE_SECONDS", 0.1)
    engine = sa.create_engine(postgres_url, pool_size=1, max_overflow=0)
    db.prepare(engine)
    return engine


def test_a_question_without_an_answer_ends_the_connection(engine: sa.Engine) -> None:
    with pytest.raises(TemporarilyUnavailable), db.reading(engine) as connection:
        connection.execute(SLEEP)
    with db.reading(engine) as connection:
        assert connection.scalar(sa.text("SELECT 'mine'")) == "mine"
    engine.dispose()


def test_a_transaction_may_be_allowed_more_and_the_next_one_is_not(engine: sa.Engine) -> None:
    with db.reading(engine) as connection:
        db.allow_seconds(connection, 5)
        connection.execute(SLEEP)
    with pytest.raises(TemporarilyUnavailable), db.reading(engine) as connection:
        connection.execute(SLEEP)
    engine.dispose()


def test_an_error_of_the_servers_own_keeps_the_connection(engine: sa.Engine) -> None:
    def server_process() -> int:
        with db.reading(engine) as connection:
            return int(connection.scalar(sa.text("SELECT pg_backend_pid()")) or 0)

    before = server_process()
    with pytest.raises(TemporarilyUnavailable), db.writing(engine) as connection:
        connection.execute(TOO_LONG)
    assert server_process() == before
    engine.dispose()


def test_a_server_that_does_not_even_greet_is_given_up(postgres: Postgres) -> None:
    url = postgres.url()
    engine = sa.create_engine(url, **db.engine_options(url))
    db.prepare(engine)
    postgres.freeze()
    try:
        with pytest.raises(TemporarilyUnavailable), db.reading(engine) as connection:
            connection.execute(sa.text("SELECT 1"))
    finally:
        postgres.thaw()
    with db.reading(engine) as connection:
        assert connection.scalar(sa.text("SELECT 1")) == 1
    engine.dispose()
