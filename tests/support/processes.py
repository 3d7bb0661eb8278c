"""Processes that tests start, and the families that these have."""

import os
import signal
import subprocess
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

TICKS = os.sysconf("SC_CLK_TCK")  # a second


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


def end_family(pid: int) -> None:
    """Kill a process with all that descends from it, in whatever session."""
    while members := family(pid):
        for process in members:
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGSTOP)  # so that none is started meanwhile
        if members == family(pid):
            break
    for process in members:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)


def age(pid: int) -> float:
    """The seconds since the process began."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) - int(_fields(pid)[19]) / TICKS


def cpu_seconds(pid: int) -> float:
    """The CPU time that the process itself has taken."""
    user, system = _fields(pid)[11:13]
    return (int(user) + int(system)) / TICKS


def owner_of(port: int, to_port: int, pids: Iterable[int]) -> int:
    """Which of the processes has the connection from its own port to another of 127.0.0.1."""
    ends = [f"0100007F:{port:04X}", f"0100007F:{to_port:04X}"]
    rows = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    [inode] = [row[9] for row in rows if row[1:3] == ends]
    for pid in pids:
        files = Path(f"/proc/{pid}/fd").iterdir()
        if f"socket:[{inode}]" in {os.readlink(file) for file in files if file.is_symlink()}:
            return pid
    raise AssertionError(f"none of them holds port {port}")


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


def _fields(pid: int) -> list[str]:
    """What the kernel tells of the process, from its state on, which is its third field."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()


def _all() -> list[tuple[Process, int]]:
    """Every process that is not a zombie, with its parent's id."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            fields = _fields(int(folder.name))
        except OSError:
            continue  # it ended while we looked
        if fields[0] != "Z":
            found.append((Process(int(folder.name), fields[19]), int(fields[1])))
    return found
