"""What a run has come to, for people, for programs and for docs/performance.md."""

import os
import platform
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.contests import HEADLINE, Measured, Plan, Row
from bench.facts import Fact
from bench.meters import Spent
from bench.processes import Memory

Cells = Sequence[str]
SPEED = ("what", "connections", "a second", "p50 ms", "p95 ms", "p99 ms", "errors")
SPEED_BESIDE = ("beside", "a second", "ratio")
COST = ("what", "connections", "web µs", "PostgreSQL µs", "Redis µs")
CALLS = ("SQL commits", "Redis round trips")
COST_BESIDE = ("beside, the same: web µs", "PostgreSQL µs", "Redis µs", "ratio of all µs")
MEMORY = ("MB", "before: RSS", "PSS", "after: RSS", "PSS")
FACTS = ("what", "beside", "reach", "is", "verdict")


@dataclass(frozen=True)
class Report:
    """All that was measured."""

    plan: Plan
    rows: Sequence[Row]
    facts: Sequence[Fact]
    before: Mapping[str, Memory] = field(default_factory=dict)
    after: Mapping[str, Memory] = field(default_factory=dict)

    def __add__(self, other: "Report") -> "Report":
        """Both; of the other's memory nothing is known."""
        rows, facts = [*self.rows, *other.rows], [*self.facts, *other.facts]
        return replace(self, rows=rows, facts=facts)

    def exit_code(self, *, strict: bool) -> int:
        """1 if anything is missed that counts: always what is essential, strictly all."""
        counting = (fact for fact in self.facts if strict or fact.essential)
        return 0 if all(fact.reached for fact in counting) else 1

    def document(self) -> dict[str, Any]:
        """For programs."""
        return {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": machine(),
            "plan": asdict(self.plan),
            "facts": [fact.document() for fact in self.facts],
            "rows": [_row_document(row) for row in self.rows],
            "memory_mb": {
                name: {"before": vars(self.before[name]), "after": vars(held)}
                for name, held in self.after.items()
            },
        }

    def markdown(self) -> str:
        """For docs/performance.md."""
        tables = (
            _table(FACTS, map(_fact_cells, self.facts)),
            _table((*SPEED, *SPEED_BESIDE), map(_speed_cells, self._ordered())),
            _table((*COST, *CALLS, *COST_BESIDE), map(_cost_cells, self._ordered())),
            _table(MEMORY, self._memory_cells()),
        )
        return "\n\n".join((self._circumstances(), *filter(None, tables))) + "\n"

    def _circumstances(self) -> str:
        day = datetime.now(UTC).date().isoformat()
        return (
            f"{day}, {machine()}. At {HEADLINE} connections {self.plan.rounds} rounds of"
            f" {self.plan.seconds} s, in turn; else one."
        )

    def _ordered(self) -> list[Row]:
        """The rows as they came, but each load's by the number of connections."""
        names = [row.name for row in self.rows]
        return sorted(self.rows, key=lambda row: (names.index(row.name), row.connections))

    def _memory_cells(self) -> Iterator[Cells]:
        for name, after in self.after.items():
            held = (self.before[name].rss, self.before[name].pss, after.rss, after.pss)
            yield (name, *(f"{megabytes:.0f}" for megabytes in held))


def line(row: Row) -> str:
    """The row for people, while it all runs."""
    figures, each, limit = row.measured.figures, row.measured.each, row.limit
    return (
        f"{row.name:<28} {row.connections:>3} {figures.per_second:>7.0f}/s"
        f"  p50 {figures.p50_ms:>6.1f}  p95 {figures.p95_ms:>6.1f}  p99 {figures.p99_ms:>6.1f} ms"
        f"  errors {figures.errors}"
        f" | CPU us: web {each.web_us:.0f}, PostgreSQL {each.postgres_us:.0f},"
        f" Redis {each.redis_us:.0f}; SQL {each.commits:.3f}, Redis {each.round_trips:.3f}"
        f" | {row.beside}: {limit.figures.per_second:.0f}/s, web {limit.each.web_us:.0f} us"
        f" | ratio {row.ratio:.2f}, of CPU {row.cpu_ratio:.2f}"
    )


def machine() -> str:
    """What it ran on."""
    models = re.findall(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    model = models[0] if models else platform.machine()
    system = f"{platform.system()} {platform.release()}"
    return f"{os.cpu_count()} cores of {model}, {system}, Python {platform.python_version()}"


def _table(head: Cells, rows: Iterable[Cells]) -> str:
    """The table; nothing, where there are no rows."""
    if not (rows := list(rows)):
        return ""
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows))


def _fact_cells(fact: Fact) -> Cells:
    return (fact.name, fact.beside, fact.limit, f"{fact.value:.2f}", fact.verdict)


def _speed_cells(row: Row) -> Cells:
    figures = row.measured.figures
    latencies = (figures.p50_ms, figures.p95_ms, figures.p99_ms)
    return (
        row.name,
        str(row.connections),
        f"{figures.per_second:.0f}",
        *(f"{milliseconds:.1f}" for milliseconds in latencies),
        str(figures.errors),
        row.beside,
        f"{row.limit.figures.per_second:.0f}",
        f"{row.ratio:.2f}",
    )


def _cost_cells(row: Row) -> Cells:
    each = row.measured.each
    return (
        row.name,
        str(row.connections),
        *_microseconds(each),
        f"{each.commits:.3f}",
        f"{each.round_trips:.3f}",
        *_microseconds(row.limit.each),
        f"{row.cpu_ratio:.2f}",
    )


def _microseconds(each: Spent) -> Iterator[str]:
    return (f"{spent:.0f}" for spent in (each.web_us, each.postgres_us, each.redis_us))


def _row_document(row: Row) -> dict[str, Any]:
    return {
        "name": row.name,
        "connections": row.connections,
        **_measured_document(row.measured),
        "beside": {"name": row.beside, **_measured_document(row.limit)},
        "ratio": row.ratio,
        "cpu_ratio": row.cpu_ratio,
    }


def _measured_document(measured: Measured) -> dict[str, Any]:
    return {**vars(measured.figures), "each": vars(measured.each)}
