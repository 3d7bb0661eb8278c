"""Casting ballots over HTTP, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask import Flask

from service.clock import milliseconds
from service.demo import REGION_INTEREST
from service.domain import polls
from service.errors import PollNotFound, TemporarilyUnavailable
from service.records import (
    Choice,
    DuplicatePolicy,
    PollDraft,
    Question,
    QuestionType,
    ResultsVisibility,
    Schedule,
    Status,
)
from service.stores import Stores
from service.stores.sql import models
from service.stores.sql.db import Base, db
from service.stores.tallies import Tallies
from tests.conftest import NOON, FakeClock
from tests.support.ports import wait_until
from tests.support.statements import noted
from tests.support.voters import Api, ballot, new_token

pytestmark = pytest.mark.both_databases


def make(stores: Stores, slug: str, **decisions: Any) -> None:
    """A poll like the demo's, but for what is named."""
    site = stores.sites.ensure("demo", "", "", "", NOON)
    draft: PollDraft = replace(REGION_INTEREST, slug=slug, **decisions)
    polls.create(stores, site, draft, NOON - timedelta(hours=1))


@pytest.fixture
def judged_by_sql(app: Flask) -> Iterator[list[str]]:
    """The statements of the vote's transaction that SQL is sent; a reader's are not among them."""
    with noted(db.engine, lambda text: "ballots" in text or text.startswith("UPDATE")) as sent:
        yield sent


def test_a_first_ballot_is_counted_with_receipt_and_results(api: Api) -> None:
    answer = api.cast(ballot("c2"))
    assert answer.status_code == 201
    assert answer.json["status"] == "counted"
    assert answer.json["receipt"]
    assert answer.json["results"]["ballots"] == 1
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert api.votes() == {"c2": 1}


def test_the_same_ballot_again_gets_the_first_receipt_and_counts_once(
    api: Api, judged_by_sql: list[str]
) -> None:
    body = ballot("c2")
    first = api.cast(body)
    judged_by_sql.clear()
    second = api.cast(body)
    assert judged_by_sql == []
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json["receipt"] == first.json["receipt"]
    assert api.votes() == {"c2": 1}


def test_a_retry_is_known_to_sql_alone_when_redis_has_forgotten(api: Api, empty_redis: Any) -> None:
    body = ballot("c2")
    first = api.cast(body)
    empty_redis.flush()
    again = api.cast(body)
    assert (again.status_code, again.json["receipt"]) == (200, first.json["receipt"])
    assert api.votes() == {"c2": 1}


@pytest.mark.parametrize("forgotten", [False, True], ids=["redis knows", "redis has forgotten"])
def test_a_second_ballot_of_a_voter_is_refused_with_the_results(
    api: Api, empty_redis: Any, judged_by_sql: list[str], forgotten: bool
) -> None:
    voter = new_token()
    api.cast(ballot("c1", voter=voter))
    if forgotten:
        empty_redis.flush()
    judged_by_sql.clear()
    refusal = api.cast(ballot("c2", voter=voter))
    assert (refusal.status_code, refusal.json["code"]) == (409, "already_voted")
    assert refusal.json["results"]["ballots"] == 1
    assert bool(judged_by_sql) is forgotten
    assert api.votes() == {"c1": 1}


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
def test_redis_learns_whom_sql_has_refused_and_which_ballot_stands(
    api: Api, empty_redis: Any, judged_by_sql: list[str], closed: bool
) -> None:
    first = ballot("c1")
    receipt = api.cast(first).json["receipt"]
    if closed:
        with db.engine.begin() as connection:
            connection.execute(sa.update(models.Poll).values(status="closed"))
    empty_redis.flush()
    second = ballot("c2", voter=first["voter"])
    assert api.cast(second).json["code"] == "already_voted"
    judged_by_sql.clear()
    assert api.cast(second).json["code"] == "already_voted"
    again = api.cast(first)
    assert (again.status_code, again.json["receipt"]) == (200, receipt)
    assert judged_by_sql == []


def test_no_ballot_gets_a_receipt_by_looking_like_the_one_that_stands(api: Api) -> None:
    body = ballot("c1")
    api.cast(body)
    alike = f"{UUID(body['ballot_id']).hex[:16]}{uuid4().hex[16:]}"
    refusal = api.cast({**body, "ballot_id": str(UUID(alike))})
    assert (refusal.status_code, refusal.json["code"]) == (409, "already_voted")


