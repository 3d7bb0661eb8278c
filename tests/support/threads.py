"""A system that has reached its limit of threads."""

from threading import Thread
from typing import Never


def no_thread(_thread: Thread) -> Never:
    """What stands for `Thread.start` there."""
    raise RuntimeError("can't start new thread")
