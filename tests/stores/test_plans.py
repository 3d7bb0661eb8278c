"""How the database finds what is asked of it: by an index, however many ballots there are."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask import Flask

from service import demo
from service.app import create_app
from service.config import Settings
from service.migrating import migrate
from service.records import Ballot, BallotFilter, BallotStatus, Call, PollQuery
from service.stores import Stores, open_stores
from service.stores.sql import ballots as sql_ballots
from service.stores.sql import models
from service.stores.sql.db import db, reading
from service.web import current
from tests.conftest import NOON
from tests.support.ballots import make_poll
from tests.support.many_ballots import cast_many
from tests.support.plans import Plans
from tests.support.service import SECRET_KEY

MANY = 20_000
TEXTS = [{"poll_id": 1, "question_code": "q1", "text": f"{n}", "votes": 0} for n in range(MANY)]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The service on a database with a poll of many ballots and one of few."""
    if request.param == "postgres":
        url = request.getfixturevalue("postgres").create_database("plans")
    else:
        url = f"sqlite:///{tmp_path_factory.mktemp('plans')}/voxpop.sqlite3"
    settings = Settings(
        database_url=url,
        redis_url="redis://127.0.0.1:1",
        secret_key=SECRET_KEY,
        public_url="http://voxpop.test",
        vote_rate_limit=None,
    )
    app = create_app(settings, now=lambda: NOON)
    with app.app_context():
        migrate()
        demo.create(current.stores(), [], NOON)
        make_poll(current.stores(), "quiet")
        with db.engine.begin() as connection:
            connection.execute(sa.insert(models.OtherText), TEXTS)
        cast_many(db.engine, "region-interest", MANY, networks=MANY // 10)
        cast_many(db.engine, "quiet", 100)
        yield app
        db.engine.dispose()


@pytest.fixture
def stores(app: Flask) -> Stores:
    """The stores of a process that knows nothing yet."""
    return open_stores(current.settings(), db.engine, lambda: NOON)


@pytest.fixture(scope="module")
def plans(app: Flask) -> Plans:
    return Plans(db.engine, "ballots", "other_texts")


Ask = Callable[[Stores], object]
BY_ID = ("poll_id", "id")
BY_VOTER = ("poll_id", "voter_key")
BY_NETWORK = ("poll_id", "network_key")
BY_TIME = ("poll_id", "cast_at", "id")
APART = ("poll_id", "status")
LARGE, SMALL = 1, 2
LATER, ELSEWHERE = (NOON, UUID(int=0)), (NOON - timedelta(hours=1), UUID(int=0))
KEY = bytes(range(16))
STANDS = Ballot(UUID(int=7), LARGE, KEY, None, None, {"q1": ("c1",)}, KEY, None, KEY)
LIMITED = replace(STANDS, network_key=KEY, network_limit=5)


def cast(stores: Stores, *ballots: Ballot) -> None:
    """Cast the ballots in one batch."""
    stores.ballot_box._judge(ballots, list)


def twice(stores: Stores, *ballots: Ballot) -> None:
    for _ in range(2):
        cast(stores, *ballots)


def new(ballot: Ballot, voters: int = 1) -> list[Ballot]:
    """Ballots such as this one of voters who have not voted yet."""
    return [replace(ballot, id=uuid4(), voter_key=uuid4().bytes) for _ in range(voters)]


VOTES: dict[str, tuple[Ask, set[tuple[str, ...]]]] = {
    "a vote": (lambda stores: cast(stores, *new(STANDS)), set()),
    "a batch of votes": (lambda stores: cast(stores, *new(STANDS, 64)), set()),
    "the same ballot again": (lambda stores: twice(stores, STANDS), {BY_ID, BY_VOTER}),
    "a batch of ballots again": (
        lambda stores: twice(stores, *new(STANDS, 64)),
        {BY_ID, BY_VOTER},
    ),
    "a vote where networks are limited": (
        lambda stores: cast(stores, *new(LIMITED)),
        {BY_ID, BY_VOTER, BY_NETWORK},
    ),
}
READERS: dict[str, Ask] = {
    "a poll": lambda stores: stores.polls.find("region-interest"),
    "a poll again": lambda stores: stores.polls.read("region-interest"),
    "whether a poll stands": lambda stores: stores.polls.refresh(
        stores.polls.find("region-interest")
    ),
    "a tally": lambda stores: stores.tallies.read(LARGE),
    "what voters wrote": lambda stores: stores.other_texts.shown(LARGE),
    "a site's polls": lambda stores: stores.places.of_site("demo"),
    "the health check": lambda stores: stores.polls.ping(),
}
OWNERS: dict[str, tuple[Ask, set[tuple[str, ...]]]] = {
    "the log": (lambda stores: stores.ballots.page(LARGE, BallotFilter(), None, 50), {BY_TIME}),
    "older ballots": (
        lambda stores: stores.ballots.page(LARGE, BallotFilter(), ELSEWHERE, 50),
        {BY_TIME},
    ),
    "newer ballots": (
        lambda stores: stores.ballots.page(LARGE, BallotFilter(), None, 50, ELSEWHERE),
        {BY_TIME},
    ),
    "an hour's ballots": (
        lambda stores: stores.ballots.page(LARGE, BallotFilter(since=ELSEWHERE[0]), None, 50),
        {BY_TIME},
    ),
    "ballots by their ids": (lambda stores: stores.ballots.named(LARGE, [STANDS.id]), {BY_ID}),
    "how many were taken out": (lambda stores: stores.breakdowns.apart(LARGE), {APART}),
    "the first and the last": (lambda stores: stores.breakdowns.span(LARGE), {BY_TIME}),
    "whether a poll has ballots": (
        lambda stores: stores.polls.cast(stores.polls.find("region-interest")),
        {BY_TIME},
    ),
    "a list of polls": (
        lambda stores: stores.polls.page([1], PollQuery(), None, NOON),
        {BY_TIME},
    ),
}
WHOLE_POLLS: dict[str, Ask] = {
    "a recount": lambda stores: stores.recounts.differences(SMALL),
    "over time": lambda stores: stores.breakdowns.by_moment(SMALL, 3600),
    "by page": lambda stores: stores.breakdowns.by_part(SMALL, "page", 50),
    "an export": lambda stores: exported(stores, BallotFilter()),
}
LOOK_UPS: dict[str, Ask] = {
    "a session": lambda stores: stores.owners.find_by_session("a" * 32, NOON),
    "a session that ends": lambda stores: stores.sessions.remove("a" * 32),
    "an owner": lambda stores: stores.owners.find_by_email("owner@demo.example"),
    "an API key": lambda stores: stores.keys.find("vp_12345678"),
    "an API key's use": lambda stores: stores.keys.note_use("vp_12345678", NOON, NOON),
    "a site's API keys": lambda stores: stores.keys.list_before(1, None, 20),
    "a signing key": lambda stores: stores.signing_keys.list_of(1),
    "a call made before": lambda stores: stores.repeats.find(Call("key:1", "k", b"")),
    "old calls": lambda stores: stores.repeats.prune(NOON - timedelta(days=1)),
    "the audit log of a site": lambda stores: stores.audit.list_before([1], None, 50),
    "texts that voters wrote": lambda stores: stores.other_texts.unknown(1, "q1", ["Oats"]),
}


def exported(stores: Stores, wanted: BallotFilter) -> int:
    with stores.ballots.stream(SMALL, wanted) as (_, ballots):
        return len(list(ballots))


def whole(reads: dict[str, set[tuple[str, ...]]]) -> list[str]:
    """The tables that are read from one end to the other."""
    return [table for table, indexes in reads.items() if () in indexes]


def test_what_was_made_is_what_the_tally_says(stores: Stores) -> None:
    assert stores.tallies.read(LARGE).ballots >= MANY
    assert [stores.recounts.differences(poll) for poll in (LARGE, SMALL)] == [[], []]


@pytest.mark.parametrize("name", VOTES)
def test_a_vote_looks_only_for_its_own_ballot_and_network(
    stores: Stores, plans: Plans, name: str
) -> None:
    ask, indexes = VOTES[name]
    reads = plans.of(lambda: ask(stores))
    assert reads.pop("ballots", set()) == indexes
    assert {"polls"} <= set(reads) <= {"polls", "tallies"}
    assert whole(reads) == []


def test_whether_a_ballot_stands_is_found_by_its_id(plans: Plans) -> None:
    def ask() -> None:
        with reading(db.engine) as connection:
            sql_ballots.judge_by_id(connection, new(STANDS, 64))

    assert plans.of(ask) == {"ballots": {BY_ID}}


@pytest.mark.parametrize("name", READERS)
def test_readers_look_at_no_ballot(stores: Stores, plans: Plans, name: str) -> None:
    reads = plans.of(lambda: READERS[name](stores))
    assert reads
    assert "ballots" not in reads
    assert whole(reads) == ["polls"] * (name == "the health check")


@pytest.mark.parametrize("name", OWNERS)
def test_owners_find_ballots_by_an_index(stores: Stores, plans: Plans, name: str) -> None:
    ask, indexes = OWNERS[name]
    reads = plans.of(lambda: ask(stores))
    assert reads["ballots"] == indexes
    assert whole(reads) == []


def test_ballots_that_were_taken_out_are_found_without_the_others(
    stores: Stores, plans: Plans
) -> None:
    void = BallotFilter(status=BallotStatus.VOID)
    reads = plans.of(lambda: stores.ballots.page(LARGE, void, LATER, 50))
    goes_through_the_log = db.engine.dialect.name == "sqlite"  # whose planner loves an order
    assert reads == {"ballots": {BY_TIME if goes_through_the_log else APART}}


@pytest.mark.parametrize("name", WHOLE_POLLS)
def test_what_reads_all_of_a_small_poll_reads_nothing_of_a_large_one(
    stores: Stores, plans: Plans, name: str
) -> None:
    reads = plans.of(lambda: WHOLE_POLLS[name](stores))
    assert reads["ballots"] <= {BY_TIME, BY_VOTER}
    assert whole(reads) == []


@pytest.mark.parametrize("name", LOOK_UPS)
def test_what_is_looked_up_has_an_index(stores: Stores, plans: Plans, name: str) -> None:
    reads = plans.of(lambda: LOOK_UPS[name](stores))
    assert reads
    assert whole(reads) == []


def test_the_ballots_have_no_index_that_nothing_asks_for(stores: Stores, plans: Plans) -> None:
    """Each of them costs every vote."""
    used = set[tuple[str, ...]]().union(*(by for _, by in (*VOTES.values(), *OWNERS.values())))
    assert used == {columns for table, columns in plans.indexes if table == "ballots"}
