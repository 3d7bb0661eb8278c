"""The ordinary ballot's own way in says the very same as the view that it passes by."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.domain import receipts
from service.records import Ballot, Ruling
from service.stores.ballot_box import BallotBox
from tests.support.voters import Api, ballot, new_token

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


def test_a_refused_ballot_is_not_cast_again_by_the_view(api: Api, casts: list[Any]) -> None:
    voter = new_token()
    api.cast(ballot("c1", voter=voter))
    refusal = api.cast(ballot("c2", voter=voter))
    assert (refusal.status_code, refusal.json["code"]) == (409, "already_voted")
    assert refusal.json["results"]["ballots"] == 1
    assert refusal.headers["Access-Control-Allow-Origin"] == "http://polls.test"
    assert len(casts) == 2


def test_a_defect_in_the_lane_is_answered_like_any_other(
    app: Flask, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail(*_: Any) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr(receipts, "sign", fail)
    failure = api.cast(ballot())
    assert (failure.status_code, failure.json["code"]) == (500, "internal_error")
