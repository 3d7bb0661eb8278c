"""The table of a long run: for people, and as Markdown."""

from collections.abc import Mapping

from tests.faults.invariants import Figures

COLUMNS = (
    "fault",
    "rounds",
    "requests",
    "counted",
    "refused",
    "unknown",
    "lost",
    "doubled",
    "drift",
    "votes again after",
)


class Table:
    """One row for each fault, in the order in which they first happened, and their sum."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[int, Figures]] = {}

    def add(self, fault: str, figures: Figures, rounds: int = 1) -> None:
        """Count one more round of the fault."""
        before, sum_before = self._rows.get(fault, (0, Figures()))
        self._rows[fault] = (before + rounds, sum_before + figures)

    @property
    def total(self) -> Figures:
        """All rows together."""
        return sum((figures for _, figures in self._rows.values()), Figures())

    @property
    def rounds(self) -> int:
        """How many faults there were."""
        return sum(rounds for rounds, _ in self._rows.values())

    @property
    def is_exact(self) -> bool:
        """Nothing lost, nothing doubled, nothing drifts, every promise is kept."""
        total = self.total
        return not (total.lost or total.doubled or total.drift or total.broken)

    def broken(self) -> Mapping[str, list[str]]:
        """What did not hold, by fault."""
        return {name: row.broken for name, (_, row) in self._rows.items() if row.broken}

    def markdown(self) -> str:
        """The rows and their sum, which reads well as text too."""
        rows = [_cells(name, *row) for name, row in self._rows.items()]
        rows.append(_cells("all", self.rounds, self.total))
        widths = [max(map(len, column)) for column in zip(COLUMNS, *rows, strict=True)]
        rule = [f"{'-' * (width - 1)}:" for width in widths]
        rule[0] = "-" * widths[0]
        lines = [list(COLUMNS), rule, *rows]
        return "".join(_line(cells, widths) for cells in lines)


def _cells(name: str, rounds: int, figures: Figures) -> list[str]:
    numbers = [rounds, *(getattr(figures, column) for column in COLUMNS[2:-1])]
    return [name, *(f"{number:,}" for number in numbers), f"{figures.recovered_seconds:.2f} s"]


def _line(cells: list[str], widths: list[int]) -> str:
    first, *others = cells
    padded = [first.ljust(widths[0])]
    padded += [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
    return f"| {' | '.join(padded)} |\n"
