"""What the kernel says of processes: their CPU time and their memory."""

import os
from dataclasses import dataclass
from pathlib import Path

from tests.support.processes import family

TICKS = os.sysconf("SC_CLK_TCK")
# In /proc/<pid>/stat after the name: user and system time, and both of children that have ended.
TIMES = slice(11, 15)


@dataclass(frozen=True)
class Memory:
    """Megabytes: `rss` counts what processes share in each of them, `pss` divides it among them."""

    rss: float
    pss: float


def cpu_seconds(root: int) -> float:
    """The CPU time that the process and all that descend from it have had, the ended ones too."""
    return sum(_ticks(process.pid) for process in family(root)) / TICKS


def family_memory(root: int) -> Memory:
    """The memory of the process and all that descend from it."""
    held = [memory(process.pid) for process in family(root)]
    return Memory(sum(one.rss for one in held), sum(one.pss for one in held))


def memory(pid: int) -> Memory:
    """The memory of the process, or none if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return Memory(0, 0)
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines[1:]}
    return Memory(kilobytes["Rss"] / 1024, kilobytes["Pss"] / 1024)


def _ticks(pid: int) -> int:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0  # it ended while we looked; its parent has its time
    return sum(map(int, stat.rpartition(") ")[2].split()[TIMES]))
