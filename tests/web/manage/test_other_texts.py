"""Voters' texts over the API."""

import pytest
import sqlalchemy as sa
from flask import Flask

from service.records import Poll
from service.stores import Stores
from service.stores.sql import models
from service.stores.sql.db import db
from tests.support.ballots import make_poll
from tests.support.programs import Program
from tests.web.test_errors import assert_problem

TEXTS = "/v1/polls/crops/other-texts"
LONG = "綿" * 200


@pytest.fixture(autouse=True)
def poll(app: Flask, stores: Stores) -> Poll:
    """A poll with texts, beside another one that has them too."""
    other, poll = make_poll(stores, "noise"), make_poll(stores, "crops")
    rows = [
        {"poll_id": one.id, "question_code": "q1", "text": text, "votes": votes}
        for one in (other, poll)
        for text, votes in ((LONG, 3), ("Rye", 2))
    ]
    with db.engine.begin() as connection:
        connection.execute(sa.insert(models.OtherText), rows)
    return poll


def test_a_program_reads_all_texts_by_their_links(program: Program) -> None:
    first = program.get(f"{TEXTS}?limit=1")
    path = first.headers["Link"].partition(">")[0].removeprefix("<")
    second = program.get(path)
    assert first.json["texts"] == [
        {"question": "q1", "text": LONG, "votes": 3, "status": "pending"}
    ]
    assert [text["text"] for text in second.json["texts"]] == ["Rye"]
    assert (second.json["next"], "Link" in second.headers) == (None, False)


def test_a_program_shows_and_hides_texts(program: Program) -> None:
    body = {"question": "q1", "texts": ["Rye"]}
    assert program.post(f"{TEXTS}/show", body).json == {"texts": ["Rye"]}
    assert program.post(f"{TEXTS}/show", body).json == {"texts": []}
    assert [text["text"] for text in program.get(f"{TEXTS}?status=shown").json["texts"]] == ["Rye"]
    assert program.post(f"{TEXTS}/hide", body).json == {"texts": ["Rye"]}
    assert program.get(f"{TEXTS}?status=shown").json["texts"] == []


def test_a_text_that_nobody_wrote_is_pointed_at(program: Program) -> None:
    body = {"question": "q1", "texts": ["Rye", "Oats"]}
    document = assert_problem(program.post(f"{TEXTS}/show", body), 422, "validation_error")
    assert [error["pointer"] for error in document["errors"]] == ["/texts/1"]
