"""Loads that run in turn, with made-up speeds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import Mock

import pytest

from bench.contests import Contest, Entry, Measured, Plan, together
from bench.load import Figures
from bench.meters import NOTHING, Spent

SPENT = Spent(3000, 200, 10, 2, 4)


def measured(per_second: float, errors: int = 0, p99_ms: float = 9.0) -> Measured:
    return Measured(Figures(10, errors, per_second, 1.0, 5.0, p99_ms), SPENT)


@dataclass(frozen=True)
class MadeUp(Entry):
    """An entry that answers with the speeds it is given, and writes down when it ran."""

    speeds: Sequence[float] = ()
    runs: list[tuple[str, int, int]] = field(default_factory=list)

    def run(self, connections: int, seconds: int) -> Measured:
        done = sum(name == self.name for name, _, _ in self.runs)
        self.runs.append((self.name, connections, seconds))
        return measured(self.speeds[done])


def made_up(name: str, speeds: Sequence[float], runs: Any) -> MadeUp:
    return MadeUp(name, "", Mock(), "", speeds=speeds, runs=runs)


def test_each_round_has_a_ratio_of_its_own_and_their_median_counts() -> None:
    runs: list[Any] = []
    ours = made_up("ours", [1, 90, 300, 200], runs)
    theirs = made_up("theirs", [1, 100, 200, 400], runs)
    [row] = Contest([ours], theirs, 0.9).rows(Plan(3, 2, [64]))
    assert row.ratio == 0.9  # of 0.9, 1.5 and 0.5
    assert row.measured.figures.per_second == 200
    assert row.reach == 0.9


def test_a_round_warms_up_and_every_other_one_runs_the_other_way_about() -> None:
    runs: list[Any] = []
    entries = [made_up(name, [1] * 3, runs) for name in "bc"]
    list(Contest(entries, made_up("a", [1] * 3, runs), None).rows(Plan(2, 5, [64])))
    assert "".join(name for name, _, _ in runs) == "abcabccba"
    assert [seconds for _, _, seconds in runs] == [1] * 3 + [5] * 6


def test_only_the_headline_has_several_rounds_and_a_reach_and_it_comes_first() -> None:
    runs: list[Any] = []
    ours, theirs = made_up("ours", [1] * 9, runs), made_up("theirs", [1] * 9, runs)
    rows = list(Contest([ours], theirs, 1.5).rows(Plan(3, 2, [1, 8, 64, 256])))
    assert [(row.connections, row.reach) for row in rows] == [
        (64, 1.5),
        (1, None),
        (8, None),
        (256, None),
    ]
    assert [connections for _, connections, _ in runs] == [64] * 8 + [1] * 2 + [8] * 2 + [256] * 2


def test_a_contest_that_is_only_of_the_headline_leaves_the_others_out() -> None:
    ours, theirs = made_up("ours", [1] * 2, []), made_up("theirs", [1] * 2, [])
    rows = Contest([ours], theirs, None, [64]).rows(Plan(1, 2, [1, 64]))
    assert [row.connections for row in rows] == [64]


def test_errors_and_what_is_spent_are_summed_over_the_rounds() -> None:
    total = together([measured(100, 1), measured(300, 2, p99_ms=50), measured(200, 0)])
    assert total.figures == Figures(30, 3, 200, 1.0, 5.0, 9.0)
    assert total.each == Spent(300, 20, 1, 0.2, 0.4)


def test_a_load_that_got_no_answer_at_all_costs_nothing_and_is_no_division_by_zero() -> None:
    nothing = Measured(Figures(0, 64, 0.0, 0.0, 0.0, 0.0), NOTHING)
    assert nothing.each == NOTHING


def test_the_plan_is_made_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Plan.of_environment() == Plan(4, 3, [1, 8, 64, 256])
    for name, value in {"ROUNDS": "2", "SECONDS": "1", "CONNECTIONS": "8,64"}.items():
        monkeypatch.setenv(f"BENCH_{name}", value)
    assert Plan.of_environment() == Plan(2, 1, [8, 64])
