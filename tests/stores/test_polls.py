"""What one web process changes of a poll, as another sees it."""

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from threading import Event

import pytest
from flask import Flask

from service.domain import edits, polls, signing_keys, sites
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


def test_nobody_who_meets_an_edit_waits_for_the_reading_of_another_poll(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.stores.polls.DEFINITION_SECONDS", 60.0)  # so long would they
    other = polls_elsewhere()
    both = [make_poll(stores, slug) for slug in ("large", "crops")]
    large, crops = [other.find(poll.slug) for poll in both]
    for poll in both:
        edits.set_status(stores, OPERATOR, poll.slug, Status.CLOSED, NOON)
    reading, let, find = Event(), Event(), PollStore.find

    def slow(store: PollStore, slug: str) -> Poll | None:
        if slug == "large":
            reading.set()
            assert let.wait(30)
        return find(store, slug)

    monkeypatch.setattr(PollStore, "find", slow)
    with ThreadPoolExecutor(2) as pool:
        held = pool.submit(other.refresh, large)
        assert reading.wait(30)
        at_once = pool.submit(other.refresh, crops)
        wait([at_once], timeout=15)
        ended = [held.done(), at_once.done()]
        let.set()
        assert ended == [False, True]
        assert {each.result(30).schedule.status for each in (held, at_once)} == {Status.CLOSED}


def test_no_poll_is_found_by_looking_again_for_one_that_was_deleted_here(
    stores: Stores, other: Polls
) -> None:
    make_poll(stores, "crops")
    poll = other.find("crops")
    polls.delete(replace(stores, polls=other), OPERATOR, "crops", NOON)
    with pytest.raises(PollNotFound):
        other.look_again(poll)


def test_another_process_sees_what_becomes_of_the_site_within_a_second(
    stores: Stores, other: Polls, ticks: Ticks
) -> None:
    def seen() -> Poll:
        ticks.seconds += DEFINITION_SECONDS
        return other.find("crops")

    poll = make_poll(stores, "crops")
    assert other.find("crops") == poll
    sites.allow(stores, OPERATOR, "demo", ["https://sister.test"], NOON)
    assert seen().origins == {*poll.origins, "https://sister.test"}
    site = sites.find(stores, OPERATOR, "demo")
    key = signing_keys.create(stores, OPERATOR, site.id, None, NOON)
    assert seen().signing_keys == (key,)
    signing_keys.remove(stores, OPERATOR, key.id, NOON)
    assert seen().signing_keys == ()


def test_a_poll_is_read_again_only_after_an_edit(
    stores: Stores, other: Polls, ticks: Ticks, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = make_poll(stores, "crops")
    assert other.find("crops") == poll
    with monkeypatch.context() as patch:
        patch.setattr(PollStore, "find", lambda *_: pytest.fail("it was read"))
        ticks.seconds = DEFINITION_SECONDS
        assert other.find("crops") == other.look_again(poll) == poll
    closed = edits.set_status(stores, OPERATOR, "crops", Status.CLOSED, NOON)
    ticks.seconds += DEFINITION_SECONDS
    assert other.find("crops") == closed


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
