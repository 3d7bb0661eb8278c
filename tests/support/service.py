"""The real service in its own processes, as production runs it."""

import os
import subprocess
import tempfile
import urllib.error
import urllib.request
from functools import cached_property
from pathlib import Path
from unittest.mock import patch

from flask import Flask

from service import cli
from service.app import create_app
from service.cli.serving import server_command
from service.config import Settings, load_settings
from service.stores.sql.db import db
from tests.support.ports import free_port, wait_until
from tests.support.processes import end

ROOT = Path(__file__).resolve().parent.parent.parent
# As /proc/net/tcp writes them.
ESTABLISHED = "01"
NOTHING_TO_READ = ":00000000"
SECRET_KEY = "a secret of the tests, 32 characters or more"


class RunningService:
    """granian with the service behind it, the schema migrated and the demo poll made."""

    def __init__(self, database_url: str, redis_url: str, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "SECRET_KEY": SECRET_KEY,
            "PUBLIC_URL": self.url,
            "PORT": str(self.port),
            "VOTE_RATE_LIMIT": "off",
            **settings,
        }
        self._folder = tempfile.TemporaryDirectory(prefix="voxpop-service-")
        self._log = Path(self._folder.name) / "log"

    def start(self, *origins: str) -> "RunningService":
        """Migrate, make the demo poll, serve, and wait until it answers."""
        self.command("migrate")
        self.command("demo", *(word for origin in origins for word in ("--origin", origin)))
        return self.serve()

    def serve(self) -> "RunningService":
        """Start the web server on what is there, and wait until it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                server_command(self.settings),  # what `flask serve` becomes
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(self._answers, "the service answers")
        return self

    def command(self, *words: str, typed: str = "") -> str:
        """Run one of the service's commands, with what is typed into it, and give its output.

        It runs in this process, because another one needs seconds to start.
        """
        with self._office.app_context():
            done = self._office.test_cli_runner().invoke(args=words, input=typed)
            db.engine.dispose()  # as a process of its own would at its end
        assert done.exit_code == 0, done.output
        return done.stdout

    @property
    def pid(self) -> int:
        """The process id of the web server, whose children the web processes are."""
        return self._process.pid

    def workers(self) -> list[int]:
        """The process ids of the web processes."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def log(self) -> str:
        """What the service has printed."""
        return self._log.read_text()

    def requests_read(self) -> int:
        """How many connections stand of which all that was sent has been read."""
        sockets = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        ours = f"0100007F:{self.port:04X}"
        return sum(
            local == ours and state == ESTABLISHED and queues.endswith(NOTHING_TO_READ)
            for _, local, _, state, queues, *_ in sockets
        )

    def tell_to_stop(self) -> None:
        """Tell the web server to end once it has answered what it was asked."""
        self._process.terminate()

    def ended(self, seconds: float = 30.0) -> int:
        """Wait for its end, so long at most; the exit code."""
        return self._process.wait(seconds)

    def stop(self) -> None:
        """End the web server and everything it started."""
        end(self._process)
        self._folder.cleanup()

    @cached_property
    def _office(self) -> Flask:
        """The service as those who work at it have it: on the same stores, serving nobody."""
        app = create_app(self.settings)
        cli.register(app)
        return app

    @cached_property
    def settings(self) -> Settings:
        """What it is told by its environment."""
        with patch.dict(os.environ, self.environment, clear=True):
            return load_settings()

    def _answers(self) -> bool:
        assert self._process.poll() is None, self.log()[-3000:]
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False
