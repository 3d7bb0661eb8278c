"""Runs the services of docker-compose.yml natively: their commands, environment and configuration
as they stand in the files, with only hosts, ports and folders rewritten."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import psycopg
import redis
import yaml

from service.stores.embedded import find_server
from tests.support import nginx
from tests.support.ports import free_port, wait_until
from tests.support.postgres import Postgres
from tests.support.processes import end
from tests.support.service import ROOT, SECRET_KEY

PUBLIC_URL = "https://polls.example.org"
NOTED = "asked for "
NOTING = {
    "GRANIAN_LOG_ACCESS_ENABLED": "true",
    "GRANIAN_LOG_ACCESS_FMT": f"{NOTED}%(path)s?%(query_string)s",
}
VARIABLE = re.compile(r"\$\{(\w+)(?::([?-])([^}]*))?\}")
DOTENV = {
    "SECRET_KEY": SECRET_KEY,
    "POSTGRES_PASSWORD": "a-password-of-the-tests",
    "PUBLIC_URL": PUBLIC_URL,
}


def load(**dotenv: str) -> dict[str, Any]:
    """The file's document, with the variables filled in as Compose does where any are given."""
    text = (ROOT / "docker-compose.yml").read_text()
    filled = VARIABLE.sub(lambda found: _value(found, dotenv), text) if dotenv else text
    document: dict[str, Any] = yaml.safe_load(filled)
    return document


def image_words(instruction: str) -> list[str]:
    """The words of the Dockerfile's last CMD, whether its own or the health check's."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", "")
    found = re.findall(rf"^{instruction}\b[^\[\n]*(\[.*\])$", text, re.MULTILINE)
    words: list[str] = json.loads(found[-1])
    return words


class Stack:
    """PostgreSQL, Valkey, the service and nginx, wired as the Compose file says."""

    def __init__(self, **dotenv: str) -> None:
        self.services = load(**DOTENV, **dotenv)["services"]
        self.folder = Path(tempfile.mkdtemp(prefix="voxpop-compose-"))
        self.folder.chmod(0o755)
        self.ports = {name: free_port() for name in ("redis", "web", "proxy")}
        self.url = f"http://127.0.0.1:{self.ports['proxy']}"
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.postgres = Postgres()

    def start(self) -> None:
        """Start everything in the order of the file's conditions."""
        self._make_database()
        self._start_redis()
        self.run(self.services["migrate"]["command"])
        self.run([*self.services["migrate"]["command"][:-1], "demo"])
        self.start_web()
        self._start_proxy()

    def start_web(self) -> None:
        """Serve, with the image's own command."""
        self._spawn("web", self._native(image_words("CMD")), cwd=ROOT, env=self._web_environment())
        wait_until(lambda: self._healthy("web"), "web is healthy")

    def note_requests(self) -> None:
        """Have the service note, from its start on, all that reaches it."""
        self.services["web"]["environment"] |= NOTING

    def requests(self) -> list[str]:
        """What has reached the service: paths with their queries."""
        return re.findall(rf"^{NOTED}(.+)", self.log("web"), re.MULTILINE)

    def run(self, words: list[str]) -> None:
        """Run one command with the service's environment to its end."""
        done = subprocess.run(
            self._native(words),
            cwd=ROOT,
            env=self._web_environment(),
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()

    def image_is_healthy(self) -> bool:
        """What the image's own health check says of the running service."""
        words = self._native(image_words("HEALTHCHECK"))
        environment = self._web_environment()
        return (
            subprocess.run(words, env=environment, capture_output=True, check=False).returncode == 0
        )

    def forget(self) -> None:
        """Empty Redis, the rate limits' counters with it."""
        redis.Redis(port=self.ports["redis"]).flushall()

    def end(self, name: str) -> None:
        """End one service."""
        end(self.running.pop(name))

    def log(self, name: str) -> str:
        """What a service has printed."""
        return (self.folder / f"{name}.log").read_text()

    def stop(self) -> None:
        """End everything, the proxy first."""
        for name in reversed(list(self.running)):
            self.end(name)
        self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _make_database(self) -> None:
        database = self.services["db"]["environment"]
        user, name = database["POSTGRES_USER"], database["POSTGRES_DB"]
        self.postgres.create_database(name)
        conninfo = f"host=127.0.0.1 port={self.postgres.port} user=postgres dbname=postgres"
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute(f'CREATE ROLE "{user}" LOGIN'.encode())
            connection.execute(f'ALTER DATABASE "{name}" OWNER TO "{user}"'.encode())

    def _start_redis(self) -> None:
        _, *options = self.services["redis"]["command"]
        port = self.ports["redis"]
        words = [str(find_server()), *options, "--bind", "127.0.0.1", "--port", str(port)]
        self._spawn("redis", words, cwd=self.folder)
        client = redis.Redis(port=port)

        def answers() -> bool:
            try:
                return bool(client.ping())
            except redis.ConnectionError:
                return False

        wait_until(answers, "Valkey answers")
        assert client.config_get("maxmemory-policy")["maxmemory-policy"] == "allkeys-lru"

    def _web_environment(self) -> dict[str, str]:
        environment = {name: str(v) for name, v in self.services["web"]["environment"].items()}
        hosts = {
            "@db:5432": f"@127.0.0.1:{self.postgres.port}",
            "//redis:6379": f"//127.0.0.1:{self.ports['redis']}",
        }
        for name, value in environment.items():
            for host, native in hosts.items():
                value = value.replace(host, native)
            environment[name] = value
        return {"PATH": os.environ["PATH"], **environment, "PORT": str(self.ports["web"])}

    def _start_proxy(self) -> None:
        rewritten = {
            "server web:8000 resolve;": f"server 127.0.0.1:{self.ports['web']};",
            "listen 8080;": f"listen 127.0.0.1:{self.ports['proxy']};",
        }
        text = (ROOT / "deploy" / "nginx.conf").read_text()
        for old, new in rewritten.items():
            assert old in text, f"deploy/nginx.conf has no {old!r}"
            text = text.replace(old, new)
        words, user = nginx.command(text, self.folder)
        self._spawn("proxy", words, **user)
        wait_until(lambda: self._healthy("proxy"), "the proxy is healthy")

    def _spawn(self, name: str, words: list[str], **options: Any) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                words, stdout=log, stderr=subprocess.STDOUT, start_new_session=True, **options
            )

    def _native(self, words: list[str]) -> list[str]:
        """The words with the image's programs replaced by this interpreter's."""
        program, *rest = words
        return [str(Path(sys.executable).with_name(program)), *rest]

    def _healthy(self, name: str) -> bool:
        assert self.running[name].poll() is None, self.log(name)[-3000:]
        try:
            url = f"http://127.0.0.1:{self.ports[name]}/healthz"
            with urllib.request.urlopen(url, timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


def _value(found: "re.Match[str]", dotenv: dict[str, str]) -> str:
    name, operator, word = found.groups()
    value = dotenv.get(name, "")
    if not value and operator == "?":
        raise AssertionError(f"{name} is required: {word}")
    return value or word or ""
