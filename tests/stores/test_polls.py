"""What one web process changes of a poll, as another sees it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask

from service.domain import edits, polls
from service.errors import PollNotFound
from service.records import OPERATOR, Poll, Status
from service.stores import Stores
from service.stores.polls import DEFINITION_SECONDS, Polls
from service.stores.sql.polls import PollStore
from tests.conftest import NOON
from tests.support.ballots import make_poll
from tests.support.elsewhere import Ticks, polls_elsewhere


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def other(app: Flask, ticks: Ticks) -> Polls:
    """The polls as another process has them in its memory."""
    return polls_elsewhere(ticks)


def test_another_process_sees_an_edit_and_a_close_within_a_second(
    stores: Stores, other: Polls, ticks: Ticks
) -> None:
    poll = make_poll(stores, "crops")
    assert other.find("crops") == poll
    draft = replace(polls.draft_of(poll), title="Grain")
    edits.edit(stores, OPERATOR, "crops", draft, poll.row_version, NOON)
    closed = edits.set_status(stores, OPERATOR, "crops", Status.CLOSED, NOON)
    assert polls.find(stores, "crops") == closed, "its own process sees it at once"
    ticks.seconds = DEFINITION_SECONDS
    assert other.find("crops") == closed


def test_all_who_meet_an_edit_share_one_reading_of_it(
    stores: Stores, other: Polls, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = make_poll(stores, "crops")
    other.find("crops")
    closed = edits.set_status(stores, OPERATOR, "crops", Status.CLOSED, NOON)
    readings, find = [], PollStore.find

    def noted(store: PollStore, slug: str) -> Poll | None:
        readings.append(slug)
        return find(store, slug)

    monkeypatch.setattr(PollStore, "find", noted)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(other.refresh, [poll] * 8)) == [closed] * 8
    assert readings == ["crops"]


def test_another_process_finds_no_deleted_poll_a_second_later(
    stores: Stores, other: Polls, ticks: Ticks
) -> None:
    make_poll(stores, "crops")
    other.find("crops")
    polls.delete(stores, OPERATOR, "crops", NOON)
    ticks.seconds = DEFINITION_SECONDS
    with pytest.raises(PollNotFound):
        other.find("crops")


def test_a_poll_that_is_asked_for_anew_is_known_from_then_on(stores: Stores, other: Polls) -> None:
    poll = make_poll(stores, "crops")
    other.find("crops")
    closed = edits.set_status(stores, OPERATOR, "crops", Status.CLOSED, NOON)
    assert other.refresh(poll) == other.find("crops") == closed
