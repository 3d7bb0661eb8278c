"""Figures that are to be reached."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bench.contests import Row


@dataclass(frozen=True)
class Fact:
    """A figure, what it is a ratio to or counted against, and how far it must or may go.

    An essential one does not depend on the machine or on what else that does.
    """

    name: str
    beside: str
    value: float
    reach: float
    at_most: bool = False
    errors: int = 0
    essential: bool = False

    @property
    def reached(self) -> bool:
        """Whether it goes so far, with every answer the right one."""
        far = self.value <= self.reach if self.at_most else self.value >= self.reach
        return far and not self.errors

    @property
    def verdict(self) -> str:
        """In a word; loud where it is short of its reach."""
        words = "reached" if self.reached else "MISSED"
        return f"{words}, {self.errors} errors" if self.errors else words

    @property
    def limit(self) -> str:
        """How far it must or may go."""
        return f"{'<=' if self.at_most else '>='} {self.reach:g}"

    def line(self) -> str:
        """For people."""
        return (
            f"{self.name:<36} {self.value:>7.2f} of {self.beside} (reach {self.limit}):"
            f" {self.verdict}"
        )

    def document(self) -> dict[str, Any]:
        """For programs."""
        return {**vars(self), "reached": self.reached}


def of_rows(rows: Iterable[Row]) -> list[Fact]:
    """The ratios that are to reach something."""
    return [_of_row(row, row.reach) for row in rows if row.reach is not None]


def _of_row(row: Row, reach: float) -> Fact:
    name = f"{row.name}, {row.connections} connections"
    return Fact(name, row.beside, row.ratio, reach, errors=row.measured.figures.errors)
