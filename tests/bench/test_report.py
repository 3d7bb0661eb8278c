"""What is printed and written of a run, with made-up figures."""

from dataclasses import replace

import pytest

from bench.contests import Measured, Plan, Row
from bench.facts import Fact, of_rows
from bench.load import Figures
from bench.meters import Spent
from bench.processes import Memory
from bench.report import CALLS, COST, COST_BESIDE, SPEED, SPEED_BESIDE, Report, line
from tests.support.documents import rows

ROW = Row(
    "votes",
    64,
    Measured(Figures(2000, 0, 2000.4, 21.84, 39.02, 58.3), Spent(780_000, 106_000, 14_000, 40, 84)),
    "bare app",
    Measured(Figures(1600, 0, 1600.0, 20.0, 30.0, 40.0), Spent(320_000, 80_000, 8_000, 40, 84)),
    1.25,
    0.9,
)
RECOUNT = Fact("tallies that differ", "a recount", 0, 0, at_most=True, essential=True)
SLOW = Fact("votes, 64 connections", "bare app", 0.42, 0.9)


def report(*facts: Fact) -> Report:
    held = {"Redis": Memory(7.4, 4.2)}
    return Report(Plan(5, 3), [ROW], facts, held, {"Redis": Memory(9.0, 6.0)})


def test_a_row_is_told_in_one_line() -> None:
    assert line(ROW) == (
        "votes                         64    2000/s"
        "  p50   21.8  p95   39.0  p99   58.3 ms  errors 0"
        " | CPU us: web 390, PostgreSQL 53, Redis 7; SQL 0.020, Redis 0.042"
        " | bare app: 1600/s, web 200 us | ratio 1.25, of CPU 0.57"
    )


def test_a_ratio_that_has_a_reach_becomes_a_fact() -> None:
    assert of_rows([ROW, replace(ROW, reach=None)]) == [
        Fact("votes, 64 connections", "bare app", 1.25, 0.9)
    ]


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (Fact("votes", "bare app", 0.9, 0.9), "0.90 of bare app (reach >= 0.9): reached"),
        (Fact("votes", "bare app", 0.89, 0.9), "0.89 of bare app (reach >= 0.9): MISSED"),
        (Fact("cost", "1,000", 1.2, 1.25, True), "1.20 of 1,000 (reach <= 1.25): reached"),
        (Fact("cost", "1,000", 1.3, 1.25, True), "1.30 of 1,000 (reach <= 1.25): MISSED"),
        (Fact("v", "b", 2, 0.9, errors=3), "2.00 of b (reach >= 0.9): MISSED, 3 errors"),
    ],
)
def test_a_fact_says_whether_it_is_reached(fact: Fact, words: str) -> None:
    assert fact.line().split(maxsplit=1)[1] == words


def test_a_figure_that_is_missed_is_an_error_only_where_strictly_asked() -> None:
    assert report(RECOUNT, SLOW).exit_code(strict=False) == 0
    assert report(RECOUNT, SLOW).exit_code(strict=True) == 1
    assert report(RECOUNT).exit_code(strict=True) == 0


def test_a_tally_that_is_not_what_the_ballots_say_is_always_an_error() -> None:
    assert report(replace(RECOUNT, value=1)).exit_code(strict=False) == 1


def test_the_tables_hold_every_row_fact_and_process() -> None:
    cells = [row for row in rows(report(RECOUNT, SLOW).markdown()) if row[0] != "---"]
    assert cells == [
        ["what", "beside", "reach", "is", "verdict"],
        ["tallies that differ", "a recount", "<= 0", "0.00", "reached"],
        ["votes, 64 connections", "bare app", ">= 0.9", "0.42", "MISSED"],
        [*SPEED, *SPEED_BESIDE],
        ["votes", "64", "2000", "21.8", "39.0", "58.3", "0", "bare app", "1600", "1.25"],
        [*COST, *CALLS, *COST_BESIDE],
        ["votes", "64", "390", "53", "7", "0.020", "0.042", "200", "50", "5", "0.57"],
        ["MB", "before: RSS", "PSS", "after: RSS", "PSS"],
        ["Redis", "7", "4", "9", "6"],
    ]


def test_the_tables_have_a_load_by_its_connections_though_the_headline_runs_first() -> None:
    names = [("votes", 64), ("votes", 8), ("poll", 64), ("poll", 8)]
    loads = [replace(ROW, name=name, connections=number) for name, number in names]
    written = replace(report(), rows=loads).markdown()
    assert [row[:2] for row in rows(written) if row[0] in ("votes", "poll")] == 2 * [
        ["votes", "8"],
        ["votes", "64"],
        ["poll", "8"],
        ["poll", "64"],
    ]


def test_a_table_without_rows_is_left_out() -> None:
    assert "| what |" in report(RECOUNT).markdown()
    assert "|" not in Report(Plan(), [], []).markdown()


def test_what_was_measured_apart_is_reported_together() -> None:
    apart = Report(Plan(5, 3), [replace(ROW, name="votes among 5,000,000")], [SLOW])
    both = report(RECOUNT) + apart
    assert [row.name for row in both.rows] == ["votes", "votes among 5,000,000"]
    assert both.facts == [RECOUNT, SLOW]
    assert both.after == report().after


def test_programs_get_the_same_figures() -> None:
    document = report(RECOUNT, SLOW).document()
    assert document["plan"] == {"rounds": 5, "seconds": 3, "connections": (1, 8, 64, 256)}
    assert [fact["reached"] for fact in document["facts"]] == [True, False]
    [row] = document["rows"]
    assert (row["p95_ms"], row["each"]["web_us"], row["ratio"]) == (39.02, 390, 1.25)
    assert row["beside"]["each"]["web_us"] == 200
    assert document["memory_mb"]["Redis"]["after"] == {"rss": 9.0, "pss": 6.0}
