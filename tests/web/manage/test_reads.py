"""What holds for every read of a program."""

import pytest

from tests.support.programs import Program
from tests.web.test_errors import assert_problem

LISTS = [
    "/v1/keys",
    "/v1/audit",
    "/v1/polls/region-interest/ballots",
    "/v1/polls/region-interest/other-texts",
]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "?limit"),
        ("limit=101", "?limit"),
        ("limit=-1", "?limit"),
        ("limit=1_0", "?limit"),
        ("limit=%D9%A1", "?limit"),
        ("limit=", "?limit"),
        ("limit=1&limit=2", "?limit"),
        ("cursor=", "?cursor"),
        ("cursor=%00", "?cursor"),
        ("cursor=nonsense", "?cursor"),
        ("cursor=000000000000" + "9" * 30, "?cursor"),
        ("sort=name", "?sort"),
        ("q=%00", "?q"),
    ],
)
def test_a_query_that_no_list_knows_is_refused_by_name(
    program: Program, path: str, query: str, pointer: str
) -> None:
    document = assert_problem(program.get(f"{path}?{query}"), 422, "validation_error")
    assert [error["pointer"] for error in document["errors"]] == [pointer]


def test_a_read_is_private_and_answered_304_to_whoever_has_it(program: Program) -> None:
    first = program.get("/v1/audit")
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert "Authorization" in first.headers["Vary"]
    assert "Access-Control-Allow-Origin" not in first.headers
    again = program.get("/v1/audit", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")


def test_a_preflight_for_a_program_is_not_answered(program: Program) -> None:
    answer = program.ask(
        "OPTIONS", "/v1/keys", Origin="https://news.test", Access_Control_Request_Method="POST"
    )
    assert answer.status_code == 405
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "name", ["%00", "x" * 300, "%F0%9F%98%80", "..%2f", "%C3%28", "99999999999"]
)
@pytest.mark.parametrize(
    "path", ["/v1/polls/{}/definition", "/v1/sites/{}", "/v1/keys/{}", "/v1/owners/{}"]
)
def test_a_name_that_nothing_can_have_is_not_found(program: Program, path: str, name: str) -> None:
    answer = program.get(path.format(name))
    assert answer.status_code == 404
    assert answer.json["code"].endswith("_found")
