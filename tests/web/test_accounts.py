"""Votes of accounts over HTTP: the publisher vouches, the service counts each once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from service.domain import edits, polls, signing_keys
from service.records import OPERATOR, Status
from service.stores import Stores
from service.stores.sql.db import db
from tests.conftest import NOON, FakeClock
from tests.support.accounts import (
    new_key,
    new_secret,
    open_poll_of_accounts,
    secret_of,
    token,
)
from tests.support.redis import RedisServer
from tests.support.voters import Api, ballot
from tests.web.test_errors import assert_problem

pytestmark = pytest.mark.both_databases

THROUGH_THE_VIEW = "application/json; charset=utf-8"


@pytest.fixture
def secret(stores: Stores) -> str:
    return new_secret(stores)


@pytest.fixture
def members(client: FlaskClient, stores: Stores, secret: str) -> Api:
    return Api(client, open_poll_of_accounts(stores).slug)


def test_an_account_has_one_vote_whatever_its_devices(members: Api, secret: str) -> None:
    first = members.cast(ballot("c1", voter_token=token(secret)))
    assert first.status_code == 201
    other_device = members.cast(ballot("c2", voter_token=token(secret)))
    assert_problem(other_device, 409, "already_voted")
    assert members.cast(ballot("c2", voter_token=token(secret, "reader-8"))).status_code == 201
    assert members.votes() == {"c1": 1, "c2": 1}


def test_two_accounts_on_one_device_are_two_voters(members: Api, secret: str) -> None:
    device = ballot()["voter"]
    for account in ("reader-7", "reader-8"):
        body = ballot("c1", voter=device, voter_token=token(secret, account))
        assert members.cast(body).status_code == 201


def test_a_retry_with_a_newer_token_gets_the_first_receipt(members: Api, secret: str) -> None:
    body = ballot("c1", voter_token=token(secret))
    first = members.cast(body)
    newer = token(secret, exp=int((NOON + timedelta(hours=1)).timestamp()))
    again = members.cast({**body, "voter_token": newer})
    assert (again.status_code, again.json["receipt"]) == (200, first.json["receipt"])


def retire_first_choice(stores: Stores, slug: str) -> None:
    draft = polls.draft_of(polls.find(stores, slug))
    question, *others = draft.questions
    choices = (replace(question.choices[0], retired=True), *question.choices[1:])
    questions = (replace(question, choices=choices), *others)
    edits.edit(stores, OPERATOR, slug, replace(draft, questions=questions), None, NOON)


class TestTokensThatHaveEnded:
    """The reader's device sends what it kept, hours after the page was loaded."""

    @pytest.mark.parametrize("way", ["application/json", THROUGH_THE_VIEW])
    def test_a_retry_gets_the_first_receipt(
        self, members: Api, secret: str, clock: FakeClock, way: str
    ) -> None:
        body = ballot("c1", voter_token=token(secret))
        first = members.cast(body)
        clock.moment += timedelta(hours=5)
        again = members.cast(body, content_type=way)
        assert (again.status_code, again.json["receipt"]) == (200, first.json["receipt"])
        assert members.votes() == {"c1": 1}

    def test_so_it_does_where_redis_and_the_choice_are_gone_and_the_poll_is_over(
        self,
        members: Api,
        secret: str,
        stores: Stores,
        empty_redis: RedisServer,
        clock: FakeClock,
    ) -> None:
        body = ballot("c1", voter_token=token(secret))
        first = members.cast(body)
        retire_first_choice(stores, "members")
        empty_redis.client.flushdb()
        clock.moment += timedelta(hours=5)
        assert members.cast(body).json["receipt"] == first.json["receipt"]
        edits.set_status(stores, OPERATOR, "members", Status.CLOSED, NOON)
        empty_redis.client.flushdb()
        assert members.cast(body).json["receipt"] == first.json["receipt"]

    def test_nothing_new_is_counted(self, members: Api, secret: str, clock: FakeClock) -> None:
        first = ballot("c1", voter_token=token(secret))
        members.cast(first)
        clock.moment += timedelta(hours=5)
        new = ballot("c2", voter_token=token(secret, "reader-8"))
        assert_problem(members.cast(new), 403, "voter_token_expired")
        other_id = ballot("c2", voter_token=token(secret))
        assert_problem(members.cast(other_id), 409, "already_voted")
        assert members.votes() == {"c1": 1}

    def test_a_poll_that_is_over_says_so(
        self, members: Api, secret: str, stores: Stores, clock: FakeClock
    ) -> None:
        clock.moment += timedelta(hours=5)
        edits.set_status(stores, OPERATOR, "members", Status.CLOSED, NOON)
        answer = members.cast(ballot("c1", voter_token=token(secret)))
        assert_problem(answer, 409, "poll_closed")


