"""How far a long command has come: a bar on stderr, where a person looks."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import click

Thing = TypeVar("Thing")


@contextmanager
def progress(things: Iterable[Thing], length: int | None, label: str) -> Iterator[Iterable[Thing]]:
    """The things, which move the bar as they are taken; it is drawn only on a terminal."""
    hidden = not sys.stderr.isatty()
    with click.progressbar(
        things, length=length, label=label, file=sys.stderr, hidden=hidden
    ) as bar:
        yield bar
