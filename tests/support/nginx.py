"""The real nginx, under a configuration of a test's."""

import os
import pwd
import shutil
from pathlib import Path
from typing import Any

from tests.support.postgres import UNPRIVILEGED
from tests.support.service import ROOT

LANGUAGES = ROOT / "deploy" / "languages.conf"
MISSING = "nginx is missing, which the proxies' tests need: apt-get install nginx-light"


def command(configuration: str, folder: Path) -> tuple[list[str], dict[str, Any]]:
    """What to run for the configuration, which it keeps in the folder with all else that it writes,
    and as whom (as `subprocess.Popen` takes it)."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, MISSING
    temporary, file = folder / "nginx", folder / "nginx.conf"
    temporary.mkdir()
    shutil.copy(LANGUAGES, folder)
    file.write_text(configuration.replace(" /tmp/", f" {temporary}/"))
    user: dict[str, Any] = {"cwd": temporary}
    if os.getuid() == 0:
        nobody = pwd.getpwnam(UNPRIVILEGED)
        os.chown(temporary, nobody.pw_uid, nobody.pw_gid)
        user |= {"user": nobody.pw_uid, "group": nobody.pw_gid}
    words = [program, "-e", "stderr", "-p", str(temporary), "-c", str(file)]
    return [*words, "-g", "daemon off;"], user
