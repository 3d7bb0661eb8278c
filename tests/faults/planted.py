"""`make planted`: plants each bug in a copy of the source and shows that its test goes red.

First all of these tests must be green without any.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tests.faults.plants import PLANTS, Plant
from tests.support.processes import end_family

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("service", "migrations", "tests", "docs", "deploy")
LINKED = (".venv", "node_modules")
LONGEST_SECONDS = 300
TOO_LONG = -1
TESTS_FAILED = 1  # what pytest ends with where tests ran and some of them failed
FAILED = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", re.MULTILINE)


def main() -> int:
    """Print a table; 1 unless all tests are green without a bug and each bug is caught."""
    with tempfile.TemporaryDirectory(prefix="voxpop-planted-") as folder:
        status, output = _run(_copied(Path(folder, "as-it-is")), {plant.test for plant in PLANTS})
        if status:
            print(f"The tests are not green without a bug:\n{output}")
            return 1
        print("Without a bug all of these tests are green.\n")
        caught = [_is_caught(plant, Path(folder, str(n))) for n, plant in enumerate(PLANTS)]
    print(f"\n{sum(caught)} of {len(caught)} bugs were caught.")
    return 0 if all(caught) else 1


def _is_caught(plant: Plant, folder: Path) -> bool:
    root = _copied(folder)
    for change in plant.changes:
        change.make(root)
    if any(change.file.startswith("service/widget/") for change in plant.changes):
        subprocess.run(["node", "service/widget/build.mjs"], cwd=root, check=True)
    status, output = _run(root, [plant.test])
    red = FAILED.findall(output)
    caught = status == TESTS_FAILED and bool(red)
    seen = red[0].rpartition("::")[2] if caught else f"nothing ({status}): {output[-500:]}"
    print(f"| {plant.bug:<52} | {seen} |", flush=True)
    shutil.rmtree(folder)
    return caught


def _copied(folder: Path) -> Path:
    """The source once more, without what git would leave out."""
    folder.mkdir()
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for file in (path for path in ROOT.iterdir() if path.is_file() and path.name != ".git"):
        shutil.copy(file, folder)
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)
    return folder


def _run(root: Path, tests: Iterable[str]) -> tuple[int, str]:
    words = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *sorted(tests)]
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(
        words,
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(timeout=LONGEST_SECONDS)
        except subprocess.TimeoutExpired:
            end_family(process.pid)
            return TOO_LONG, f"not within {LONGEST_SECONDS} s: {process.communicate()[0]}"
    return process.returncode, output


if __name__ == "__main__":
    sys.exit(main())