@pytest.mark.parametrize("forgotten", [False, True], ids=["redis knows", "redis has forgotten"])
def test_a_ballot_id_cannot_stand_for_two_ballots(
    api: Api, empty_redis: Any, forgotten: bool
) -> None:
    body = ballot("c1")
    api.cast(body)
    if forgotten:
        empty_redis.flush()
    other_answers = api.cast({**body, "answers": {"q1": ["c2"]}})
    other_voter = api.cast({**body, "voter": new_token()})
    for refusal in (other_answers, other_voter):
        assert (refusal.status_code, refusal.json["code"]) == (422, "ballot_id_reused")
    assert api.votes() == {"c1": 1}


def test_a_ballot_id_of_another_poll_stands_for_another_ballot_here(
    api: Api, stores: Stores
) -> None:
    make(stores, "other")
    other, body = Api(api.client, "other"), ballot("c1")
    first = api.cast(body)
    answers = [other.cast({**body, "answers": {"q1": ["c2"]}}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json["receipt"] != first.json["receipt"]
    assert (api.votes(), other.votes()) == ({"c1": 1}, {"c2": 1})


def test_voting_goes_on_exactly_without_redis(api: Api, app: Flask, empty_redis: Any) -> None:
    empty_redis.kill()
    try:
        voter = new_token()
        body = ballot("c3", voter=voter)
        statuses = [api.cast(body).status_code, api.cast(body).status_code]
        statuses.append(api.cast(ballot("c4", voter=voter)).status_code)
        assert statuses == [201, 200, 409]
        assert api.votes() == {"c3": 1}
    finally:
        empty_redis.start()


def test_an_old_tally_in_redis_never_outlives_the_next_look_at_sql(
    api: Api, stores: Stores, empty_redis: Any
) -> None:
    api.cast(ballot("c1"))
    empty_redis.snapshot()
    api.cast(ballot("c1"))
    empty_redis.restart()
    stores.tallies._judged.forget(1)
    stores.tallies._shown.forget(1)
    assert api.votes() == {"c1": 2}


def test_a_tally_in_redis_above_sql_is_repaired(api: Api, stores: Stores, empty_redis: Any) -> None:
    api.cast(ballot("c1"))
    judged = stores.tallies._judged
    wait_until(lambda: bool(api.results().json and judged.peek(1)), "SQL was asked", 2)
    key = empty_redis.client.keys("*tally")[0]
    true, foreign = (str(milliseconds(NOON) + ahead).encode() for ahead in (0, 99))
    false = empty_redis.client.hget(key, "tally").replace(true, foreign)
    empty_redis.client.hset(key, mapping={"revision": foreign, "tally": false})

    def revision() -> bytes:
        return str(api.results().json["revision"]).encode()

    wait_until(lambda: revision() == foreign, "the process believes Redis at first", 2)
    wait_until(lambda: revision() == true, "it believes SQL", 2)
    assert empty_redis.client.hget(key, "revision") == true


@pytest.mark.parametrize("trouble", [PollNotFound(), TemporarilyUnavailable(2), KeyError("c9")])
def test_a_counted_ballot_is_told_so_whatever_keeps_the_results(
    api: Api, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    def fail(*_: object) -> None:
        raise trouble

    body = ballot("c2")
    with monkeypatch.context() as patch:
        patch.setattr(Tallies, "read", fail)
        answers = [api.cast(body), api.cast(body)]
    assert [(one.status_code, one.json["results"]) for one in answers] == [(201, None), (200, None)]
    assert api.votes() == {"c2": 1}


def test_a_poll_answers_for_every_reader_before_and_after_votes(api: Api) -> None:
    assert api.results().json["ballots"] == 0
    for choice in ("c1", "c1", "c2"):
        api.cast(ballot(choice))
    question = api.results().json["questions"][0]
    assert (question["answered"], question["votes"], question["base"]) == (3, 3, "ballots")
    shares = {choice["id"]: choice["percent"] for choice in question["choices"]}
    assert (shares["c1"], shares["c2"], shares["c3"]) == (66.7, 33.3, 0.0)


def test_a_multiple_choice_ballot_holds_several_votes_and_is_one_ballot(
    api: Api, stores: Stores
) -> None:
    several = replace(
        REGION_INTEREST.questions[0],
        type=QuestionType.MULTIPLE_CHOICE,
        min_choices=2,
        max_choices=3,
    )
    make(stores, "several", questions=(several,))
    poll = Api(api.client, "several")
    assert poll.cast(ballot(answers={"q1": ["c3", "c1"]})).status_code == 201
    for wrong in (["c1"], ["c1", "c2", "c3", "c4"], ["c1", "c1"]):
        assert poll.cast(ballot(answers={"q1": wrong})).json["code"] == "invalid_choice"
    shown = poll.results().json
    assert (shown["ballots"], shown["questions"][0]["votes"]) == (1, 2)
    assert poll.votes() == {"c1": 1, "c3": 1}


def test_a_question_that_is_not_required_may_be_left_out(api: Api, stores: Stores) -> None:
    why = (Choice("c1", "So"), Choice("c2", "Just so"))
    second = Question(code="q2", text="Why?", choices=why, required=False)
    make(stores, "two", questions=(REGION_INTEREST.questions[0], second))
    poll = Api(api.client, "two")
    assert poll.cast(ballot("c1")).status_code == 201
    assert poll.cast(ballot(answers={"q1": ["c1"], "q2": ["c1"]})).status_code == 201
    assert [question["answered"] for question in poll.results().json["questions"]] == [2, 1]


class TestDuplicatePolicies:
    def test_network_lets_one_ballot_in_from_one_address(self, api: Api, stores: Stores) -> None:
        make(stores, "one", duplicate_policy=DuplicatePolicy.NETWORK)
        poll = Api(api.client, "one")
        here = {"REMOTE_ADDR": "192.0.2.1"}
        there = {"REMOTE_ADDR": "192.0.2.2"}
        assert poll.cast(ballot(), environ_base=here).status_code == 201
        assert poll.cast(ballot(), environ_base=here).status_code == 409
        assert poll.cast(ballot(), environ_base=there).status_code == 201

    def test_ipv6_addresses_of_one_64_are_one_network(self, api: Api, stores: Stores) -> None:
        make(stores, "six", duplicate_policy=DuplicatePolicy.NETWORK)
        poll = Api(api.client, "six")
        addresses = ("2001:db8::1", "2001:db8::ffff", "2001:db8:0:1::1")
        statuses = [
            poll.cast(ballot(), environ_base={"REMOTE_ADDR": address}).status_code
            for address in addresses
        ]
        assert statuses == [201, 409, 201]

    def test_device_and_network_counts_both(self, api: Api, stores: Stores) -> None:
        policy = DuplicatePolicy.DEVICE_AND_NETWORK
        make(stores, "both", duplicate_policy=policy, network_limit=2)
        poll = Api(api.client, "both")
        voter = new_token()
        first = ballot(voter=voter)
        assert poll.cast(first).status_code == 201
        assert poll.cast(ballot(voter=voter)).status_code == 409
        assert poll.cast(ballot()).status_code == 201
        full = poll.cast(ballot())
        assert (full.status_code, full.json["code"]) == (429, "rate_limited")
        assert int(full.headers["Retry-After"]) > 0
        assert poll.cast(first).status_code == 200, "a retry takes no place"
        assert poll.cast(ballot(), environ_base={"REMOTE_ADDR": "192.0.2.9"}).status_code == 201

    @pytest.mark.parametrize("taken", [False, True], ids=["nobody voted there", "somebody did"])
    @pytest.mark.parametrize("forgotten", [False, True], ids=["redis knows", "redis has forgotten"])
    @pytest.mark.parametrize(
        ("policy", "limit", "refused"),
        [(DuplicatePolicy.NETWORK, None, 409), (DuplicatePolicy.DEVICE_AND_NETWORK, 1, 429)],
    )
    def test_a_retry_from_another_network_gets_its_first_receipt_and_takes_no_place_there(
        self,
        api: Api,
        stores: Stores,
        empty_redis: Any,
        policy: DuplicatePolicy,
        limit: int | None,
        refused: int,
        forgotten: bool,
        taken: bool,
    ) -> None:
        make(stores, "moves", duplicate_policy=policy, network_limit=limit)
        poll = Api(api.client, "moves")
        there = {"REMOTE_ADDR": "192.0.2.2"}
        body = ballot("c2")
        first = poll.cast(body)
        if taken:
            assert poll.cast(ballot("c3"), environ_base=there).status_code == 201
        if forgotten:
            empty_redis.flush()
        for _ in range(2):
            again = poll.cast(body, environ_base=there)
            assert (again.status_code, again.json["receipt"]) == (200, first.json["receipt"])
        other = poll.cast(body | {"answers": {"q1": ["c3"]}}, environ_base=there)
        assert (other.status_code, other.json["code"]) == (422, "ballot_id_reused")
        new = poll.cast(ballot("c3"), environ_base=there)
        assert new.status_code == (refused if taken else 201)
        assert poll.votes() == {"c2": 1, "c3": 1}

    def test_none_counts_every_ballot_but_a_retry_once(self, api: Api, stores: Stores) -> None:
        make(stores, "free", duplicate_policy=DuplicatePolicy.NONE)
        poll = Api(api.client, "free")
        voter = new_token()
        first = ballot(voter=voter)
        statuses = [poll.cast(body).status_code for body in (first, first, ballot(voter=voter))]
        assert statuses == [201, 200, 201]
        assert poll.votes() == {"c1": 2}


class TestOpening:
    @pytest.mark.parametrize(
        ("schedule", "code"),
        [
            (Schedule(Status.OPEN, opens_at=NOON + timedelta(seconds=1)), "poll_not_open"),
            (Schedule(Status.OPEN, closes_at=NOON), "poll_closed"),
            (Schedule(Status.CLOSED), "poll_closed"),
            (Schedule(Status.ARCHIVED), "poll_closed"),
        ],
    )
    def test_a_poll_that_is_not_open_takes_no_ballot(
        self, api: Api, stores: Stores, schedule: Schedule, code: str
    ) -> None:
        make(stores, "shut", schedule=schedule)
        refusal = Api(api.client, "shut").cast(ballot())
        assert (refusal.status_code, refusal.json["code"]) == (409, code)
        assert stores.tallies.read(2).ballots == 0

    def test_the_opening_moment_is_in_and_the_closing_moment_is_out(
        self, api: Api, stores: Stores, clock: FakeClock
    ) -> None:
        hour = Schedule(Status.OPEN, NOON + timedelta(hours=1), NOON + timedelta(hours=2))
        make(stores, "hour", schedule=hour)
        poll = Api(api.client, "hour")
        moments = {-1: 409, 0: 201, 3599: 201, 3600: 409}
        for seconds, status in moments.items():
            clock.moment = NOON + timedelta(hours=1, seconds=seconds)
            assert poll.cast(ballot()).status_code == status, seconds

    @pytest.mark.parametrize("forgotten", [False, True], ids=["redis knows", "redis has forgotten"])
    def test_a_retry_after_the_close_gets_its_first_receipt(
        self, api: Api, empty_redis: Any, forgotten: bool
    ) -> None:
        voter = new_token()
        body = ballot("c2", voter=voter)
        first = api.cast(body)
        with db.engine.begin() as connection:
            connection.execute(sa.update(models.Poll).values(status="closed"))
        if forgotten:
            empty_redis.flush()
        again = api.cast(body)
        assert (again.status_code, again.json["receipt"]) == (200, first.json["receipt"])
        assert api.cast(ballot("c3", voter=voter)).json["code"] == "already_voted"
        assert api.cast(ballot("c3")).json["code"] == "poll_closed"
        assert api.votes() == {"c2": 1}

    def test_a_close_counts_at_once_though_the_definition_is_remembered(
        self, api: Api, app: Flask, stores: Stores
    ) -> None:
        revision = api.cast(ballot()).json["results"]["revision"]
        with db.engine.begin() as connection:
            connection.execute(sa.update(models.Poll).values(status="closed"))
        refusal = api.cast(ballot())
        assert (refusal.status_code, refusal.json["code"]) == (409, "poll_closed")
        assert stores.tallies.read(1).revision == revision


class TestVisibility:
    def test_results_after_the_vote_need_a_receipt_and_are_private(
        self, api: Api, stores: Stores
    ) -> None:
        make(stores, "later", results_visibility=ResultsVisibility.AFTER_VOTE)
        poll = Api(api.client, "later")
        hidden = poll.results()
        assert (hidden.status_code, hidden.json["code"]) == (403, "results_hidden")
        assert "ETag" not in hidden.headers
        receipt = poll.cast(ballot()).json["receipt"]
        shown = poll.results(**{"Voxpop-Receipt": receipt})
        assert shown.status_code == 200
        assert shown.headers["Cache-Control"] == "private, no-store"
        forged = receipt[:-2] + ("AA" if receipt[-2:] != "AA" else "BB")
        for wrong in (forged, "x", "", f"{uuid4().hex}.{receipt.split('.')[1]}"):
            assert poll.results(**{"Voxpop-Receipt": wrong}).status_code == 403

    @pytest.mark.parametrize(
        "visibility", [ResultsVisibility.AFTER_CLOSE, ResultsVisibility.OWNERS]
    )
    def test_hidden_results_leak_in_no_answer(
        self, api: Api, stores: Stores, visibility: ResultsVisibility
    ) -> None:
        make(stores, "secret", results_visibility=visibility)
        poll = Api(api.client, "secret")
        voter = new_token()
        assert poll.cast(ballot(voter=voter)).json["results"] is None
        refused = poll.cast(ballot(voter=voter))
        assert refused.status_code == 409
        assert refused.json.get("results") is None
        assert poll.results().status_code == 403

    def test_results_after_the_close_show_when_it_closes(
        self, api: Api, stores: Stores, clock: FakeClock
    ) -> None:
        schedule = Schedule(Status.OPEN, closes_at=NOON + timedelta(hours=1))
        visibility = ResultsVisibility.AFTER_CLOSE
        make(stores, "end", results_visibility=visibility, schedule=schedule)
        poll = Api(api.client, "end")
        poll.cast(ballot())
        clock.moment = NOON + timedelta(hours=1)
        assert poll.results().json["ballots"] == 1


class TestRateLimit:
    @pytest.fixture
    def settings(self, settings: Any) -> Any:
        return replace(settings, vote_rate_limit=3)

    def test_votes_above_the_limit_of_a_network_wait_for_the_next_minute(
        self, api: Api, clock: FakeClock
    ) -> None:
        clock.moment = NOON + timedelta(seconds=20)
        bodies = [ballot() for _ in range(4)]
        assert [api.cast(body).status_code for body in bodies] == [201, 201, 201, 429]
        refusal = api.cast(ballot())
        assert (refusal.json["code"], refusal.headers["Retry-After"]) == ("rate_limited", "40")
        assert api.cast(bodies[0]).status_code == 200, "a retry of a counted ballot is answered"
        elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
        assert api.cast(ballot(), environ_base=elsewhere).status_code == 201
        clock.moment = NOON + timedelta(seconds=60)
        assert api.cast(bodies[3]).status_code == 201

    def test_every_key_in_redis_has_a_lifetime(self, api: Api, empty_redis: Any) -> None:
        api.cast(ballot())
        lifetimes = {key: empty_redis.client.ttl(key) for key in empty_redis.client.keys("*")}
        assert len(lifetimes) == 4
        assert all(seconds > 0 for seconds in lifetimes.values()), lifetimes

    def test_a_forged_forwarding_header_is_another_network_for_nobody(self, api: Api) -> None:
        statuses = [
            api.cast(ballot(), headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code
            for n in range(4)
        ]
        assert statuses == [201, 201, 201, 429]


def test_nothing_personal_is_kept_in_sql_or_redis(api: Api, app: Flask, empty_redis: Any) -> None:
    canary = "canary0canary0canary0"
    address = "198.51.100.77"
    api.cast(
        ballot(voter=canary, page=f"https://news.test/story?reader={canary}#x"),
        environ_base={"REMOTE_ADDR": address, "HTTP_USER_AGENT": canary},
    )
    with db.engine.connect() as connection:
        rows = [
            str(tuple(row))
            for table in Base.metadata.sorted_tables
            for row in connection.execute(sa.select(table))
        ]
    redis = empty_redis.client
    kept = rows + [str(redis.dump(key)) + str(key) for key in redis.keys("*")]
    assert any("https://news.test/story" in row for row in rows)
    assert not [row for row in kept if canary in row or address in row]
