"""CPU time and memory as the kernel has them."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bench.processes import cpu_seconds, family_memory, memory

WORK = "import time\nwhile time.process_time() < 0.3: pass"
REST = "print(flush=True); input()"
BURDEN = "burden = b'x' * 50_000_000"


def with_child(*lines: str) -> list[str]:
    """The lines of a process that starts another one, which has these."""
    command = f"[sys.executable, '-c', {chr(10).join((*lines, REST))!r}]"
    pipes = "stdin=subprocess.PIPE, stdout=subprocess.PIPE"
    return ["import subprocess, sys", f"child = subprocess.Popen({command}, {pipes})"]


@contextmanager
def resting(*lines: str) -> Iterator[int]:
    """A process that has done what the lines say, and waits."""
    command = [sys.executable, "-c", "\n".join((*lines, REST))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        yield process.pid
        process.communicate(b"\n")


def test_the_time_of_a_process_is_what_it_has_worked() -> None:
    with resting(WORK) as pid:
        assert 0.29 <= cpu_seconds(pid) < 1


@pytest.mark.parametrize("ending", ["child.communicate(b'x')", "child.stdout.readline()"])
def test_the_time_of_a_child_counts_once_it_has_ended_and_while_it_lives(ending: str) -> None:
    with resting(*with_child(WORK), ending) as pid:
        assert 0.29 <= cpu_seconds(pid) < 1


def test_a_process_that_has_ended_has_neither_time_nor_memory() -> None:
    with resting() as pid:
        pass
    assert cpu_seconds(pid) == 0
    assert memory(pid).rss == 0


def test_memory_is_in_megabytes_and_what_is_shared_is_divided() -> None:
    with resting() as light, resting(BURDEN) as heavy:
        more = memory(heavy).rss - memory(light).rss
        assert 45 < more < 60
        assert 0 < memory(light).pss < memory(light).rss


def test_the_memory_of_a_family_is_that_of_all_its_members() -> None:
    with resting(*with_child(BURDEN), "child.stdout.readline()") as pid:
        assert family_memory(pid).rss - memory(pid).rss > 50
