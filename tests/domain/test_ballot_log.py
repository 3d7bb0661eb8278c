"""The ballots log as the domain gives it: pages without end, for whom may read them."""

from datetime import timedelta

import pytest

from service.domain import ballot_log
from service.errors import NotAllowed, PollNotFound, ValidationError
from service.records import OPERATOR, BallotFilter, Permission, Poll, Role
from service.stores import Stores
from tests.conftest import NOON, FakeClock
from tests.support.actors import member, program
from tests.support.ballots import cast, make_poll


@pytest.fixture
def poll(stores: Stores) -> Poll:
    """The poll, beside one of the same site and one of another that have ballots too."""
    for other in (make_poll(stores, "noise"), make_poll(stores, "foreign", site="rival")):
        cast(stores, other, "c2")
    return make_poll(stores, "crops")


def test_the_pages_of_the_log_hold_each_ballot_once_whatever_is_cast_meanwhile(
    stores: Stores, poll: Poll, clock: FakeClock
) -> None:
    cast_ids = []
    for minute in range(7):
        clock.moment = NOON + timedelta(minutes=minute // 2)
        cast_ids.append(cast(stores, poll))
    read, cursor = [], None
    while True:
        page = ballot_log.read(stores, OPERATOR, "crops", after=cursor, limit=3)
        read += [ballot.id for ballot in page.items]
        cast(stores, poll)  # a new one is before the first page, never within a later one
        if (cursor := page.next) is None:
            break
    assert len(read) == 7
    assert set(read) == set(cast_ids)


def test_a_filter_and_a_page_go_together(stores: Stores, poll: Poll) -> None:
    wanted = {cast(stores, poll, "c2") for _ in range(3)}
    cast(stores, poll, "c1")
    only = BallotFilter(question="q1", choice="c2")
    first = ballot_log.read(stores, OPERATOR, "crops", only, limit=2)
    second = ballot_log.read(stores, OPERATOR, "crops", only, first.next, limit=2)
    assert {ballot.id for ballot in (*first.items, *second.items)} == wanted
    assert (len(first.items), len(second.items), second.next) == (2, 1, None)


def test_the_last_page_that_is_just_full_has_no_next(stores: Stores, poll: Poll) -> None:
    cast(stores, poll)
    assert ballot_log.read(stores, OPERATOR, "crops", limit=1).next is None


@pytest.mark.parametrize("cursor", ["", "x", "1-2", "9" * 18 + "-" + "0" * 32, "1-" + "g" * 32])
def test_a_bad_cursor_is_refused(stores: Stores, poll: Poll, cursor: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ballot_log.read(stores, OPERATOR, "crops", after=cursor)
    assert refused.value.errors[0].pointer == "/after"


@pytest.mark.parametrize("limit", [0, -1, 501])
def test_a_bad_page_size_is_refused(stores: Stores, poll: Poll, limit: int) -> None:
    with pytest.raises(ValidationError):
        ballot_log.read(stores, OPERATOR, "crops", limit=limit)


def test_viewers_read_the_log_and_other_sites_know_nothing_of_the_poll(
    stores: Stores, poll: Poll
) -> None:
    assert ballot_log.read(stores, member(poll.site_id, Role.VIEWER), "crops").items == ()
    with pytest.raises(PollNotFound):
        ballot_log.read(stores, member(poll.site_id + 1, Role.ADMIN), "crops")
    with pytest.raises(NotAllowed):
        ballot_log.read(stores, program(poll.site_id, Permission.BALLOTS_VOID), "crops")


def test_the_way_back_leads_over_the_same_pages(
    stores: Stores, poll: Poll, clock: FakeClock
) -> None:
    for minute in range(8):
        clock.moment = NOON + timedelta(minutes=minute // 2)
        cast(stores, poll)
    pages = [ballot_log.read(stores, OPERATOR, "crops", limit=3)]
    while pages[-1].next:
        pages.append(ballot_log.read(stores, OPERATOR, "crops", after=pages[-1].next, limit=3))
    assert pages[0].previous is None
    back = pages[-1]
    for page in reversed(pages[:-1]):
        assert back.previous is not None
        back = ballot_log.read(stores, OPERATOR, "crops", before=back.previous, limit=3)
        assert (back.items, back.next) == (page.items, page.next)
    assert back.previous is None


def test_before_the_newest_there_is_nothing(stores: Stores, poll: Poll) -> None:
    for _ in range(2):
        cast(stores, poll)
    older = ballot_log.read(stores, OPERATOR, "crops", limit=1)
    first = ballot_log.read(stores, OPERATOR, "crops", after=older.next, limit=1)
    newest = ballot_log.read(stores, OPERATOR, "crops", before=first.previous, limit=5)
    assert newest.items == older.items
    nothing = f"{'9' * 16}-{'0' * 32}"
    assert ballot_log.read(stores, OPERATOR, "crops", before=nothing).items == ()
