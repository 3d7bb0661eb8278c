"""`flask --app wsgi up` as a user starts it."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from service.config import Settings
from tests.support.ports import free_port, wait_until
from tests.support.processes import end, family, living
from tests.support.service import ROOT
from tests.support.voters import Remote, ballot

SETTINGS = [*(field.name.upper() for field in fields(Settings)), "VOXPOP_VAR"]


def flask(*words: str, **settings: str) -> "subprocess.Popen[bytes]":
    """The command as a process of its own session, with these settings and no others."""
    clean = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    return subprocess.Popen(
        [Path(sys.executable).with_name("flask"), "--app", "wsgi", *words],
        cwd=ROOT,
        env={**clean, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def ending(*words: str, **settings: str) -> tuple[int, str]:
    """The exit code and the output of a command that must end by itself."""
    process = flask(*words, **settings)
    try:
        output, _ = process.communicate(timeout=60)
    finally:
        end(process)
    return process.returncode, output.decode()


class Up:
    """`flask up` on a folder of its own."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.starts: list[subprocess.Popen[bytes]] = []

    def start(self) -> Remote:
        """Start it and wait until it answers."""
        port = free_port()
        remote = Remote(f"http://127.0.0.1:{port}")
        self.process = flask("up", VOXPOP_VAR=str(self.var), PORT=str(port), WEB_PROCESSES="2")
        self.starts.append(self.process)
        wait_until(lambda: self._answers(remote), "`flask up` answers", 60)
        return remote

    def tell(self, number: signal.Signals) -> str:
        """Signal it as a terminal does; check that all its processes end; give its output."""
        processes = family(self.process.pid)
        assert len(processes) >= 4, "itself, Redis, the web server and its processes"
        os.killpg(self.process.pid, number)
        output, _ = self.process.communicate(timeout=60)
        wait_until(lambda: not living(processes), "every process has ended")
        assert self.process.returncode == 0, output.decode()
        return output.decode()

    def _answers(self, remote: Remote) -> bool:
        assert self.process.poll() is None, "`flask up` ended by itself"
        try:
            with urllib.request.urlopen(f"{remote.url}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    up = Up(tmp_path / "var")
    yield up
    for process in up.starts:
        end(process)
        assert process.stdout
        process.stdout.close()


def test_votes_are_kept_for_other_commands_and_when_all_of_it_ends_and_starts_again(
    up: Up,
) -> None:
    remote, cast = up.start(), ballot("c3")
    status, first = remote.cast(cast)
    assert status == 201
    before = remote.results()
    assert before["ballots"] == 1
    assert (up.var / "secret_key").stat().st_mode & 0o777 == 0o600, "for its user alone"

    assert "the votes are kept" in up.tell(signal.SIGINT)
    remote = up.start()

    assert remote.results() == before
    assert remote.cast(cast) == (200, first), "the receipt stays valid over a restart"
    assert remote.cast(ballot("c4", voter=cast["voter"]))[0] == 409

    var = str(up.var)
    assert ending("demo", "--origin", "http://news.test", VOXPOP_VAR=var)[0] == 0
    elsewhere = Remote(remote.url, origin="http://news.test")
    wait_until(lambda: elsewhere.cast(ballot())[0] == 201, "pages of the new origin may vote")
    assert ending("recount", VOXPOP_VAR=var) == (0, "0 differences.\n")
    assert "the votes are kept" in up.tell(signal.SIGTERM)


def test_a_command_without_a_database_says_so_in_one_line(tmp_path: Path) -> None:
    code, output = ending("recount", VOXPOP_VAR=str(tmp_path))
    assert code == 2
    assert output.startswith("Error: the database cannot be reached")
    assert len(output.splitlines()) == 1


def test_a_taken_port_gives_one_clear_message(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        code, output = ending("up", VOXPOP_VAR=str(tmp_path), PORT=port)
    assert code == 1
    assert output.startswith(f"Error: port {port} of 127.0.0.1 is taken")
    assert len(output.splitlines()) == 1


def test_a_bad_setting_is_named_and_nothing_is_left_running(tmp_path: Path) -> None:
    code, output = ending(
        "up", VOXPOP_VAR=str(tmp_path), PORT=str(free_port()), WEB_PROCESSES="many"
    )
    assert code == 1
    assert "WEB_PROCESSES: " in output
    assert "Traceback" not in output


def test_serving_with_wrong_settings_names_every_bad_value_in_a_line_of_its_own() -> None:
    bad = {
        "DATABASE_URL": "mysql://db/voxpop",
        "SECRET_KEY": "short",
        "PUBLIC_URL": "polls.example.org",
        "PORT": "http",
        "WEB_THREADS": "0",
        "TRUSTED_PROXIES": "-1",
        "VOTE_RATE_LIMIT": "often",
    }
    code, output = ending("serve", **bad)
    assert code == 1
    _, *lines = output.splitlines()
    assert [line.split(":")[0].strip() for line in lines] == sorted([*bad, "REDIS_URL"])
