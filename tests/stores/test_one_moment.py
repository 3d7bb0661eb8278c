"""What is read in several queries, while somebody else deletes or edits it between two."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from service.domain import edits, owners, poll_lists, polls
from service.errors import PollNotFound
from service.records import OPERATOR, Poll, PollQuery, Role
from service.stores import Stores
from service.stores.sql.db import db
from tests.conftest import NOON
from tests.support.ballots import cast, make_poll
from tests.support.between import after_reading


@pytest.fixture
def poll(stores: Stores) -> Poll:
    return make_poll(stores, "crops")


def test_a_poll_that_is_deleted_meanwhile_is_read_as_it_was(stores: Stores, poll: Poll) -> None:
    with after_reading(db.engine, "FROM polls", lambda: _delete(stores)):
        assert stores.polls.read("crops") == poll
    with pytest.raises(PollNotFound):
        stores.polls.read("crops")


def test_what_was_cast_in_a_poll_that_is_deleted_meanwhile_is_read_as_it_was(
    stores: Stores, poll: Poll
) -> None:
    cast(stores, poll)
    with after_reading(db.engine, "FROM polls", lambda: _delete(stores)):
        assert stores.polls.cast(poll).ballots == 1
    with pytest.raises(PollNotFound):
        stores.polls.cast(poll)


def test_a_poll_that_is_edited_meanwhile_has_the_questions_of_its_version(
    stores: Stores, poll: Poll
) -> None:
    def edit() -> None:
        draft = replace(polls.draft_of(poll), questions=poll.questions[:1])
        edits.edit(stores, OPERATOR, "crops", draft, poll.row_version, NOON)

    with after_reading(db.engine, "FROM polls", edit):
        assert stores.polls.read("crops") == poll
    now = stores.polls.read("crops")
    assert (now.row_version, now.questions) == (poll.row_version + 1, poll.questions[:1])


def test_a_list_of_which_one_poll_is_deleted_meanwhile_is_whole(stores: Stores, poll: Poll) -> None:
    def listed() -> list[str]:
        page = poll_lists.page(stores, OPERATOR, PollQuery(), NOON)
        return [item.poll.slug for item in page.items]

    with after_reading(db.engine, "FROM polls", lambda: _delete(stores)):
        assert listed() == ["crops", "region-interest"]
    assert listed() == ["region-interest"]


@pytest.mark.parametrize(
    "act",
    [
        lambda stores, poll: edits.edit(
            stores, OPERATOR, "crops", polls.draft_of(poll), poll.row_version, NOON
        ),
        lambda stores, poll: polls.delete(stores, OPERATOR, "crops", NOON),
    ],
    ids=["edit", "delete"],
)
def test_an_act_on_a_poll_that_is_deleted_meanwhile_finds_none(
    stores: Stores, poll: Poll, act: Callable[[Stores, Poll], object]
) -> None:
    with (
        after_reading(db.engine, "FROM polls", lambda: _delete(stores)),
        pytest.raises(PollNotFound),
    ):
        act(stores, poll)


def test_a_poll_that_is_deleted_while_it_is_duplicated_has_a_whole_duplicate(
    stores: Stores, poll: Poll
) -> None:
    with after_reading(db.engine, "FROM polls", lambda: _delete(stores)):
        copy = polls.duplicate(stores, OPERATOR, "crops", NOON)
    assert [question.text for question in copy.questions] == ["Which one?", "Why?"]


def test_owners_of_whom_one_is_removed_meanwhile_all_have_their_role(
    stores: Stores, poll: Poll
) -> None:
    emails = ["ada@news.test", "bo@news.test"]
    site = poll.site_id
    made = [
        owners.create(stores, OPERATOR, email, "correct horse", {site: Role.ADMIN}, NOON)
        for email in emails
    ]

    def remove() -> None:
        owners.remove(stores, OPERATOR, site, made[1].id, NOON)

    with after_reading(db.engine, "FROM owners", remove):
        found = owners.list_for(stores, OPERATOR, site)
    assert [owner.roles[site] for owner in found] == [Role.ADMIN, Role.ADMIN]
    assert owners.list_for(stores, OPERATOR, site) == made[:1]


def _delete(stores: Stores) -> None:
    polls.delete(stores, OPERATOR, "crops", NOON)
