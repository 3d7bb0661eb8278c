"""The list of what can go wrong, at the head of the module that has it."""

from collections.abc import Iterator

from service import errors
from service.errors import VoxpopError


def branches(error: type[VoxpopError], depth: int = 0) -> Iterator[tuple[int, str]]:
    """The error and all that are kinds of it, in the order in which they are defined."""
    yield depth, error.__name__
    for kind in error.__subclasses__():
        yield from branches(kind, depth + 1)


def drawn() -> Iterator[tuple[int, str]]:
    """The tree that the module's head draws."""
    _, _, tree = (errors.__doc__ or "").partition("\n\n")
    for line in tree.splitlines():
        name = line.lstrip("│├└─ ")
        yield (len(line) - len(name)) // 4, name


def test_the_head_of_the_errors_draws_all_of_them() -> None:
    assert list(drawn()) == list(branches(VoxpopError))
