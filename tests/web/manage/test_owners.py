"""The site's owners over the API."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from service.domain import owners
from service.records import ROLE_PERMISSIONS, Permission, Role
from service.stores import Stores
from service.web.manage import versions
from service.web.rendering import Rendered
from tests.conftest import NOON
from tests.support.programs import Program, secret_for
from tests.web.test_errors import assert_problem

NEW = {"email": "Editor@News.test", "role": "editor"}


def test_an_owner_is_added_with_a_password_that_is_shown_once(
    program: Program, stores: Stores
) -> None:
    made = program.post("/v1/owners", NEW)
    assert made.status_code == 201
    owner = made.json["owner"]
    assert (owner["email"], owner["role"]) == ("editor@news.test", "editor")
    assert owners.authenticate(stores, "editor@news.test", made.json["password"], NOON)
    path = made.headers["Location"]
    assert program.get(path).json == owner
    assert made.json["password"] not in program.get("/v1/owners").text


def test_whoever_has_an_account_joins_with_their_own_password(
    program: Program, stranger: Program
) -> None:
    stranger.post("/v1/owners", NEW)
    assert program.post("/v1/owners", NEW).json["password"] is None
    assert_problem(program.post("/v1/owners", NEW), 409, "email_taken")


def test_a_role_changes_by_the_version_that_was_read(program: Program) -> None:
    path = program.post("/v1/owners", NEW).headers["Location"]
    read = program.get(path)
    changed = program.put(path, {"role": "viewer"}, If_Match=read.headers["ETag"])
    assert changed.json["role"] == "viewer"
    assert program.get(path).headers["ETag"] == changed.headers["ETag"]
    late = program.put(path, {"role": "admin"}, If_Match=read.headers["ETag"])
    assert_problem(late, 412, "stale_edit")


@pytest.mark.parametrize(("method", "body"), [("PUT", {"role": "viewer"}), ("DELETE", None)])
def test_of_two_who_act_on_the_same_version_one_is_told_what_stands(
    program: Program, monkeypatch: pytest.MonkeyPatch, method: str, body: Any
) -> None:
    path = program.post("/v1/owners", NEW).headers["Location"]
    seen, check = program.get(path).headers["ETag"], versions.check

    def check_and_be_overtaken(current: Rendered) -> None:
        check(current)
        monkeypatch.setattr(versions, "check", check)
        assert program.put(path, {"role": "admin"}, If_Match=seen).status_code == 200

    monkeypatch.setattr(versions, "check", check_and_be_overtaken)
    late = program.ask(method, path, body, If_Match=seen)
    assert_problem(late, 412, "stale_edit")
    stands = program.get(path)
    assert (stands.json["role"], stands.headers["ETag"]) == ("admin", late.headers["ETag"])


def test_the_last_admin_stays(program: Program) -> None:
    path = program.post("/v1/owners", {**NEW, "role": "admin"}).headers["Location"]
    assert_problem(program.put(path, {"role": "viewer"}, If_Match="*"), 409, "last_admin")
    assert_problem(program.delete(path, If_Match="*"), 409, "last_admin")


def test_an_owner_who_is_removed_is_seen_no_more(program: Program) -> None:
    program.post("/v1/owners", {"email": "admin@news.test", "role": "admin"})
    path = program.post("/v1/owners", NEW).headers["Location"]
    assert program.delete(path, If_Match="*").status_code == 204
    assert_problem(program.get(path), 404, "owner_not_found")


def test_an_owner_of_another_site_does_not_exist(program: Program, stranger: Program) -> None:
    path = program.post("/v1/owners", NEW).headers["Location"]
    for answer in (
        stranger.get(path),
        stranger.put(path, {"role": "viewer"}, If_Match="*"),
        stranger.delete(path, If_Match="*"),
    ):
        assert_problem(answer, 404, "owner_not_found")
    assert stranger.get("/v1/owners").json == {"owners": [], "next": None}


def test_a_key_gives_no_role_that_may_do_more_than_itself(
    client: FlaskClient, stores: Stores, program: Program
) -> None:
    viewer = ROLE_PERMISSIONS[Role.VIEWER]
    limited = Program(client, secret_for(stores, scopes={Permission.OWNERS_WRITE, *viewer}))
    assert_problem(limited.post("/v1/owners", NEW), 403, "not_allowed")
    path = limited.post("/v1/owners", {**NEW, "role": "viewer"}).headers["Location"]
    assert_problem(limited.put(path, {"role": "admin"}, If_Match="*"), 403, "not_allowed")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"email": "nobody"}, "/email"),
        ({"email": "a@b c"}, "/email"),
        ({"email": 1}, "/email"),
        ({"role": "king"}, "/role"),
        ({"password": "mine"}, "/password"),
    ],
)
def test_a_wrong_field_of_an_owner_is_pointed_at(
    program: Program, change: dict[str, Any], pointer: str
) -> None:
    document = assert_problem(
        program.post("/v1/owners", {**NEW, **change}), 422, "validation_error"
    )
    assert [error["pointer"] for error in document["errors"]] == [pointer]
