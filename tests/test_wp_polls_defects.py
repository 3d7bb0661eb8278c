"""The eleven defects of the plugin that Voxpop takes over from, each shown to be none of ours."""

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from service.domain import edits, passwords, polls
from service.errors import AlreadyVoted, PollClosed
from service.records import (
    OPERATOR,
    DuplicatePolicy,
    Poll,
    ResultsVisibility,
    Role,
    Schedule,
    Status,
    WhenClosed,
)
from service.stores import Stores
from service.stores.sql import models, other_texts
from service.stores.sql.db import Base, db
from tests.conftest import NOON, FakeClock
from tests.support.ballots import WHICH, cast, make_poll
from tests.support.html_forms import Form, Page
from tests.support.redis import RedisServer
from tests.support.voters import OWN_ORIGIN, Api, ballot, new_token
from tests.web.admin.conftest import Browser
from tests.web.test_forms import send

CLOSE = NOON + timedelta(hours=1)
MOMENT = timedelta(microseconds=1)
VOTERS = 16


@pytest.fixture
def make(stores: Stores) -> Callable[..., Poll]:
    """Makes the poll `crops`; the demo's stands beside it."""
    return lambda **decisions: make_poll(stores, "crops", WHICH, **decisions)


@pytest.fixture
def crops(client: FlaskClient) -> Api:
    return Api(client, "crops")


@pytest.fixture
def owner(app: Flask, stores: Stores) -> Browser:
    site, digest = stores.sites.find("demo").id, passwords.digest("correct horse battery")
    editor = stores.owners.create(OPERATOR, "e@news.test", digest, {site: Role.EDITOR}, NOON)
    return Browser(app).become(editor)


def test_saving_the_edit_form_of_a_live_poll_writes_back_no_counts_and_does_not_reopen_it(
    stores: Stores, make: Callable[..., Poll], owner: Browser, clock: FakeClock, crops: Api
) -> None:
    poll = make(schedule=Schedule(Status.OPEN, closes_at=CLOSE))
    path = "/admin/sites/demo/polls/crops"
    crops.cast(ballot("c1"))
    form = _poll_form(owner.get(path).text)
    for choice in ("c1", "c2", "c2"):
        crops.cast(ballot(choice))
    clock.moment = CLOSE
    form.fields["title"] = ["Crops of the year"]
    assert owner.post(path, form.press("save")).status_code == 303
    saved = polls.managed(stores, OPERATOR, "crops")
    assert (saved.title, saved.status_at(CLOSE)) == ("Crops of the year", Status.CLOSED)
    assert crops.votes() == {"c1": 2, "c2": 2}
    assert stores.tallies.read(poll.id).ballots == 4
    # Nor does a form that was opened before an owner closed the poll.
    form = _poll_form(owner.get(path).text)
    edits.set_status(stores, OPERATOR, "crops", Status.CLOSED, CLOSE)
    form.fields["title"] = ["Crops of all years"]
    owner.post(path, form.press("save"))
    assert polls.managed(stores, OPERATOR, "crops").schedule.status is Status.CLOSED


def test_no_vote_is_accepted_after_the_deadline(
    stores: Stores, make: Callable[..., Poll], clock: FakeClock
) -> None:
    poll = make(schedule=Schedule(Status.OPEN, closes_at=CLOSE))
    clock.moment = CLOSE - MOMENT
    cast(stores, poll, "c1", now=clock.moment)
    clock.moment = CLOSE
    with pytest.raises(PollClosed):
        cast(stores, poll, "c1", now=clock.moment)
    with pytest.raises(PollClosed):  # nor one that set out in time and came too late
        cast(stores, poll, "c1", now=CLOSE - MOMENT)
    assert stores.tallies.read(poll.id).ballots == 1


def test_no_vote_is_refused_under_load_and_no_lock_is_left_behind(
    stores: Stores, make: Callable[..., Poll]
) -> None:
    poll = make()
    with ThreadPoolExecutor(VOTERS) as pool:
        for votes in range(VOTERS, 6 * VOTERS, VOTERS):
            for voter in [pool.submit(cast, stores, poll, "c1") for _ in range(VOTERS)]:
                voter.result()
            assert stores.tallies.read(poll.id).ballots == votes
    began = time.monotonic()
    cast(stores, poll, "c2")
    assert time.monotonic() - began < 5


