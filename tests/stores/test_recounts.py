"""What a recount finds of texts, which the database itself compares."""

import pytest
import sqlalchemy as sa
from flask import Flask

from service.records import AuditEvent, Choice, Difference, Poll, Question
from service.stores import Stores
from service.stores.sql import models
from service.stores.sql.db import db
from tests.conftest import NOON
from tests.support.ballots import cast, make_poll

TEXT = models.OtherText
OTHER = Question("q1", "Which?", (Choice("c1", "Rice"), Choice("c2", "Else", is_other=True)))
EVENT = AuditEvent(site_id=1, actor="operator", action="poll.recount", subject="poll:x", at=NOON)


def make(stores: Stores, slug: str, *texts: str) -> Poll:
    """A poll with a ballot of each text, and one without."""
    poll = make_poll(stores, slug, OTHER)
    for text in texts:
        cast(stores, poll, "c2", other_texts={"q1": text})
    cast(stores, poll, "c1")
    return poll


@pytest.fixture
def poll(app: Flask, stores: Stores) -> Poll:
    make(stores, "noise", "Rye", "Rye", "Millet")
    return make(stores, "crops", "Millet", "Millet", "Rye", 'A "quoted" \u00e9\U0001f33e')


def falsify(poll: Poll) -> None:
    """One text has too many votes, one is missing, one nobody wrote."""
    of = TEXT.poll_id == poll.id
    row = {"poll_id": poll.id, "question_code": "q1", "text": "Oats", "votes": 3}
    with db.engine.begin() as connection:
        connection.execute(sa.update(TEXT).where(of, TEXT.text == "Millet").values(votes=5))
        connection.execute(sa.delete(TEXT).where(of, TEXT.text == "Rye"))
        connection.execute(sa.insert(TEXT), row)


def test_texts_that_are_what_their_ballots_say_do_not_differ(stores: Stores, poll: Poll) -> None:
    assert stores.recounts.differences(poll.id) == []


def test_texts_that_differ_are_found_and_repaired(stores: Stores, poll: Poll) -> None:
    falsify(poll)
    found = [
        Difference("q1", "", "Millet", 5, 2),
        Difference("q1", "", "Oats", 3, 0),
        Difference("q1", "", "Rye", 0, 1),
    ]
    assert stores.recounts.differences(poll.id) == found
    assert stores.recounts.repair(poll.id, EVENT, NOON) == found
    assert stores.recounts.differences(poll.id) == []


def test_texts_of_ballots_that_were_taken_out_are_not_counted(stores: Stores, poll: Poll) -> None:
    void = sa.update(models.Ballot).where(models.Ballot.poll_id == poll.id).values(status="void")
    with db.engine.begin() as connection:
        connection.execute(void)
    texts = [one for one in stores.recounts.differences(poll.id) if one.text is not None]
    assert [(one.kept, one.counted) for one in texts] == [(1, 0), (2, 0), (1, 0)]
