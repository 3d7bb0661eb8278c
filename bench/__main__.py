"""`make bench`: the service beside bare apps that do the same work without it, in one run.

`python -m bench votes poll` measures these sections only. It ends with 1 where a tally is not what
the ballots say, and with `--strict` also where a figure misses its reach, which it may do on a
machine that is busy with something else.
"""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench import facts, growth
from bench.contests import Plan, Row
from bench.facts import Fact
from bench.report import Report, line
from bench.sections import SECTIONS
from bench.stage import Stage, stage

RESULTS = Path(__file__).resolve().parent / "results"
GROWTH = "growth"
NAMES = (*SECTIONS, GROWTH)


def main(words: Sequence[str]) -> int:
    """Measure, print, and write bench/results/bench.json and bench.md; give the exit code."""
    parser = ArgumentParser("python -m bench", description=f"Sections: {', '.join(NAMES)}.")
    parser.add_argument("sections", nargs="*", metavar="section", help="all, if none is named")
    parser.add_argument("--strict", action="store_true", help="end with 1 where a figure is missed")
    asked = parser.parse_args(words)
    if unknown := set(asked.sections) - set(NAMES):
        parser.error(f"no section: {', '.join(sorted(unknown))}")
    report = _measure(Plan.of_environment(), asked.sections or NAMES)
    _write(report)
    for fact in report.facts:
        print(fact.line())
    return report.exit_code(strict=asked.strict)


def _measure(plan: Plan, names: Sequence[str]) -> Report:
    served = [name for name in names if name in SECTIONS]
    report = _measure_service(plan, served) if served else Report(plan, [], [])
    return report + _measure_growth(plan) if GROWTH in names else report


def _measure_service(plan: Plan, names: Sequence[str]) -> Report:
    with stage() as on:
        before = on.memory()
        rows = list(_rows(on, plan, names))
        after, recount = on.memory(), _recount(on)
    return Report(plan, rows, [*facts.of_rows(rows), recount], before, after)


def _measure_growth(plan: Plan) -> Report:
    kept = growth.measure_voters()
    grown = growth.measure_votes(plan)
    print(line(grown.row), flush=True)
    return Report(plan, [grown.row], [*grown.facts(), kept])


def _rows(on: Stage, plan: Plan, names: Sequence[str]) -> Iterator[Row]:
    for name in names:
        for contest in SECTIONS[name](on):
            for row in contest.rows(plan):
                print(line(row), flush=True)
                yield row


def _recount(on: Stage) -> Fact:
    beside = f"a recount of {on.ballots()} ballots"
    return Fact("tallies that differ", beside, on.differences(), 0, at_most=True, essential=True)


def _write(report: Report) -> None:
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "bench.json").write_text(json.dumps(report.document(), indent=2) + "\n")
    (RESULTS / "bench.md").write_text(report.markdown())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
