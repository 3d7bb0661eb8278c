"""Recounting finds every difference between what is kept and the ballots, and repairs it."""

from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from service.domain import recounts, results
from service.records import Difference, Poll
from service.stores import Stores
from service.stores.sql import models
from service.stores.sql.db import db
from tests.conftest import NOON
from tests.support.actors import logged
from tests.support.ballots import cast, make_poll

TALLY, TEXT = models.Tally, models.OtherText


@pytest.fixture
def poll(stores: Stores) -> Poll:
    """A poll whose tally is right, beside another one."""
    other, poll = make_poll(stores, "noise"), make_poll(stores, "crops")
    for choice in ("c1", "c2", "c2"):
        cast(stores, other, choice)
        cast(stores, poll, choice, q2=("c1", "c3"))
    return poll


def found(stores: Stores, *, fix: bool = False) -> list[tuple[str, Difference]]:
    return [(slug, one) for slug, some in recounts.run(stores, NOON, fix=fix) for one in some]


def falsify(poll: Poll) -> list[tuple[str, Difference]]:
    """Change what is kept behind the service's back; give what a recount must find."""
    of_poll = TALLY.poll_id == poll.id
    with db.engine.begin() as connection:
        c2 = sa.update(TALLY).where(of_poll, TALLY.question_code == "q1", TALLY.choice_code == "c2")
        connection.execute(c2.values(votes=7))
        connection.execute(sa.delete(TALLY).where(of_poll, TALLY.choice_code == "c3"))
        row = {"poll_id": poll.id, "question_code": "q1", "text": "Rye", "votes": 2}
        connection.execute(sa.insert(TEXT), [row, {**row, "text": "Oats", "votes": 0}])
    return [
        ("crops", Difference("q1", "c2", None, 7, 2)),
        ("crops", Difference("q2", "c3", None, 0, 3)),
        ("crops", Difference("q1", "", "Rye", 2, 0)),
    ]


def test_a_recount_finds_no_difference_where_there_is_none(stores: Stores, poll: Poll) -> None:
    assert found(stores) == []
    assert [slug for slug, _ in recounts.run(stores, NOON)] == ["region-interest", "noise", "crops"]


def test_a_recount_names_what_differs_and_changes_nothing(stores: Stores, poll: Poll) -> None:
    planted = falsify(poll)
    assert found(stores) == planted
    assert found(stores) == planted
    assert logged(stores, "poll.recount") == []
    assert [str(one) for _, one in planted] == ["q1.c2", "q2.c3", 'q1 "Rye"']


def test_a_repair_leaves_no_difference_and_shows_at_once(stores: Stores, poll: Poll) -> None:
    right = results.read(stores, poll, NOON)
    planted = falsify(poll)
    assert found(stores, fix=True) == planted
    assert found(stores) == []
    shown = results.read(stores, poll, NOON)
    assert shown.questions == right.questions
    assert shown.revision == right.revision + 1
    [event] = logged(stores, "poll.recount")
    assert (event.actor, event.action, event.subject) == ("operator", "poll.recount", "poll:crops")
    assert event.after == {
        "q1.c2": {"from": 7, "to": 2},
        "q2.c3": {"from": 0, "to": 3},
        'q1 "Rye"': {"from": 2, "to": 0},
    }


def test_a_text_that_is_missing_comes_back_unshown(app: Flask, stores: Stores, poll: Poll) -> None:
    ballot = cast(stores, poll)
    _write(ballot, "Millet")
    planted = Difference("q1", "", "Millet", 0, 1)
    assert found(stores, fix=True) == [("crops", planted)]
    with db.engine.connect() as connection:
        [row] = connection.execute(sa.select(TEXT).where(TEXT.poll_id == poll.id))
    assert (row.text, row.votes, row.status) == ("Millet", 1, "pending")


def _write(ballot: UUID, text: str) -> None:
    with db.engine.begin() as connection:
        change = sa.update(models.Ballot).where(models.Ballot.id == ballot)
        connection.execute(change.values(other_texts={"q1": text}))
