"""The key's site over the API."""

from typing import Any

import pytest

from tests.support.programs import Program
from tests.support.voters import Api, ballot
from tests.web.test_errors import assert_problem

DEMO = "/v1/sites/demo"


def test_a_program_sees_its_own_site_alone(program: Program, stranger: Program) -> None:
    assert [site["slug"] for site in program.get("/v1/sites").json["sites"]] == ["demo"]
    assert [site["slug"] for site in stranger.get("/v1/sites").json["sites"]] == ["other"]
    body = program.get(DEMO).json
    assert_problem(stranger.get(DEMO), 404, "site_not_found")
    assert_problem(stranger.put(DEMO, body, If_Match="*"), 404, "site_not_found")


def test_an_origin_that_is_added_may_vote(program: Program, api: Api) -> None:
    read = program.get(DEMO)
    origins = [*read.json["origins"], "HTTPS://New.Test:443"]
    edited = program.put(DEMO, {**read.json, "origins": origins}, If_Match=read.headers["ETag"])
    assert edited.json["origins"] == ["https://news.test", "https://new.test"]
    assert api.cast(ballot(), origin="https://new.test").status_code == 201


def test_what_is_read_may_be_sent_back_and_changes_nothing(program: Program) -> None:
    read = program.get(DEMO)
    sent = program.put(DEMO, read.json, If_Match=read.headers["ETag"])
    assert (sent.json, sent.headers["ETag"]) == (read.json, read.headers["ETag"])


def test_a_stale_edit_is_told_what_stands(program: Program) -> None:
    read = program.get(DEMO)
    old = read.headers["ETag"]
    new = program.put(DEMO, {**read.json, "name": "First"}, If_Match=old).headers["ETag"]
    late = program.put(DEMO, {**read.json, "name": "Second"}, If_Match=old)
    assert_problem(late, 412, "stale_edit")
    assert late.headers["ETag"] == new
    assert program.get(DEMO).json["name"] == "First"
    assert_problem(program.put(DEMO, read.json), 428, "version_missing")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"origins": ["news.test"]}, "/origins/0"),
        ({"origins": ["https://a.test", "javascript:x"]}, "/origins/1"),
        ({"timezone": "Mars/Olympus"}, "/timezone"),
        ({"locale": "english language"}, "/locale"),
        ({"theme": {"--voxpop-accent": "url(x)"}}, "/theme/--voxpop-accent"),
        ({"theme": {"color": "red"}}, "/theme/color"),
        ({"name": ""}, "/name"),
        ({"slug": "Demo"}, "/slug"),
        ({"id": 1}, "/id"),
    ],
)
def test_a_wrong_field_of_a_site_is_pointed_at(
    program: Program, change: dict[str, Any], pointer: str
) -> None:
    body = {**program.get(DEMO).json, **change}
    document = assert_problem(program.put(DEMO, body, If_Match="*"), 422, "validation_error")
    assert pointer in [error["pointer"] for error in document["errors"]]
