"""The bare apps in their own processes, served just as the service is."""

import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from service.cli.serving import server_command
from service.config import Settings
from tests.support.ports import free_port, wait_until
from tests.support.service import ROOT


@contextmanager
def bare(target: str, settings: Settings, **environment: str) -> Iterator[str]:
    """Serve `module:callable` with the service's own server command; give its URL."""
    port = free_port()
    *command, _ = server_command(replace(settings, port=port))
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
        yield url
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