def test_counters_and_log_are_written_in_one_transaction(
    stores: Stores, make: Callable[..., Poll], crops: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = make()
    crops.cast(ballot("c1"))
    with monkeypatch.context() as patched:
        patched.setattr(other_texts, "add", _fail)
        assert crops.cast(ballot("c2")).status_code == 503
        assert (_ballots(poll), stores.tallies.read(poll.id).ballots) == (1, 1)
    assert crops.cast(ballot("c2")).status_code == 201
    assert (_ballots(poll), stores.tallies.read(poll.id).ballots) == (2, 2)


def test_the_choices_of_a_question_are_found_by_an_index(app: Flask) -> None:
    uniques = sa.inspect(db.engine).get_unique_constraints("choices")
    assert ["question_id", "code"] in [unique["column_names"] for unique in uniques]
    query = "SELECT * FROM choices WHERE question_id = 1"
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}")
        else:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            rows = connection.exec_driver_sql(f"EXPLAIN {query}")
        plan = " ".join(str(row) for row in rows)
    assert "uq_choices_question_id_code" in plan or "sqlite_autoindex_choices" in plan


def test_an_error_never_replaces_the_poll_and_never_has_the_status_200(
    client: FlaskClient, make: Callable[..., Poll], crops: Api
) -> None:
    make()
    voter = new_token()
    crops.cast(ballot("c1", voter=voter))
    refusals = {
        "already_voted": crops.cast(ballot("c2", voter=voter)),
        "invalid_choice": crops.cast(ballot("c9")),
        "validation_error": crops.cast({}),
        "malformed_json": crops.cast(b"{", content_type="application/json"),
        "origin_not_allowed": crops.cast(ballot(), origin="https://evil.example"),
    }
    for code, refusal in refusals.items():
        assert refusal.status_code >= 400
        assert refusal.mimetype == "application/problem+json"
        assert refusal.json["code"] == code
    page = send(client, "/polls/crops", {})
    assert page.status_code == 422
    for text in ("Which one?", "Rice", "Tea", "Salt"):
        assert text in page.text


