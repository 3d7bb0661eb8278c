"""The poll of a place over HTTP: the same answer as the poll's own."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from service.stores import Stores
from service.stores.fresh import Fresh
from service.stores.sql.db import db
from tests.conftest import NOON
from tests.web.test_errors import assert_problem

PLACES = ["latest", "current", "random"]


@pytest.mark.parametrize("place", PLACES)
def test_is_answered_as_the_poll_is(client: FlaskClient, place: str) -> None:
    own = client.get("/v1/polls/region-interest")
    placed = client.get(f"/v1/sites/demo/polls/{place}")
    assert (placed.status_code, placed.data) == (200, own.data)
    assert sorted(placed.headers) == sorted(own.headers)
    known = {"If-None-Match": own.headers["ETag"]}
    assert client.get(f"/v1/sites/demo/polls/{place}", headers=known).status_code == 304


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/v1/sites/nowhere/polls/latest", "site_not_found"),
        ("/v1/sites/empty/polls/latest", "poll_not_found"),
        ("/v1/sites/demo/polls/newest", "not_found"),
        ("/v1/sites/demo/polls/region-interest", "not_found"),
        ("/v1/sites/demo/polls/", "not_found"),
    ],
)
def test_what_there_is_not_is_said_to_pages_of_any_origin(
    stores: Stores, client: FlaskClient, path: str, code: str
) -> None:
    stores.sites.ensure("empty", "Empty", "en", "UTC", NOON)
    answer = client.get(path)
    assert_problem(answer, 404, code)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_readers_cost_no_query_while_what_is_known_is_fresh(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Fresh, "_is_old", lambda *_: False)
    client.get("/v1/sites/demo/polls/current")
    queries: list[str] = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *call: queries.append(call[2]))
    for place in PLACES:
        assert client.get(f"/v1/sites/demo/polls/{place}").status_code == 200
    assert queries == []


@pytest.mark.parametrize("place", PLACES)
def test_the_page_of_a_place_leads_to_the_polls_own(client: FlaskClient, place: str) -> None:
    answer = client.get(f"/sites/demo/{place}")
    assert (answer.status_code, answer.location) == (302, "/polls/region-interest")
    assert answer.headers["Cache-Control"].startswith("public, max-age=5")
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(("asked", "led"), [("ar", "?locale=ar"), ("und", ""), ("a%0Db", "")])
def test_the_page_of_a_place_leads_on_in_the_language_that_is_asked_for(
    client: FlaskClient, asked: str, led: str
) -> None:
    answer = client.get(f"/sites/demo/current?locale={asked}&utm=x")
    assert answer.location == f"/polls/region-interest{led}"


def test_there_are_no_other_pages_of_a_site(client: FlaskClient) -> None:
    for path in ("/sites/demo/settings", "/sites/demo", "/sites/nowhere/current"):
        assert client.get(path).status_code == 404
