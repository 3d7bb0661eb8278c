"""Where networks are the voters, a second ballot is refused without the vote's transaction, and one
that is sent again from another network is known."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from service.errors import AlreadyVoted, BallotIdReused, TemporarilyUnavailable
from service.records import Ballot, Ruling, stamp_of
from service.stores import Stores
from service.stores.sql import ballots as sql_ballots
from service.stores.sql.db import db
from tests.support.batches import in_sql, judge, new_ballot
from tests.support.redis import RedisServer
from tests.support.statements import noted


def sent_from(network: bytes, ballot: Ballot | None = None, choice: str = "c1") -> Ballot:
    """A ballot from the network, a new one unless given."""
    one = ballot or new_ballot()
    answers = {"q1": (choice,)}
    stamp = stamp_of(network, one.id, answers, {})
    return replace(one, voter_key=network, answers=answers, stamp=stamp, known_by_network=True)


@pytest.fixture
def here(stores: Stores) -> bytes:
    """A network from which a ballot is counted, as Redis knows."""
    network = uuid4().bytes
    assert judge(stores, sent_from(network)) == [Ruling.COUNTED]
    return network


@pytest.fixture
def counted(stores: Stores, here: bytes) -> Ballot:
    """A ballot that is counted in another network."""
    ballot = sent_from(uuid4().bytes)
    assert judge(stores, ballot) == [Ruling.COUNTED]
    return ballot


@pytest.fixture
def sent(stores: Stores, counted: Ballot) -> Iterator[list[str]]:
    """The statements that SQL is sent; SQLite's BEGIN is not among them."""
    with noted(db.engine, lambda text: not text.startswith("BEGIN")) as statements:
        yield statements


def first_words(statements: list[str]) -> list[str]:
    return [text.split(maxsplit=1)[0] for text in statements]


def test_second_ballots_cost_one_read_each_and_no_transaction_of_votes(
    stores: Stores, here: bytes, sent: list[str]
) -> None:
    for _ in range(20):
        assert judge(stores, sent_from(here)) == [AlreadyVoted]
    assert first_words(sent) == ["SELECT"] * 20


def test_a_batch_of_them_costs_one_read(
    stores: Stores, here: bytes, counted: Ballot, sent: list[str]
) -> None:
    moved, changed = sent_from(here, counted), sent_from(here, counted, "c2")
    verdicts = judge(stores, *(sent_from(here) for _ in range(20)), moved, changed)
    assert verdicts == [*[AlreadyVoted] * 20, Ruling.REPEATED, BallotIdReused]
    assert first_words(sent) == ["SELECT"]
    assert in_sql() == 2


def test_among_new_ballots_they_are_kept_out_of_the_insert(
    stores: Stores, here: bytes, counted: Ballot, sent: list[str]
) -> None:
    first, late = sent_from(uuid4().bytes), sent_from(uuid4().bytes)
    joined = [sent_from(here), late, sent_from(here, counted)]
    assert judge(stores, sent_from(here), first, joined=joined) == [
        AlreadyVoted,
        Ruling.COUNTED,
        AlreadyVoted,
        Ruling.COUNTED,
        Ruling.REPEATED,
    ]
    one_by_one = ["INSERT", "INSERT", "SELECT"]  # on SQLite, which has no statement for all of it
    count = ["WITH"] if db.engine.dialect.name == "postgresql" else one_by_one
    assert first_words(sent) == ["SELECT", "UPDATE", "SELECT", *count]
    assert in_sql() == 4


@pytest.mark.parametrize("joins", [False, True], ids=["in its batch", "joining its batch"])
def test_a_retry_that_meets_its_ballot_on_the_way_is_told_what_becomes_of_it(
    stores: Stores, here: bytes, joins: bool
) -> None:
    ballot = sent_from(uuid4().bytes)
    again = sent_from(here, ballot)
    verdicts = (
        judge(stores, ballot, joined=[again]) if joins else judge(stores, again, ballot)[::-1]
    )
    assert verdicts == [Ruling.COUNTED, Ruling.REPEATED]


def test_redis_that_has_forgotten_refuses_nobody(
    stores: Stores, here: bytes, counted: Ballot, empty_redis: RedisServer
) -> None:
    empty_redis.flush()
    new = sent_from(uuid4().bytes)
    verdicts = judge(stores, sent_from(here, counted), sent_from(here), new)
    assert verdicts == [Ruling.REPEATED, AlreadyVoted, Ruling.COUNTED]


def test_while_sql_is_away_they_are_told_to_come_again_like_all_others(
    stores: Stores, here: bytes, counted: Ballot, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[Any] = []

    def away(*_: object) -> None:
        tries.append(1)
        raise sa.exc.OperationalError("statement", {}, Exception("gone"))

    with monkeypatch.context() as patch:
        patch.setattr(sql_ballots, "judge_by_id", away)
        verdicts = judge(stores, counted, sent_from(here), sent_from(uuid4().bytes))
    assert verdicts == [Ruling.REPEATED, TemporarilyUnavailable, TemporarilyUnavailable]
    assert len(tries) == 2
    assert judge(stores, sent_from(here)) == [AlreadyVoted]
    assert in_sql() == 2