def test_a_cached_page_holds_no_nonce_and_its_form_works_whenever_it_was_kept(
    app: Flask, client: FlaskClient, make: Callable[..., Poll], clock: FakeClock, crops: Api
) -> None:
    make()
    page, other = client.get("/polls/crops"), app.test_client().get("/polls/crops")
    assert page.data == other.data
    assert page.headers["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in page.headers
    for word in ("nonce", "csrf", "token"):
        assert word not in page.text.lower()
    clock.moment += timedelta(days=400)
    fields = {"q1": "c1"}  # all that the kept page's form has
    assert send(app.test_client(), "/polls/crops", fields).status_code in (200, 303)
    assert crops.votes() == {"c1": 1}


@pytest.mark.parametrize("visibility", list(ResultsVisibility)[1:])
def test_results_that_are_hidden_are_hidden_on_every_way_to_them(
    client: FlaskClient, make: Callable[..., Poll], crops: Api, visibility: ResultsVisibility
) -> None:
    make(results_visibility=visibility)
    shows_to_voters = visibility is ResultsVisibility.AFTER_VOTE
    body = ballot("c1")
    counted = crops.cast(body)
    again = crops.cast(body)
    other = crops.cast(ballot("c2", voter=body["voter"]))
    for answer in (counted, again, other):
        assert bool(answer.json.get("results")) is shows_to_voters
    hidden = crops.results()
    assert (hidden.status_code, hidden.json["code"]) == (403, "results_hidden")
    assert crops.results(**{"If-None-Match": "*"}).status_code == 403
    headers = {"Voxpop-Receipt": counted.json["receipt"]}
    assert crops.results(**headers).status_code == (200 if shows_to_voters else 403)
    assert "ballots" not in client.get("/v1/polls/crops").text
    for path in ("/polls/crops", "/polls/crops/results"):
        assert not re.search(r"\d ?%", client.get(path).text)


def test_nothing_that_names_a_reader_is_kept(
    app: Flask, make: Callable[..., Poll], crops: Api, empty_redis: RedisServer
) -> None:
    make(duplicate_policy=DuplicatePolicy.DEVICE_AND_NETWORK, network_limit=5)
    token = new_token()
    page = "https://news.test/story?reader=canary-query#canary-part"
    environ = {"REMOTE_ADDR": "203.0.113.77", "HTTP_USER_AGENT": "canary-agent"}
    body = ballot("c1", voter=token, page=page)
    assert crops.cast(body, environ_overrides=environ).status_code == 201
    kept = "\n".join([*_all_of_sql(), *_all_of_redis(empty_redis)])
    assert "https://news.test/story" in kept, "the look at the stores finds nothing at all"
    for canary in (token, "203.0.113.77", "canary"):
        assert canary not in kept
        assert canary.encode().hex() not in kept


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati"])
def test_how_long_a_device_is_remembered_does_not_depend_on_local_time(
    stores: Stores,
    client: FlaskClient,
    make: Callable[..., Poll],
    clock: FakeClock,
    empty_redis: RedisServer,
    local_time: Callable[[str], None],
    zone: str,
) -> None:
    local_time(zone)
    poll = make()
    given = client.post("/polls/crops/ballots", data={"q1": "c1"}, headers={"Origin": OWN_ORIGIN})
    assert "Max-Age=31536000" in given.headers["Set-Cookie"].split("; ")
    voter = new_token()
    cast(stores, poll, "c1", voter=voter)
    for days in (0, 1, 3650):
        clock.moment = NOON + timedelta(days=days)
        empty_redis.flush()
        with pytest.raises(AlreadyVoted):
            cast(stores, poll, "c2", voter=voter, now=clock.moment)


def test_a_closed_poll_that_shows_nothing_shows_nothing_to_its_voters_either(
    client: FlaskClient, make: Callable[..., Poll], clock: FakeClock, crops: Api
) -> None:
    make(schedule=Schedule(Status.OPEN, closes_at=CLOSE), when_closed=WhenClosed.NOTHING)
    assert "Rice" in send(client, "/polls/crops", {"q1": "c1"}).text or crops.votes() == {"c1": 1}
    body = ballot("c1")
    crops.cast(body)
    clock.moment = CLOSE
    for answer in (
        client.get("/polls/crops"),
        client.get("/polls/crops/results"),
        send(client, "/polls/crops", {"q1": "c1"}),
        crops.results(),
        crops.cast(body),
        crops.cast(ballot("c2", voter=body["voter"])),
    ):
        for shown in ("Which one?", "Rice", '"votes"'):
            assert shown not in answer.text
        assert not re.search(r"\d ?%", answer.text)


@pytest.fixture
def local_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Sets the clocks of this machine, as a server's administrator may."""

    def live_in(zone: str) -> None:
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield live_in
    monkeypatch.undo()
    time.tzset()


def _poll_form(page: str) -> Form:
    return next(form for form in Page(page).forms if "title" in form.fields)


def _ballots(poll: Poll) -> int:
    query = sa.select(sa.func.count()).where(models.Ballot.poll_id == poll.id)
    with db.engine.connect() as connection:
        return connection.execute(query).scalar_one()


def _fail(*_: Any) -> None:
    raise RuntimeError("the counters cannot be written")


def _all_of_sql() -> Iterator[str]:
    """Every value of every row; bytes in hexadecimal."""
    with db.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(sa.select(table)):
                yield from (v.hex() if isinstance(v, bytes) else str(v) for v in row)


def _all_of_redis(redis: RedisServer) -> Iterator[str]:
    """Every key and value; in hexadecimal beside the text."""
    for key in redis.client.keys("*"):
        kind = redis.client.type(key)
        value = redis.client.hgetall(key) if kind == b"hash" else redis.client.get(key)
        yield f"{key!r} {value!r}"
