"""What owners see of results: all counts always, over time, by page and by country."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from service.domain import ballot_log, breakdowns, others, results
from service.domain.breakdowns import Part
from service.domain.timelines import Bucket
from service.errors import NotAllowed, PollNotFound, ResultsHidden, ValidationError
from service.records import (
    OPERATOR,
    BallotStatus,
    Choice,
    Permission,
    Poll,
    Question,
    ResultsVisibility,
    Role,
)
from service.stores import Stores
from service.stores.sql import models
from service.stores.sql.db import db
from tests.conftest import NOON, FakeClock
from tests.support.actors import member, program
from tests.support.ballots import cast, make_poll

ASIA, HOME = "https://news.test/asia", "https://news.test/"


@pytest.fixture
def poll(stores: Stores) -> Poll:
    """A poll that hides its results, beside another one with ballots of the same kinds."""
    other = make_poll(stores, "noise")
    for page in (ASIA, HOME, None):
        cast(stores, other, "c3", page=page)
    return make_poll(
        stores, "crops", results_visibility=ResultsVisibility.OWNERS, percent_only=True
    )


def void(stores: Stores, poll: Poll) -> None:
    """A ballot that no figure may hold."""
    voided = cast(stores, poll, "c3", page="https://spam.test/")
    ballot_log.void(stores, OPERATOR, poll.slug, [voided], "x", NOON)


def test_owners_see_all_counts_whatever_readers_see(stores: Stores, poll: Poll) -> None:
    for choice in ("c1", "c1", "c2"):
        cast(stores, poll, choice)
    void(stores, poll)
    with pytest.raises(ResultsHidden):
        results.read(stores, poll, NOON)
    shown = results.for_owners(stores, member(poll.site_id, Role.VIEWER), "crops", NOON)
    assert shown.ballots == 3
    assert [(one.votes, one.percent) for one in shown.questions[0].choices] == [
        (2, 66.7),
        (1, 33.3),
        (0, 0.0),
    ]


def test_owners_see_the_texts_that_are_shown(stores: Stores) -> None:
    other = Question("q1", "Which?", (Choice("c1", "Rice"), Choice("c2", "Else", is_other=True)))
    poll = make_poll(stores, "texts", other, results_visibility=ResultsVisibility.OWNERS)
    for text in ("Millet", "Millet", "Rye"):
        cast(stores, poll, "c2", other_texts={"q1": text})
    others.show(stores, OPERATOR, "texts", "q1", ["Millet"], NOON)
    [question] = results.for_owners(stores, OPERATOR, "texts", NOON).questions
    assert [(text.text, text.votes) for text in question.other_texts] == [("Millet", 2)]


def test_a_ballot_is_of_the_hour_in_which_it_was_cast_to_the_microsecond(
    stores: Stores, poll: Poll, clock: FakeClock
) -> None:
    for before_noon in (1, 0):
        clock.moment = NOON - timedelta(microseconds=before_noon)
        cast(stores, poll)
    counts = stores.breakdowns.by_moment(poll.id, 3600)
    noon = int(NOON.timestamp())
    assert {second: votes["", ""] for second, votes in counts.items()} == {noon - 3600: 1, noon: 1}


def test_votes_over_time_are_those_of_counted_ballots_on_the_sites_clocks(
    stores: Stores, poll: Poll, clock: FakeClock
) -> None:
    clock.moment = NOON + timedelta(seconds=59, microseconds=999_000)
    cast(stores, poll, "c1", q2=("c1", "c2"))
    clock.moment = NOON + timedelta(minutes=1)
    cast(stores, poll, "c2")
    void(stores, poll)
    clock.moment = NOON + timedelta(minutes=3)
    cast(stores, poll, "c1")
    found = results.over_time(stores, OPERATOR, "crops")
    assert (found.bucket, found.timezone) == (Bucket.MINUTE, "Asia/Kolkata")
    assert found.starts == tuple(NOON + timedelta(minutes=minute) for minute in range(4))
    assert found.ballots == (1, 1, 0, 1)
    first, second = found.questions
    assert [choice.votes for choice in first.choices] == [(1, 0, 0, 1), (0, 1, 0, 0), (0,) * 4]
    assert [choice.votes for choice in second.choices] == [(1, 0, 0, 0), (1, 0, 0, 0), (0,) * 4]
    hours = results.over_time(stores, OPERATOR, "crops", Bucket.HOUR)
    assert hours.starts == (NOON - timedelta(minutes=30),)  # 17:00 in Kolkata
    assert hours.ballots == (3,)


def test_a_bucket_too_short_for_the_time_is_refused(
    stores: Stores, poll: Poll, clock: FakeClock
) -> None:
    cast(stores, poll)
    clock.moment = NOON + timedelta(days=2)
    cast(stores, poll)
    with pytest.raises(ValidationError):
        results.over_time(stores, OPERATOR, "crops", Bucket.MINUTE)
    assert sum(results.over_time(stores, OPERATOR, "crops").ballots) == 2


def test_a_poll_without_ballots_has_an_empty_timeline(stores: Stores, poll: Poll) -> None:
    found = results.over_time(stores, OPERATOR, "crops")
    assert (found.starts, found.ballots) == ((), ())
    assert breakdowns.by_page(stores, OPERATOR, "crops").parts == ()


def test_the_largest_pages_come_first_and_the_rest_is_told(stores: Stores, poll: Poll) -> None:
    for page, number in ((ASIA, 4), (HOME, 2), (None, 1), ("https://news.test/x", 1)):
        for _ in range(number):
            cast(stores, poll, page=page)
    void(stores, poll)
    found = breakdowns.by_page(stores, OPERATOR, "crops", most=2)
    assert found.parts == (Part(ASIA, 4, 50.0), Part(HOME, 2, 25.0))
    assert (found.ballots, found.more_parts, found.rest) == (8, 2, 2)
    whole = breakdowns.by_page(stores, OPERATOR, "crops")
    assert {part.value for part in whole.parts} == {ASIA, HOME, None, "https://news.test/x"}
    assert (whole.more_parts, whole.rest) == (0, 0)


def test_countries_are_those_of_counted_ballots(app: Flask, stores: Stores, poll: Poll) -> None:
    for country in ("IN", "IN", "PK", None):
        ballot = cast(stores, poll)
        with db.engine.begin() as connection:
            change = sa.update(models.Ballot).where(models.Ballot.id == ballot)
            connection.execute(change.values(country=country))
    void(stores, poll)
    found = breakdowns.by_country(stores, OPERATOR, "crops")
    assert found.parts[0] == Part("IN", 2, 50.0)
    assert {part.value: part.ballots for part in found.parts} == {"IN": 2, "PK": 1, None: 1}


def test_only_who_may_read_results_does(stores: Stores, poll: Poll) -> None:
    for read in (results.over_time, breakdowns.by_page, breakdowns.by_country):
        with pytest.raises(NotAllowed):
            read(stores, program(poll.site_id, Permission.POLLS_READ), "crops")
        with pytest.raises(PollNotFound):
            read(stores, member(poll.site_id + 1, Role.ADMIN), "crops")
        assert read(stores, program(poll.site_id, Permission.RESULTS_READ), "crops")
    with pytest.raises(NotAllowed):
        results.for_owners(stores, program(poll.site_id, Permission.POLLS_READ), "crops", NOON)


def test_held_and_void_ballots_are_counted_apart(app: Flask, stores: Stores) -> None:
    for other in (make_poll(stores, "noise"), make_poll(stores, "rye")):
        ballot_log.void(stores, OPERATOR, other.slug, [cast(stores, other)], "test", NOON)
    poll = make_poll(stores, "oats")
    assert results.apart(stores, OPERATOR, "oats") == {}
    cast(stores, poll)
    ballot_log.void(
        stores, OPERATOR, "oats", [cast(stores, poll), cast(stores, poll)], "test", NOON
    )
    assert results.apart(stores, OPERATOR, "oats") == {BallotStatus.VOID: 2}
    with pytest.raises(PollNotFound):
        results.apart(stores, member(poll.site_id + 1), "oats")
