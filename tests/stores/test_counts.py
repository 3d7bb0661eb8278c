"""Counting in SQL: what is added is what is read."""

from flask import Flask

from service.stores.sql import tallies
from service.stores.sql.db import db
from tests.conftest import NOON

LATER = NOON.replace(hour=13)


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
