"""Counting in SQL: what is added is what is read."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from service.records import ALL_BALLOTS
from service.stores.sql import tallies
from service.stores.sql.db import db
from tests.conftest import NOON

LATER = NOON.replace(hour=13)
BALLOT = {"q1": ("c1",)}
Write = Callable[[sa.Connection], None]
WRITES: dict[str, Write] = {
    "added": lambda sql: tallies.add(sql, 1, [BALLOT], NOON),
    "taken off": lambda sql: tallies.subtract(sql, 1, [BALLOT], NOON),
    "counted again": lambda sql: tallies.put(sql, 1, {ALL_BALLOTS: 7}, NOON),
}


def test_the_tally_read_while_adding_holds_what_changed_and_what_did_not(app: Flask) -> None:
    with db.engine.begin() as connection:
        tallies.add(connection, 1, [{"q1": ("c1",)}, {"q1": ("c2",)}], NOON)
        tally = tallies.add_and_read(connection, 1, [{"q1": ("c2",)}, {"q1": ("c3",)}], LATER, 7)
        assert tally == tallies.read(connection, 1, 7)
    assert (tally.revision, tally.ballots, tally.counted_at) == (7, 4, LATER)
    assert {choice: votes for (_, choice), votes in tally.counts.items() if choice} == {
        "c1": 1,
        "c2": 2,
        "c3": 1,
    }
    assert tallies.TallyStore(db.engine).read(1).counts == tally.counts


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_what_a_host_with_a_slow_clock_counts_is_as_new_as_what_was_counted_before(
    app: Flask, write: Write
) -> None:
    with db.engine.begin() as connection:
        tallies.add(connection, 1, [BALLOT, BALLOT], LATER)
        before = tallies.read(connection, 1, 7)
        write(connection)
        tally = tallies.read(connection, 1, 8)
    assert tally.counted_at == before.counted_at == LATER
    assert tally.ballots != before.ballots