@pytest.mark.parametrize("way", ["application/json", THROUGH_THE_VIEW])
@pytest.mark.parametrize("nothing", [{}, {"voter_token": None}, {"voter_token": ""}])
def test_without_a_token_nobody_votes(members: Api, way: str, nothing: dict[str, Any]) -> None:
    answer = members.cast(ballot("c1", **nothing), content_type=way)
    document = assert_problem(answer, 403, "voter_token_missing")
    assert "Sign in" in document["detail"]
    assert answer.headers["Access-Control-Allow-Origin"] == "http://polls.test"
    assert members.votes() == {}


def test_what_is_wrong_with_a_token_is_said_and_the_token_is_not(
    members: Api, secret: str, stores: Stores
) -> None:
    stores.sites.ensure("other", "Other", "en", "UTC", NOON)
    wrong = {
        "expired": (token(secret, exp=int(NOON.timestamp()) - 60), "voter_token_expired"),
        "foreign": (token(new_secret(stores, "other")), "voter_token_invalid"),
        "misdirected": (token(secret, aud="other"), "voter_token_invalid"),
    }
    for sent, code in wrong.values():
        answer = members.cast(ballot("c1", voter_token=sent))
        assert_problem(answer, 403, code)
        assert sent not in answer.text
    faults = members.cast(ballot("c1", voter_token=token(secret, aud="other"))).json["errors"]
    assert faults == [{"pointer": "/voter_token", "detail": "aud must be demo."}]
    assert members.votes() == {}


def test_a_long_token_is_refused_by_its_length(members: Api) -> None:
    document = assert_problem(
        members.cast(ballot("c1", voter_token="x" * 4097)), 422, "validation_error"
    )
    assert [error["pointer"] for error in document["errors"]] == ["/voter_token"]


def test_in_other_polls_no_token_is_looked_at(client: FlaskClient, stores: Stores) -> None:
    assert Api(client).cast(ballot("c1", voter_token="nonsense")).status_code == 201


def test_accounts_of_two_sites_with_one_name_are_two_voters(
    client: FlaskClient, stores: Stores, members: Api, secret: str
) -> None:
    theirs = Api(client, open_poll_of_accounts(stores, "theirs", "other").slug)
    their_token = token(new_secret(stores, "other"), aud="other")
    assert members.cast(ballot(voter_token=token(secret))).status_code == 201
    assert theirs.cast(ballot(voter_token=their_token)).status_code == 201
    assert_problem(theirs.cast(ballot(voter_token=token(secret))), 403, "voter_token_invalid")


@pytest.mark.parametrize("sent", [{}, {"voter_token": token("x" * 43)}], ids=["none", "some"])
def test_where_the_site_has_no_key_readers_are_not_sent_to_do_what_cannot_help(
    client: FlaskClient, stores: Stores, sent: dict[str, str]
) -> None:
    members = Api(client, open_poll_of_accounts(stores).slug)
    document = assert_problem(members.cast(ballot(**sent)), 403, "voter_token_invalid")
    assert document["detail"] == (
        "This poll cannot take votes now: its publisher has yet to set it up."
    )
    assert document["errors"] == [
        {"pointer": "/voter_token", "detail": "The site has no signing key."}
    ]


