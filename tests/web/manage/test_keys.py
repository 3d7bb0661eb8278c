"""API keys over the API."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.records import Permission
from service.stores import Stores
from tests.conftest import NOON, FakeClock
from tests.support.programs import Program, prefix_of, secret_for
from tests.web.test_errors import assert_problem

NEW = {"name": "feed", "scopes": ["polls:read", "keys:write"], "expires_at": None}


def test_a_program_makes_a_key_that_opens_what_it_says(
    program: Program, client: FlaskClient
) -> None:
    made = program.post("/v1/keys", NEW)
    assert made.status_code == 201
    assert made.headers["Cache-Control"] == "private, no-store"
    key = made.json["key"]
    assert made.headers["Location"] == f"/v1/keys/{key['id']}"
    assert (key["name"], key["scopes"]) == ("feed", ["keys:write", "polls:read"])
    child = Program(client, made.json["secret"])
    assert child.get(f"/v1/keys/{key['id']}").json["id"] == key["id"]
    assert_problem(child.get("/v1/audit"), 403, "not_allowed")


def test_a_list_never_shows_a_secret(program: Program) -> None:
    secret = program.post("/v1/keys", NEW).json["secret"]
    listed = program.get("/v1/keys")
    assert secret not in listed.text
    assert "secret" not in listed.text


def test_a_revoked_key_is_listed_and_opens_nothing(program: Program, client: FlaskClient) -> None:
    made = program.post("/v1/keys", NEW).json
    path = f"/v1/keys/{made['key']['id']}"
    assert [program.delete(path).status_code for _ in range(2)] == [204, 204]
    assert program.get(path).json["revoked_at"] == "2026-11-24T12:00:00Z"
    assert_problem(Program(client, made["secret"]).get("/v1/keys"), 401, "not_signed_in")


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "Bearer vp_00000000_" + "a" * 43],
)
def test_whoever_has_no_valid_key_is_told_what_to_send(
    client: FlaskClient, header: str | None
) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = client.get("/v1/keys", headers=headers)
    assert_problem(answer, 401, "not_signed_in")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_an_expired_key_opens_nothing(
    client: FlaskClient, stores: Stores, clock: FakeClock
) -> None:
    program = Program(client, secret_for(stores, expires_at=NOON + timedelta(hours=1)))
    assert program.get("/v1/keys").status_code == 200
    clock.moment += timedelta(hours=1)
    assert_problem(program.get("/v1/keys"), 401, "not_signed_in")


def test_a_key_of_another_site_does_not_exist(program: Program, stranger: Program) -> None:
    made = program.post("/v1/keys", NEW).json
    path = f"/v1/keys/{made['key']['id']}"
    assert_problem(stranger.get(path), 404, "key_not_found")
    assert_problem(stranger.delete(path), 404, "key_not_found")
    assert made["key"]["id"] not in stranger.get("/v1/keys").text


def test_a_key_gives_no_other_more_than_it_has(client: FlaskClient, stores: Stores) -> None:
    program = Program(client, secret_for(stores, scopes={Permission.KEYS_WRITE}))
    assert_problem(program.post("/v1/keys", NEW), 403, "not_allowed")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"name": " "}, "/name"),
        ({"scopes": []}, "/scopes"),
        ({"scopes": ["polls:own"]}, "/scopes/0"),
        ({"scopes": None}, "/scopes"),
        ({"expires_at": "tomorrow"}, "/expires_at"),
        ({"expires_at": "2027-01-01T00:00:00"}, "/expires_at"),
        ({"expires_at": 1}, "/expires_at"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "/expires_at"),
        ({"secret": "mine"}, "/secret"),
    ],
)
def test_a_wrong_field_of_a_key_is_pointed_at(
    program: Program, change: dict[str, Any], pointer: str
) -> None:
    document = assert_problem(program.post("/v1/keys", {**NEW, **change}), 422, "validation_error")
    assert [error["pointer"] for error in document["errors"]] == [pointer]


def test_the_last_use_is_shown_to_the_minute(
    client: FlaskClient, program: Program, clock: FakeClock
) -> None:
    made = program.post("/v1/keys", NEW).json
    path = f"/v1/keys/{made['key']['id']}"
    assert program.get(path).json["last_used_at"] is None
    Program(client, made["secret"]).get(path).close()  # noted once the answer is sent
    assert program.get(path).json["last_used_at"] == "2026-11-24T12:00:00Z"


def test_keys_are_listed_page_by_page_as_link_says(program: Program) -> None:
    made = [program.post("/v1/keys", {**NEW, "name": str(n)}).json["key"]["id"] for n in range(5)]
    seen: list[str] = []
    path: str | None = "/v1/keys?limit=2"
    while path:
        answer = program.get(path)
        seen += [key["id"] for key in answer.json["keys"]]
        link = answer.headers.get("Link")
        assert (link is None) == (answer.json["next"] is None)
        path = link.partition(">")[0][1:] if link else None
    assert seen[:5] == made[::-1]
    assert len(seen) == 6  # the program's own key is the oldest


def test_a_list_goes_on_from_keys_of_the_site_alone(program: Program, stranger: Program) -> None:
    foreign = prefix_of(stranger.secret)
    for cursor in (foreign, "vp_00000000", "nonsense"):
        document = assert_problem(program.get(f"/v1/keys?cursor={cursor}"), 422, "validation_error")
        assert [error["pointer"] for error in document["errors"]] == ["?cursor"]
