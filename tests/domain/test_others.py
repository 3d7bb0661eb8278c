"""Texts of `is_other` choices: listed with their votes, shown and hidden by owners."""

import pytest
import sqlalchemy as sa
from flask import Flask

from service.domain import others
from service.errors import NotAllowed, PollNotFound, ValidationError
from service.records import OPERATOR, OtherText, OtherTextStatus, Permission, Poll, Role
from service.stores import Stores
from service.stores.sql import models
from service.stores.sql.db import db
from tests.conftest import NOON
from tests.support.actors import logged, member, program
from tests.support.ballots import make_poll

VOTES = {"Millet": 3, "Rye": 3, "Oats": 1, "Nothing": 0}


@pytest.fixture
def poll(app: Flask, stores: Stores) -> Poll:
    """A poll with texts, beside one that has the same."""
    other, poll = make_poll(stores, "noise"), make_poll(stores, "crops")
    rows = [
        {"poll_id": one.id, "question_code": "q1", "text": text, "votes": votes}
        for one in (other, poll)
        for text, votes in VOTES.items()
    ]
    with db.engine.begin() as connection:
        connection.execute(sa.insert(models.OtherText), rows)
    return poll


def listed(stores: Stores, *statuses: OtherTextStatus, slug: str = "crops") -> list[str]:
    page = others.list_for(stores, OPERATOR, slug, statuses or tuple(OtherTextStatus))
    return [text.text for text in page.items]


def test_the_texts_with_most_votes_come_first_page_by_page(stores: Stores, poll: Poll) -> None:
    first = others.list_for(stores, OPERATOR, "crops", limit=2)
    assert [text.text for text in first.items] == ["Millet", "Rye"]
    second = others.list_for(stores, OPERATOR, "crops", after=first.next, limit=2)
    assert second.items == (
        OtherText(question="q1", text="Oats", votes=1, status=OtherTextStatus.PENDING),
    )
    assert second.next is None


def test_what_an_owner_decides_is_kept_logged_and_makes_the_results_anew(
    stores: Stores, poll: Poll
) -> None:
    editor, before = member(poll.site_id), stores.tallies.read(poll.id).revision
    assert list(others.show(stores, editor, "crops", "q1", ["Rye", "Oats"], NOON)) == [
        "Oats",
        "Rye",
    ]
    between = stores.tallies.read(poll.id).revision
    assert list(others.hide(stores, editor, "crops", "q1", ["Oats"], NOON)) == ["Oats"]
    assert listed(stores, OtherTextStatus.SHOWN) == ["Rye"]
    assert listed(stores, OtherTextStatus.HIDDEN) == ["Oats"]
    assert listed(stores, OtherTextStatus.PENDING) == ["Millet"]
    assert listed(stores, OtherTextStatus.SHOWN, slug="noise") == []
    assert before < between < stores.tallies.read(poll.id).revision
    hidden, shown = logged(stores, "other_text.hide", "other_text.show")
    assert (shown.action, shown.after) == (
        "other_text.show",
        {"question": "q1", "texts": ["Oats", "Rye"]},
    )
    assert (hidden.actor, hidden.action, hidden.subject) == (
        "owner:7",
        "other_text.hide",
        "poll:crops",
    )


def test_to_show_again_what_is_shown_changes_nothing(stores: Stores, poll: Poll) -> None:
    others.show(stores, OPERATOR, "crops", "q1", ["Rye"], NOON)
    revision = stores.tallies._sql.read(poll.id).revision
    assert list(others.show(stores, OPERATOR, "crops", "q1", ["Rye"], NOON)) == []
    assert stores.tallies._sql.read(poll.id).revision == revision
    assert len(logged(stores, "other_text.show")) == 1


@pytest.mark.parametrize(
    ("question", "texts"),
    [("q1", ["Rye", "rye"]), ("q2", ["Rye"]), ("q1", []), ("q1", ["x"] * 101), ("q1", ["R\0"])],
)
def test_what_nobody_has_written_is_refused(
    stores: Stores, poll: Poll, question: str, texts: list[str]
) -> None:
    with pytest.raises(ValidationError):
        others.show(stores, OPERATOR, "crops", question, texts, NOON)
    assert listed(stores, OtherTextStatus.SHOWN) == []


@pytest.mark.parametrize(
    "cursor", ["", "!", "W10", "WzEsMiwzXQ", "bnVsbA", "WzEsInExIiwiXHUwMDAwIl0"]
)
def test_a_bad_cursor_is_refused(stores: Stores, poll: Poll, cursor: str) -> None:
    with pytest.raises(ValidationError):
        others.list_for(stores, OPERATOR, "crops", after=cursor)


def test_viewers_read_texts_and_editors_decide(stores: Stores, poll: Poll) -> None:
    viewer = member(poll.site_id, Role.VIEWER)
    assert len(others.list_for(stores, viewer, "crops").items) == 3
    with pytest.raises(NotAllowed):
        others.show(stores, viewer, "crops", "q1", ["Rye"], NOON)
    with pytest.raises(NotAllowed):
        others.list_for(stores, program(poll.site_id, Permission.POLLS_READ), "crops")
    with pytest.raises(PollNotFound):
        others.hide(stores, member(poll.site_id + 1, Role.ADMIN), "crops", "q1", ["Rye"], NOON)
