"""The bare apps in their own processes, served just as the service is."""

import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

from service.cli.serving import server_command
from service.config import Settings
from tests.support.ports import free_port, wait_until
from tests.support.service import ROOT


class Served(NamedTuple):
    """A web server: its address, and the process whose children the web processes are."""

    url: str
    pid: int


@contextmanager
def bare(target: str, settings: Settings, **environment: str) -> Iterator[Served]:
    """Serve `module:callable` with the service's own server command."""
    port = free_port()
    *command, _, _ = server_command(replace(settings, port=port))
    process = subprocess.Popen(
        [*command, target],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: _answers(url), f"{target} answers")
        yield Served(url, process.pid)
    finally:
        process.terminate()
        process.wait(20)


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
