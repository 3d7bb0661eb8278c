"""A Redis-compatible server of our own that tests may empty, kill and start again."""

import signal
import subprocess
import tempfile
from functools import cached_property
from pathlib import Path

import redis

from service.stores.embedded import find_server
from tests.support.ports import free_port, wait_until


class RedisServer:
    """Listens on 127.0.0.1; `snapshot()` keeps what it knows over a kill."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="voxpop-redis-")
        self.port = free_port()
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def client(self) -> "redis.Redis":
        return redis.Redis(port=self.port)

    @cached_property
    def _flusher(self) -> "redis.Redis":
        """A client that stays: to connect takes longer than to flush."""
        return self.client

    def start(self) -> None:
        """Start it with what its last snapshot holds, and wait until it answers."""
        words = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        words += ["--dir", self._folder.name, "--dbfilename", "dump.rdb"]
        self._process = subprocess.Popen(
            [str(find_server()), *words], stdout=subprocess.DEVNULL, start_new_session=True
        )
        wait_until(self._answers, "Redis answers")

    def snapshot(self) -> None:
        """Write to disk what it knows now."""
        self.client.save()

    def flush(self) -> None:
        """Forget everything, scripts too."""
        with self._flusher.pipeline(transaction=False) as pipeline:
            pipeline.flushall()
            pipeline.script_flush()
            pipeline.execute()

    def freeze(self) -> None:
        """Stop it as it stands; its host still takes what it is sent."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()

    def restart(self) -> None:
        """Kill it and start it with its last snapshot, or empty."""
        self.kill()
        self.start()

    def stop(self) -> None:
        """End it and remove its folder."""
        self.kill()
        Path(self._folder.name, "dump.rdb").unlink(missing_ok=True)
        self._folder.cleanup()

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.RedisError:
            return False
