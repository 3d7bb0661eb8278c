"""The ballots log in SQL, on SQLite and on PostgreSQL, beside another poll's ballots."""

from dataclasses import fields
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from service.records import BallotFilter, BallotStatus, LoggedBallot, Poll
from service.stores import Stores
from service.stores.sql import models
from service.stores.sql.db import db, reading
from service.stores.sql.long_reads import STREAMED
from tests.conftest import NOON, FakeClock
from tests.support.ballots import cast, make_poll
from tests.support.many_ballots import cast_many

EVERY = BallotFilter()
PAGE = "https://news.test/asia"


@pytest.fixture
def poll(stores: Stores) -> Poll:
    """The poll that is asked about, beside another that has ballots of the same kinds."""
    other = make_poll(stores, "noise")
    for choice in ("c1", "c2", "c3"):
        cast(stores, other, choice, page=PAGE, q2=("c1", "c3"))
    return make_poll(stores, "crops")


def ids(logged: list[LoggedBallot]) -> list[UUID]:
    return [ballot.id for ballot in logged]


def test_the_newest_ballots_come_first_and_page_by_page_without_end(
    stores: Stores, poll: Poll, clock: FakeClock
) -> None:
    cast_ids = set()
    for minute in range(4):  # each minute's three share their moment
        clock.moment = NOON + timedelta(minutes=minute)
        cast_ids |= {cast(stores, poll) for _ in range(3)}
    read: list[LoggedBallot] = []
    while page := stores.ballots.page(poll.id, EVERY, read[-1].place if read else None, 5):
        read += page
    assert len(read) == 12
    assert set(ids(read)) == cast_ids
    moments = [ballot.cast_at for ballot in read]
    assert moments == sorted(moments, reverse=True)
    assert moments[0] == NOON + timedelta(minutes=3)
    with stores.ballots.stream(poll.id, EVERY) as (_, streamed):
        assert ids(list(streamed)) == ids(read)


def test_a_logged_ballot_says_all_but_whose_it_is(stores: Stores, poll: Poll) -> None:
    ballot_id = cast(stores, poll, "c2", q2=("c3", "c1"), page=f"{PAGE}?reader=7#x")
    [logged] = stores.ballots.page(poll.id, EVERY, None, 9)
    assert logged == LoggedBallot(
        id=ballot_id,
        cast_at=NOON,
        status=BallotStatus.COUNTED,
        reason=None,
        page=PAGE,
        country=None,
        answers={"q1": ("c2",), "q2": ("c1", "c3")},
        other_texts={},
    )
    assert not {"voter_key", "network_key"} & {field.name for field in fields(LoggedBallot)}


def test_each_filter_leaves_exactly_what_it_names(
    app: Flask, stores: Stores, poll: Poll, clock: FakeClock
) -> None:
    early = cast(stores, poll, "c1", page=PAGE)
    clock.moment = NOON + timedelta(hours=1)
    late = cast(stores, poll, "c2", q2=("c1", "c2"))
    with db.engine.begin() as connection:
        change = sa.update(models.Ballot).values(status="void", country="IN")
        connection.execute(change.where(models.Ballot.id == late))
    only_early: list[BallotFilter] = [
        BallotFilter(question="q1", choice="c1"),
        BallotFilter(status=BallotStatus.COUNTED),
        BallotFilter(page=PAGE),
        BallotFilter(until=NOON + timedelta(hours=1)),
        BallotFilter(question="q1", choice="c1", page=PAGE, since=NOON),
    ]
    only_late = [
        BallotFilter(question="q2"),
        BallotFilter(question="q2", choice="c2"),
        BallotFilter(status=BallotStatus.VOID),
        BallotFilter(country="IN"),
        BallotFilter(since=NOON + timedelta(seconds=1)),
    ]
    neither = [
        BallotFilter(question="q2", choice="c3"),
        BallotFilter(question="q3"),
        BallotFilter(question="c1", choice="q1"),
        BallotFilter(page=PAGE, country="IN"),
        BallotFilter(page="https://news.test/%"),
        BallotFilter(status=BallotStatus.HELD),
    ]
    for expected, filters in ((early, only_early), (late, only_late), (None, neither)):
        for wanted in filters:
            found = ids(stores.ballots.page(poll.id, wanted, None, 9))
            assert found == ([expected] if expected else []), wanted
            with stores.ballots.stream(poll.id, wanted) as (_, streamed):
                assert ids(list(streamed)) == found


OLD_MOMENTS = "SELECT count(*) FROM pg_stat_activity WHERE backend_xmin IS NOT NULL AND pid <> %s"


class TestStream:
    """While an old moment is kept, what each vote leaves behind must be kept with it."""

    @pytest.fixture
    def database_url(self, postgres_url: str) -> str:
        return postgres_url

    def test_it_stays_of_one_moment_and_keeps_none_from_votes(self, stores: Stores) -> None:
        cast_many(db.engine, "region-interest", 3_000)
        with stores.ballots.stream(1, EVERY) as (_, streamed):
            read = [next(streamed)]
            with db.engine.begin() as connection:
                connection.execute(sa.update(models.Ballot).values(status="void"))
                [(pid,)] = connection.exec_driver_sql("SELECT pg_backend_pid()")
                [(moments,)] = connection.exec_driver_sql(OLD_MOMENTS, (pid,))
            read += streamed
        assert moments == 0
        assert {ballot.status for ballot in read} == {BallotStatus.COUNTED}
        assert len(ids(read)) == 3_000

    def test_what_else_is_streamed_is_laid_by_nowhere(self, app: Flask) -> None:
        rows = sa.text("SELECT generate_series(1, 3000)")
        with (
            reading(db.engine) as connection,
            connection.execute(rows, execution_options=STREAMED) as streamed,
        ):
            assert next(streamed) == (1,)
            assert connection.scalar(sa.text("SELECT is_holdable FROM pg_cursors")) is False
