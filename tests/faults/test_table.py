"""The table of a long run says what went wrong, and adds up."""

from tests.faults.invariants import Figures
from tests.faults.table import Table


def test_the_rounds_of_a_fault_are_one_row_and_all_rows_have_a_sum() -> None:
    table = Table()
    table.add("flushed", Figures(requests=1500, counted=400, recovered_seconds=0.5))
    table.add("killed", Figures(requests=10, unknown=3))
    table.add("flushed", Figures(requests=500, counted=100, recovered_seconds=0.25))
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in table.markdown().split("\n")
    ]
    assert rows[2] == ["flushed", "2", "2,000", "500", "0", "0", "0", "0", "0", "0.50 s"]
    assert rows[4] == ["all", "3", "2,010", "500", "0", "3", "0", "0", "0", "0.50 s"]
    assert table.is_exact


def test_one_lost_ballot_or_one_broken_promise_is_seen() -> None:
    for figures in (Figures(lost=1), Figures(doubled=1), Figures(drift=1), Figures(broken=["I7"])):
        table = Table()
        table.add("flushed", figures)
        table.add("killed", Figures())
        assert not table.is_exact
        assert table.broken() == ({"flushed": ["I7"]} if figures.broken else {})
