"""Processes that tests start, and the families that these have."""

import os
import signal
import subprocess
from pathlib import Path
from typing import NamedTuple


class Process(NamedTuple):
    """A process by its id and its start, because ids are used again."""

    pid: int
    started: str


def family(pid: int) -> set[Process]:
    """The process and all that descends from it."""
    known = {process.pid: (process, parent) for process, parent in _all()}
    found = {pid} if pid in known else set()
    while more := {child for child, (_, parent) in known.items() if parent in found} - found:
        found |= more
    return {known[member][0] for member in found}


def living(processes: set[Process]) -> set[Process]:
    """Those of the processes that still run."""
    return processes & {process for process, _ in _all()}


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a process that leads a session of its own; if it will not go, all of its session."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _all() -> list[tuple[Process, int]]:
    """Every process that is not a zombie, with its parent's id."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(") ")[2].split()
        except OSError:
            continue  # it ended while we looked
        if fields[0] != "Z":
            found.append((Process(int(folder.name), fields[19]), int(fields[1])))
    return found
