"""The SQL database: its base model, its engine's options and its transactions."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, cast

import psycopg
import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from psycopg.pq import TransactionStatus
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase

from service.errors import TemporarilyUnavailable

RETRY_AFTER_SECONDS = 2
SILENCE_SECONDS = 5.0  # longer than PostgreSQL's own time-outs below
POLL_SECONDS = 0.1


class Base(DeclarativeBase):
    """The base of all models; every constraint has a name, so that migrations can speak of it."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True)


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware moment, kept in UTC; SQLite, which has no zones, gets and gives it without one."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuse a moment without a zone: it would be a different one elsewhere."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Give the moment in UTC again."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def engine_options(database_url: str) -> dict[str, Any]:
    """How the engine connects: short time-outs, so that no voter waits long for a sick database."""
    if database_url.startswith("sqlite"):
        return {"hide_parameters": True, "connect_args": {"timeout": 5}}
    return {
        "hide_parameters": True,  # errors are logged, ballots are not
        "pool_size": 8,
        "max_overflow": 16,
        "pool_timeout": 3,
        "connect_args": {
            "connect_timeout": 3,
            "tcp_user_timeout": 5000,
            "options": "-c lock_timeout=3000 -c statement_timeout=4000"
            " -c idle_in_transaction_session_timeout=10000",
        },
    }


class ImpatientConnection(psycopg.Connection[Any]):
    """Closes itself on a server that leaves a question unanswered.

    PostgreSQL keeps its own time-outs; a frozen one keeps none, and its host still acknowledges
    what it is sent.
    """

    _patience = SILENCE_SECONDS
    _holds = False

    def __del__(self, *_: Any) -> None:
        """A pool that is let go has no more use for its connections: it closes them."""
        if hasattr(self, "pgconn"):
            self.close()

    def cursor(self, name: str = "", **options: Any) -> Any:
        """A named one is the server's."""
        return super().cursor(name, **(options | {"withhold": self._holds} if name else options))

    def hold(self) -> None:
        """Have named cursors outlive their transaction, from now on: the server lays by what they
        have not given when it ends, on its disk where that is much."""
        self._holds = True

    def allow(self, seconds: float) -> None:
        """Wait so long for each answer in this transaction."""
        self._patience = seconds

    def wait(self, gen: Any, interval: float = POLL_SECONDS, timeout: float | None = None) -> Any:
        """What the exchange comes to. Raises OperationalError."""
        if self.pgconn.transaction_status == TransactionStatus.IDLE:
            self._patience = SILENCE_SECONDS
        try:
            return super().wait(gen, interval, self._patience if timeout is None else timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.close()  # the answer may still come, to whatever is asked next
            raise


def prepare(engine: sa.Engine) -> None:
    """Give SQLite the durability and the locking that PostgreSQL has by itself, and PostgreSQL
    the patience that SQLite has."""
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _on_sqlite_connect)
        sa.event.listen(engine, "begin", _on_sqlite_begin)
    else:
        sa.event.listen(engine, "do_connect", _connect_impatiently)


def _connect_impatiently(
    _dialect: object, _record: object, words: Sequence[Any], options: Mapping[str, Any]
) -> ImpatientConnection:
    return ImpatientConnection.connect(*words, **options)


def _on_sqlite_connect(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None  # the driver leaves BEGIN to us
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    # SQLite's own knows the case of English letters only.
    connection.create_function("lower", 1, _lower, deterministic=True)


def _lower(text: object) -> object:
    return text.lower() if isinstance(text, str) else text


def _on_sqlite_begin(connection: sa.Connection) -> None:
    # A transaction that reads first and writes later can fail half-way; one that takes the write
    # lock at once waits its turn.
    writes = connection.get_execution_options().get("writes", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that commits at the end of the block; an unreachable database has a name."""
    with named_trouble(), engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that takes no write lock and sees one moment: what is read in several queries,
    such as a poll and then its questions, belongs together whoever deletes or edits it meanwhile.
    """
    options: dict[str, Any] = {"writes": False}
    if engine.dialect.name == "postgresql":  # SQLite sees one moment by itself
        options["isolation_level"] = "REPEATABLE READ"  # it costs no round trip
    with (
        named_trouble(),
        engine.connect().execution_options(**options) as connection,
        connection.begin(),
    ):
        yield connection


def allow_seconds(connection: sa.Connection, seconds: int) -> None:
    """Let each statement of this transaction, and each pause between two, take so long. What owners
    ask of millions of ballots takes longer than a voter may be kept waiting."""
    if connection.dialect.name == "postgresql":  # SQLite sets no such limits
        for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
            connection.exec_driver_sql(f"SET LOCAL {limit} = '{seconds}s'")
        driver = cast(ImpatientConnection, connection.connection.driver_connection)
        driver.allow(seconds + 1)


@contextmanager
def named_trouble() -> Iterator[None]:
    """Turn what says that the database is away into TemporarilyUnavailable."""
    try:
        yield
    except (
        sa.exc.OperationalError,
        sa.exc.InterfaceError,
        sa.exc.InternalError,
        sa.exc.TimeoutError,
        psycopg.OperationalError,  # a hot statement meets the driver's own
        psycopg.InterfaceError,
        psycopg.InternalError,
    ) as error:
        raise TemporarilyUnavailable(RETRY_AFTER_SECONDS) from error
