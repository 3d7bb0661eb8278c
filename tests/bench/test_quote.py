"""docs/performance.md quotes a run as `make bench` writes it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from unittest.mock import MagicMock

from bench.__main__ import NAMES
from bench.contests import CONNECTIONS, HEADLINE, Contest
from bench.growth import MANY, Growth
from bench.quote import BEGINS, DOCUMENT, ENDS, quoted, quoting
from bench.report import CALLS, COST, COST_BESIDE, FACTS, MEMORY, SPEED, SPEED_BESIDE
from bench.sections import SECTIONS
from tests.bench import test_report
from tests.support.documents import rows

PROCESSES = ("web server", "web process 1", "web process 2", "PostgreSQL", "Redis", "bare apps")
ROW = replace(test_report.ROW, name=f"votes among {MANY:,}")
RUN = quoted(DOCUMENT.read_text())


def contests() -> list[Contest]:
    stage = MagicMock()
    return [contest for section in SECTIONS.values() for contest in section(stage)]


def loads() -> list[list[str]]:
    """Names and connections of all that is run, a contest after the other."""
    return [
        [entry.name, str(connections)]
        for contest in contests()
        for entry in contest.entries
        for connections in sorted(contest.connections)
    ]


def facts() -> list[str]:
    """Names of all that is to be reached of the running service."""
    return [
        f"{entry.name}, {HEADLINE} connections"
        for contest in contests()
        if contest.reach is not None
        for entry in contest.entries
    ]


def test_the_tables_have_the_heads_and_rows_that_make_bench_writes() -> None:
    grown = [fact.name for fact in Growth(ROW, 1, 1).facts()]
    kept = ["tallies that differ", *grown, "bytes of Redis a voter"]
    assert [row[0] for row in table(FACTS)] == [*facts(), *kept]
    for heads in ([*SPEED, *SPEED_BESIDE], [*COST, *CALLS, *COST_BESIDE]):
        assert [row[:2] for row in table(heads)] == [*loads(), [ROW.name, str(HEADLINE)]]
    assert [row[0] for row in table(MEMORY)] == list(PROCESSES)


def test_every_load_is_run_at_every_number_of_connections_but_those_without_redis() -> None:
    levels = {
        entry.name: contest.connections for contest in contests() for entry in contest.entries
    }
    away = {"votes, Redis dead", "votes, Redis silent"}
    assert {name for name, wanted in levels.items() if wanted != CONNECTIONS} == away


def test_a_run_is_put_in_the_place_of_the_one_that_is_quoted() -> None:
    document = f"# Before\n\n{BEGINS}\nold\n\n{ENDS}\n# After\n"
    assert quoting(document, "new\n") == f"# Before\n\n{BEGINS}\nnew\n\n{ENDS}\n# After\n"
    assert quoting(DOCUMENT.read_text(), RUN.strip("\n") + "\n") == DOCUMENT.read_text()


def test_the_document_names_every_section() -> None:
    explained = DOCUMENT.read_text().split("## A run")[0]
    assert [name for name in NAMES if not re.search(rf"\b{name}\b", explained)] == []


def table(head: Sequence[str]) -> list[list[str]]:
    """The rows of the quoted table with that head."""
    tables = [rows(part) for part in RUN.split("\n\n")]
    [(_, _, *found)] = [lines for lines in tables if lines and lines[0] == list(head)]
    return found
