"""The hot calls' own way in says the very same as the views that it passes by."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import Client

from service.domain import polls, receipts
from service.records import Ballot, Poll, ResultsVisibility, Ruling
from service.stores import Stores
from service.stores.ballot_box import BallotBox
from tests.support.voters import Api, ballot, new_token
from tests.web.conftest import MakePoll

pytestmark = pytest.mark.both_databases

THROUGH_THE_VIEW = {"Content-Type": "application/json; charset=utf-8"}


@pytest.fixture
def views(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The endpoints of the requests that reach Flask."""
    reached: list[str] = []

    @app.before_request
    def note() -> None:
        reached.append("Flask")

    return reached


@pytest.fixture
def casts(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The ballots that are put into the box."""
    put: list[Any] = []
    cast = BallotBox.cast

    def note(box: BallotBox, one: Ballot) -> Ruling:
        put.append(one)
        return cast(box, one)

    monkeypatch.setattr(BallotBox, "cast", note)
    return put


READS = [
    "polls/region-interest?locale=ar-EG",
    "polls/region-interest",
    "polls/region-interest/results",
    "sites/demo/polls/random",
    "sites/demo/polls/random?locale=en",
]


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("known", [None, '"{}"', 'W/"{}"', '"other", "{}"', "*", '"other"', "{}"])
def test_a_read_never_reaches_flask_and_is_answered_as_flask_would(
    views: list[str], client: FlaskClient, past_the_lane: Client, path: str, known: str | None
) -> None:
    address = f"/v1/{path}"
    etag = client.get(address).headers["ETag"].strip('"')
    headers = {} if known is None else {"If-None-Match": known.format(etag)}
    lane = client.get(address, headers=headers)
    assert views == []
    view = past_the_lane.get(address, headers=headers)
    assert views == ["Flask"]
    assert (lane.status, lane.data) == (view.status, view.data)
    assert sorted(lane.headers) == sorted(view.headers)


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("body", [{"Content-Length": "20"}, {"Transfer-Encoding": "chunked"}])
def test_a_read_with_a_body_is_left_to_flask(
    views: list[str], client: FlaskClient, path: str, body: dict[str, str]
) -> None:
    address = f"/v1/{path}"
    assert client.get(address, headers={"Content-Length": "0"}).status_code == 200
    assert views == []
    assert client.get(address, headers=body, input_stream=BytesIO(b"z" * 20)).status_code == 200
    assert views == ["Flask"]


def test_results_for_voters_alone_are_the_same_on_both_ways(
    make_poll: MakePoll, client: FlaskClient, past_the_lane: Client
) -> None:
    make_poll(results_visibility=ResultsVisibility.AFTER_VOTE)
    receipt = Api(client, "made").cast(ballot()).json["receipt"]
    address, headers = "/v1/polls/made/results", {"Voxpop-Receipt": receipt}
    lane, view = client.get(address, headers=headers), past_the_lane.get(address, headers=headers)
    assert (lane.status, lane.data) == (view.status, view.data)
    assert sorted(lane.headers) == sorted(view.headers)
    assert client.get(address, headers={"Voxpop-Receipt": "none"}).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/v1/polls/",
        "/v1/sites/nothing/polls/latest",
        "/v1/polls/nothing",
        "/v1/polls/nothing/results",
        "/v1/polls/region-interest/",
    ],
)
def test_what_is_not_there_is_refused_by_flask(
    views: list[str], client: FlaskClient, path: str
) -> None:
    refusal = client.get(path)
    assert (refusal.status_code, refusal.mimetype) == (404, "application/problem+json")
    assert views == ["Flask"]


def test_a_poll_that_is_not_there_is_looked_for_once(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[str] = []
    find = polls.find

    def note(stores: Stores, slug: str) -> Poll:
        looks.append(slug)
        return find(stores, slug)

    monkeypatch.setattr(polls, "find", note)
    assert client.get("/v1/polls/nothing").status_code == 404
    assert looks == ["nothing"]


def test_an_ordinary_ballot_never_reaches_flask(views: list[str], api: Api) -> None:
    body = ballot()
    assert (api.cast(body).status_code, api.cast(body).status_code) == (201, 200)
    assert views == []


@pytest.mark.parametrize("origin", ["http://polls.test", "https://news.test"])
def test_lane_and_view_give_the_same_answer_with_the_same_headers(
    views: list[str], api: Api, origin: str
) -> None:
    body = ballot()
    api.cast(body, origin=origin)
    lane = api.cast(body, origin=origin)
    view = api.cast(body, origin=origin, headers=THROUGH_THE_VIEW)
    assert views == ["Flask"]
    assert (lane.status, lane.data) == (view.status, view.data)
    assert sorted(lane.headers) == sorted(view.headers)


@pytest.mark.parametrize(
    ("slug", "body", "origin", "code"),
    [
        ("region-interest", b"{", "http://polls.test", "malformed_json"),
        ("region-interest", {"answers": 1}, "http://polls.test", "validation_error"),
        ("region-interest", ballot("c99"), "http://polls.test", "invalid_choice"),
        ("region-interest", ballot(), "https://foreign.test", "origin_not_allowed"),
        ("region-interest", ballot(), None, "origin_not_allowed"),
        ("nothing", ballot(), "http://polls.test", "poll_not_found"),
        ("region-interest", b"x" * 70_000, "http://polls.test", "body_too_large"),
    ],
)
def test_what_is_not_ordinary_is_answered_by_flask(
    views: list[str], client: FlaskClient, slug: str, body: Any, origin: str, code: str
) -> None:
    refusal = Api(client, slug).cast(body, origin=origin, content_type="application/json")
    assert refusal.json["code"] == code
    assert views == ["Flask"]


def test_a_refused_ballot_is_not_cast_again_by_the_view(
    views: list[str], api: Api, casts: list[Any]
) -> None:
    body = ballot("c1")
    api.cast(body)
    refusal = api.cast(body | {"answers": {"q1": ["c2"]}})
    assert (refusal.status_code, refusal.json["code"]) == (422, "ballot_id_reused")
    assert refusal.headers["Access-Control-Allow-Origin"] == "http://polls.test"
    assert (views, len(casts)) == (["Flask"], 2)


def test_a_voter_who_comes_again_is_refused_alike_on_both_ways(views: list[str], api: Api) -> None:
    voter = new_token()
    api.cast(ballot("c1", voter=voter))
    lane = api.cast(ballot("c2", voter=voter))
    assert views == []
    view = api.cast(ballot("c2", voter=voter), headers=THROUGH_THE_VIEW)
    assert views == ["Flask"]
    assert (lane.status, lane.mimetype) == (view.status, "application/problem+json")
    assert _as_of_one_request(lane) == _as_of_one_request(view)


def _as_of_one_request(refusal: Any) -> tuple[bytes, list[tuple[str, str]]]:
    """The refusal without the id of its request, which it names twice."""
    own: str = refusal.headers["X-Request-Id"]
    assert refusal.json["request_id"] == own
    headers = [(name, value.replace(own, "")) for name, value in refusal.headers]
    return refusal.data.replace(own.encode(), b""), sorted(headers)


def test_a_defect_in_the_lane_is_answered_like_any_other(
    app: Flask, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail(*_: Any) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr(receipts, "sign", fail)
    failure = api.cast(ballot())
    assert (failure.status_code, failure.json["code"]) == (500, "internal_error")
