"""`If-Match: *` takes whatever stands, also what stands there since a moment ago."""

from typing import Any

import pytest

from service.web.manage import versions
from service.web.rendering import Rendered
from tests.support.programs import Program

POLL = "/v1/polls/region-interest/definition"
SITE = "/v1/sites/demo"


@pytest.fixture
def owner(program: Program) -> str:
    """The path of an owner beside an admin."""
    program.post("/v1/owners", {"email": "admin@news.test", "role": "admin"})
    path = program.post("/v1/owners", {"email": "ann@news.test", "role": "editor"})
    return str(path.headers["Location"])


def overtaken(
    program: Program, monkeypatch: pytest.MonkeyPatch, path: str, first: dict[str, Any]
) -> None:
    """Have the next call to the path meet an edit that is made after its version was checked."""
    read, check = program.get(path), versions.check

    def check_and_be_overtaken(current: Rendered) -> None:
        check(current)
        monkeypatch.setattr(versions, "check", check)
        edit = {**read.json, **first} if path in (POLL, SITE) else first
        assert program.put(path, edit, If_Match=read.headers["ETag"]).status_code == 200

    monkeypatch.setattr(versions, "check", check_and_be_overtaken)


@pytest.mark.parametrize(("path", "field"), [(POLL, "title"), (SITE, "name")])
def test_an_edit_of_whatever_stands_overwrites_a_faster_one(
    program: Program, monkeypatch: pytest.MonkeyPatch, path: str, field: str
) -> None:
    body = {**program.get(path).json, field: "Last"}
    overtaken(program, monkeypatch, path, {field: "First"})
    assert program.put(path, body, If_Match="*").json[field] == "Last"
    assert program.get(path).json[field] == "Last"


def test_a_role_takes_the_place_of_whatever_it_has_become(
    program: Program, monkeypatch: pytest.MonkeyPatch, owner: str
) -> None:
    overtaken(program, monkeypatch, owner, {"role": "admin"})
    assert program.put(owner, {"role": "viewer"}, If_Match="*").json["role"] == "viewer"


def test_a_poll_is_deleted_whatever_it_has_become(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    overtaken(program, monkeypatch, POLL, {"title": "First"})
    assert program.delete(POLL, If_Match="*").status_code == 204
    assert program.get(POLL).status_code == 404


def test_an_owner_is_removed_whatever_they_have_become(
    program: Program, monkeypatch: pytest.MonkeyPatch, owner: str
) -> None:
    overtaken(program, monkeypatch, owner, {"role": "admin"})
    assert program.delete(owner, If_Match="*").status_code == 204
    assert program.get(owner).status_code == 404
