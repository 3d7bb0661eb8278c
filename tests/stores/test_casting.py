"""Inserting ballots and counting them: what got in is what is counted."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask

from service.records import Ballot, Tally
from service.stores.sql import casting, models, tallies
from service.stores.sql.db import db, writing
from tests.conftest import NOON

POLL = 1
REVISION = 7


def new_ballot(choice: str = "c1") -> Ballot:
    key = uuid4().bytes
    return Ballot(uuid4(), POLL, key, None, None, {"q1": (choice,)}, key, None, bytes(16))


def cast(*ballots: Ballot, now: datetime = NOON) -> tuple[list[Ballot], Tally | None]:
    with writing(db.engine) as connection:
        counted, tally = casting.cast(connection, ballots, now, REVISION)
        if tally is not None:
            assert tally == tallies.read(connection, POLL, REVISION), "what is said is what is kept"
    return counted, tally


def votes(tally: Tally | None) -> dict[str, int]:
    assert tally is not None
    return {choice or "all": n for (_, choice), n in tally.counts.items()}


def test_a_batch_of_new_voters_is_counted_with_the_counts_that_it_does_not_change(
    app: Flask,
) -> None:
    cast(new_ballot("c1"))
    batch = [new_ballot("c2"), new_ballot("c3"), new_ballot("c2")]
    counted, tally = cast(*batch)
    assert counted == batch
    assert votes(tally) == {"all": 4, "c1": 1, "c2": 2, "c3": 1}
    assert tally is not None
    assert (tally.revision, tally.counted_at) == (REVISION, NOON)


def test_a_batch_of_a_host_with_a_slow_clock_is_as_new_as_the_one_before(app: Flask) -> None:
    later = NOON + timedelta(milliseconds=7)
    cast(new_ballot(), now=later)
    _, tally = cast(new_ballot())
    assert tally is not None
    assert (tally.ballots, tally.counted_at) == (2, later)


def test_of_a_batch_in_which_some_have_voted_only_the_others_are_counted(app: Flask) -> None:
    before = new_ballot("c1")
    cast(before)
    again, same_id = replace(before, id=uuid4()), replace(new_ballot("c2"), id=before.id)
    new = new_ballot("c2")
    counted, tally = cast(again, new, replace(new), same_id)
    assert counted == [new]
    assert votes(tally) == {"all": 2, "c1": 1, "c2": 1}


def test_of_ballots_with_one_id_in_a_batch_the_one_that_got_in_is_counted(app: Flask) -> None:
    before = new_ballot("c1")
    cast(before)
    voted = replace(before, id=uuid4(), answers={"q1": ("c2",)})
    new = replace(new_ballot("c3"), id=voted.id)
    later = replace(new_ballot("c4"), id=voted.id)
    counted, tally = cast(voted, new, later)
    assert counted == [new]
    assert votes(tally) == {"all": 2, "c1": 1, "c3": 1}


def test_a_batch_in_which_all_have_voted_changes_nothing(app: Flask) -> None:
    before = new_ballot()
    cast(before)
    assert cast(before, replace(before, id=uuid4())) == ([], None)
    with db.engine.connect() as connection:
        assert tallies.read(connection, POLL, REVISION).ballots == 1
        assert connection.scalar(sa.select(sa.func.count(models.Ballot.id))) == 1


@pytest.mark.parametrize(
    "said",
    [
        {"page": "https://news.test/a", "country": "IN"},
        {"network_key": bytes(16)},
        {"other_texts": {"q1": "Åland"}},
        {"answers": {}},
    ],
)
def test_what_only_one_ballot_of_a_batch_says_is_kept_of_that_one(
    app: Flask, said: dict[str, object]
) -> None:
    plain = new_ballot()
    full = replace(plain, id=uuid4(), voter_key=uuid4().bytes, **said)  # type: ignore[arg-type]
    cast(plain, full)
    columns = ("page", "country", "network_key", "other_texts", "answers")
    with db.engine.connect() as connection:
        rows = connection.execute(sa.select(models.Ballot.__table__)).mappings()
        kept = {row["id"]: {name: row[name] for name in columns} for row in rows}
    assert kept[plain.id] == dict.fromkeys(columns) | {"answers": {"q1": ["c1"]}}
    assert kept[full.id] == kept[plain.id] | said