def test_keys_change_without_a_gap(client: FlaskClient, stores: Stores) -> None:
    old, new = new_key(stores), new_key(stores)
    members = Api(client, open_poll_of_accounts(stores).slug)
    for account, key in (("a", old), ("b", new)):
        assert members.cast(ballot(voter_token=token(secret_of(key), account))).status_code == 201
    signing_keys.remove(stores, OPERATOR, old.id, NOON)
    stores.polls.refresh(stores.polls.find("members"))
    refused = members.cast(ballot(voter_token=token(secret_of(old), "c")))
    assert_problem(refused, 403, "voter_token_invalid")
    assert members.cast(ballot(voter_token=token(secret_of(new), "c"))).status_code == 201
    # Who has voted stays who has voted, whichever key says it.
    again = members.cast(ballot(voter_token=token(secret_of(new), "a")))
    assert_problem(again, 409, "already_voted")


def test_a_poll_that_is_over_takes_no_account(
    members: Api, secret: str, stores: Stores, clock: FakeClock
) -> None:
    edits.set_status(stores, OPERATOR, "members", Status.CLOSED, clock())
    answer = members.cast(ballot(voter_token=token(secret)))
    assert_problem(answer, 409, "poll_closed")


def test_neither_token_nor_account_is_kept(
    members: Api, secret: str, empty_redis: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    sent = token(secret, "canary-4711")
    assert members.cast(ballot("c1", voter_token=sent)).status_code == 201
    members.cast(ballot("c1", voter_token=token(secret, "canary-4711", aud="other")))
    kept = f"{dump_sql()}{dump_redis(empty_redis)}{caplog.text}"
    for canary in ("canary-4711", sent, sent.split(".")[1], secret):
        assert canary not in kept


def dump_sql() -> str:
    with db.engine.connect() as connection:
        tables = sa.inspect(connection).get_table_names()
        rows = [connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in tables]  # noqa: S608
    return repr(rows)


def dump_redis(redis: RedisServer) -> str:
    return repr([(key, redis.client.dump(key)) for key in redis.client.scan_iter()])


class TestPages:
    def test_the_hosted_page_says_where_to_vote(self, members: Api) -> None:
        page = members.client.get("/polls/members").text
        assert "To vote, sign in" in " ".join(page.split())
        assert (
            '<a href="https://news.test" target="_top"><bdi dir="ltr">news.test</bdi></a>' in page
        )
        assert "<form" not in page.partition("<main")[2]
        assert "<vox-pop" not in page
        assert "View Results" in page

    def test_a_link_to_a_choice_leads_to_a_page_that_says_so_too(self, members: Api) -> None:
        page = members.client.get("/polls/members/confirm?q1=c1").text
        assert "To vote, sign in" in " ".join(page.split())
        assert "<form" not in page.partition("<main")[2]

    def test_the_frame_says_where_to_vote(self, members: Api) -> None:
        page = members.client.get("/embed/members").text
        assert "To vote, sign in" in " ".join(page.split())
        assert "<vox-pop" not in page

    def test_both_show_a_closed_poll_as_any_other(
        self, members: Api, stores: Stores, clock: FakeClock
    ) -> None:
        edits.set_status(stores, OPERATOR, "members", Status.CLOSED, clock())
        assert "<vox-pop" in members.client.get("/polls/members").text
        assert "<vox-pop" in members.client.get("/embed/members").text

    def test_a_form_that_comes_all_the_same_counts_nothing(self, members: Api) -> None:
        answer = members.client.post(
            "/polls/members/ballots?device=new",
            data={"q1": "c1"},
            headers={"Origin": "http://polls.test", "Accept": "text/html"},
        )
        assert answer.status_code == 403
        assert members.votes() == {}
