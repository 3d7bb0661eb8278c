"""Polls over the API for programs."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from service.records import AuditEvent
from service.stores import Stores
from service.stores.sql.db import db
from service.stores.sql.polls import PollStore
from service.web.manage import versions
from service.web.rendering import Rendered
from tests.conftest import NOON, FakeClock
from tests.support.programs import Program
from tests.support.voters import Api, ballot
from tests.web.test_errors import assert_problem

pytestmark = pytest.mark.both_databases

CHOICES = [{"text": "Yes"}, {"text": "No"}]
POLL: dict[str, Any] = {"questions": [{"text": "Tea?", "choices": CHOICES}]}
DEMO = "/v1/polls/region-interest/definition"


def test_a_poll_of_a_question_and_two_choices_is_made_and_voted_in(
    program: Program, api: Api
) -> None:
    made = program.post("/v1/polls", {**POLL, "status": "open"})
    assert made.status_code == 201
    assert made.headers["Location"] == "/v1/polls/tea/definition"
    assert made.json["slug"] == "tea"
    assert [choice["id"] for choice in made.json["questions"][0]["choices"]] == ["c1", "c2"]
    api.slug = "tea"
    assert api.cast(ballot("c2")).status_code == 201


def test_a_new_poll_is_a_draft_unless_it_says_otherwise(
    program: Program, client: FlaskClient
) -> None:
    assert program.post("/v1/polls", POLL).json["status"] == "draft"
    assert_problem(client.get("/v1/polls/tea"), 404, "poll_not_found")
    assert program.get("/v1/polls/tea/definition").status_code == 200


def test_what_is_read_may_be_sent_back_and_changes_nothing(program: Program) -> None:
    read = program.get(DEMO)
    sent = program.put(DEMO, read.json, If_Match=read.headers["ETag"])
    assert sent.status_code == 200
    assert (sent.json, sent.headers["ETag"]) == (read.json, read.headers["ETag"])


def test_moments_come_back_as_exactly_as_they_are_kept(program: Program) -> None:
    closes = "2027-01-01T00:00:00.250000Z"
    made = program.post("/v1/polls", {**POLL, "closes_at": "2027-01-01T05:30:00.25+05:30"})
    assert made.json["closes_at"] == closes
    sent = program.put("/v1/polls/tea/definition", made.json, If_Match=made.headers["ETag"])
    assert sent.headers["ETag"] == made.headers["ETag"]


def test_an_edit_is_seen_and_its_version_is_another(program: Program) -> None:
    read = program.get(DEMO)
    changed = {**read.json, "title": "Regions", "percent_only": True}
    edited = program.put(DEMO, changed, If_Match=read.headers["ETag"])
    assert (edited.json["title"], edited.json["percent_only"]) == ("Regions", True)
    assert edited.headers["ETag"] != read.headers["ETag"]
    assert program.get(DEMO).json == edited.json
    assert program.get(DEMO, If_None_Match=edited.headers["ETag"]).status_code == 304


def test_a_stale_edit_is_told_what_stands_and_overwrites_nothing(program: Program) -> None:
    read = program.get(DEMO)
    old = read.headers["ETag"]
    new = program.put(DEMO, {**read.json, "title": "First"}, If_Match=old).headers["ETag"]
    late = program.put(DEMO, {**read.json, "title": "Second"}, If_Match=old)
    assert_problem(late, 412, "stale_edit")
    assert late.headers["ETag"] == new
    assert program.get(DEMO).json["title"] == "First"


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_an_edit_must_name_its_version(program: Program, method: str) -> None:
    body = program.get(DEMO).json if method == "PUT" else None
    assert_problem(program.ask(method, DEMO, body), 428, "version_missing")
    for tag in ('"other"', "W/" + program.get(DEMO).headers["ETag"], "nonsense"):
        assert_problem(program.ask(method, DEMO, body, If_Match=tag), 412, "stale_edit")
    assert program.ask(method, DEMO, body, If_Match="*").status_code in (200, 204)


def test_an_edit_cannot_change_the_status_by_the_way(program: Program) -> None:
    read = program.get(DEMO).json
    document = assert_problem(
        program.put(DEMO, {**read, "status": "closed"}, If_Match="*"), 422, "validation_error"
    )
    assert document["errors"][0]["pointer"] == "/status"


def test_an_edit_that_would_falsify_ballots_is_refused(program: Program, api: Api) -> None:
    api.cast(ballot("c1"))
    read = program.get(DEMO).json
    question = read["questions"][0]
    fewer = {**read, "questions": [{**question, "choices": question["choices"][1:]}]}
    assert_problem(program.put(DEMO, fewer, If_Match="*"), 409, "poll_has_ballots")


def test_a_closed_poll_takes_no_ballot_and_may_be_opened_again(program: Program, api: Api) -> None:
    path = "/v1/polls/region-interest/status"
    assert program.post(path, {"status": "closed"}).json["status"] == "closed"
    assert_problem(api.cast(ballot()), 409, "poll_closed")
    assert_problem(program.post(path, {"status": "draft"}), 409, "status_conflict")
    assert program.post(path, {"status": "open"}).json["status"] == "open"


def test_a_duplicate_is_a_draft_with_an_address_of_its_own(program: Program) -> None:
    made = program.post("/v1/polls/region-interest/duplicate")
    assert made.headers["Location"] == "/v1/polls/region-interest-2/definition"
    assert made.json["status"] == "draft"
    assert made.json["questions"] == program.get(DEMO).json["questions"]


def test_a_deleted_poll_is_gone(program: Program, api: Api) -> None:
    api.cast(ballot())
    assert program.delete(DEMO, If_Match="*").status_code == 204
    assert_problem(program.get(DEMO), 404, "poll_not_found")


def test_a_poll_that_was_edited_since_it_was_seen_is_not_deleted(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, check = program.get(DEMO), versions.check
    seen = read.headers["ETag"]

    def check_and_be_overtaken(current: Rendered) -> None:
        check(current)
        monkeypatch.setattr(versions, "check", check)
        edit = program.put(DEMO, {**read.json, "title": "Other"}, If_Match=seen)
        assert edit.status_code == 200

    monkeypatch.setattr(versions, "check", check_and_be_overtaken)
    late = program.delete(DEMO, If_Match=seen)
    assert_problem(late, 412, "stale_edit")
    assert program.get(DEMO).headers["ETag"] == late.headers["ETag"]


def test_a_poll_that_another_process_has_deleted_is_gone_at_once(
    program: Program, api: Api, stores: Stores
) -> None:
    assert api.client.get("/v1/polls/region-interest").status_code == 200, "this process knows it"
    event = AuditEvent(site_id=1, actor="other", action="poll.delete", subject="poll:", at=NOON)
    PollStore(db.engine).delete(stores.polls.find("region-interest").id, lambda *_: [event])
    assert_problem(api.results(), 404, "poll_not_found")
    assert api.client.get("/polls/region-interest/results").status_code == 404
    assert_problem(program.get("/v1/polls/region-interest/results/full"), 404, "poll_not_found")


def test_a_slug_that_is_taken_is_refused(program: Program) -> None:
    answer = program.post("/v1/polls", {**POLL, "slug": "region-interest"})
    assert_problem(answer, 409, "slug_taken")


def test_a_status_that_is_left_out_of_an_edit_stays(program: Program) -> None:
    read = program.get(DEMO).json
    edit = {name: value for name, value in read.items() if name != "status"} | {"title": "Other"}
    assert program.put(DEMO, edit, If_Match="*").json == {**read, "title": "Other"}
    other = program.put(DEMO, {**edit, "status": "closed"}, If_Match="*")
    document = assert_problem(other, 422, "validation_error")
    assert [error["pointer"] for error in document["errors"]] == ["/status"]


def test_the_largest_poll_that_may_be_made_may_be_sent_back(program: Program) -> None:
    choices = [{"text": f"Choice {number}"} for number in range(100)]
    questions = [{"text": f"Question {number}?", "choices": choices} for number in range(100)]
    made = program.post("/v1/polls", {"slug": "huge", "questions": questions})
    assert made.status_code == 201
    path = made.headers["Location"]
    read = program.get(path)
    assert len(read.data) > 64 * 1024
    again = program.put(path, {**read.json, "title": "Huge"}, If_Match=read.headers["ETag"])
    assert (again.status_code, again.json["title"]) == (200, "Huge")
    beyond = program.put(path, {"title": "x" * 2 * 1024 * 1024}, If_Match="*")
    assert assert_problem(beyond, 413, "body_too_large")["detail"].endswith("2048 kB.")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"questions": []}, "/questions"),
        ({"questions": [{"text": "Tea?", "choices": CHOICES[:1]}]}, "/questions/0/choices"),
        ({"questions": [{"text": "", "choices": CHOICES}]}, "/questions/0/text"),
        ({"questions": [{"text": " ", "choices": CHOICES}]}, "/questions/0/text"),
        ({"slug": "No Slug"}, "/slug"),
        ({"status": "scheduled"}, "/status"),
        ({"percent_only": 1}, "/percent_only"),
        ({"network_limit": "5"}, "/network_limit"),
        ({"network_limit": True}, "/network_limit"),
        ({"network_limit": 5}, "/network_limit"),
        ({"opens_at": "0001-01-01T00:00:00+23:00"}, "/opens_at"),
        ({"opens_at": "0001-01-01T00:00:00Z"}, "/opens_at"),
        ({"closes_at": "9999-12-31T23:59:59Z"}, "/closes_at"),
        ({"opens_at": "2027-01-01T00:00:00"}, "/opens_at"),
        (
            {"opens_at": "2027-01-02T00:00:00Z", "closes_at": "2027-01-01T00:00:00Z"},
            "/closes_at",
        ),
        ({"ballots": 5}, "/ballots"),
    ],
)
def test_a_wrong_field_of_a_poll_is_pointed_at(
    program: Program, change: dict[str, Any], pointer: str
) -> None:
    answer = program.post("/v1/polls", {**POLL, **change})
    document = assert_problem(answer, 422, "validation_error")
    assert pointer in [error["pointer"] for error in document["errors"]]


def test_polls_are_listed_page_by_page_newest_first(program: Program) -> None:
    for number in range(4):
        program.post("/v1/polls", {**POLL, "slug": f"p{number}"})
    seen: list[str] = []
    path: str | None = "/v1/polls?limit=2"
    while path:
        answer = program.get(path)
        assert answer.headers["ETag"]
        seen += [poll["slug"] for poll in answer.json["polls"]]
        link = answer.headers.get("Link")
        path = link.partition(">")[0][1:] if link else None
    assert seen == ["p3", "p2", "p1", "p0", "region-interest"]


def test_polls_are_found_by_text_and_by_the_status_that_readers_see(
    program: Program, clock: FakeClock
) -> None:
    soon = "2026-11-24T13:00:00Z"
    program.post("/v1/polls", {**POLL, "status": "open", "closes_at": soon})

    def found(query: str) -> list[str]:
        return [poll["slug"] for poll in program.get(f"/v1/polls?{query}").json["polls"]]

    assert found("q=TEA") == ["tea"]
    assert found("status=open") == ["tea", "region-interest"]
    clock.moment = clock.moment.replace(hour=13)
    assert (found("status=open"), found("status=closed")) == (["region-interest"], ["tea"])


@pytest.mark.parametrize(
    ("query", "pointer"),
    [("q=", "?q"), ("status=gone", "?status"), ("cursor=x", "?cursor"), ("cursor=-1", "?cursor")],
)
def test_a_bad_search_is_refused_by_name(program: Program, query: str, pointer: str) -> None:
    document = assert_problem(program.get(f"/v1/polls?{query}"), 422, "validation_error")
    assert [error["pointer"] for error in document["errors"]] == [pointer]


def test_another_site_finds_and_changes_nothing(program: Program, stranger: Program) -> None:
    read = program.get(DEMO)
    assert stranger.get("/v1/polls").json == {"polls": [], "next": None}
    for answer in (
        stranger.get(DEMO),
        stranger.put(DEMO, {**read.json, "title": "Theirs"}, If_Match="*"),
        stranger.delete(DEMO, If_Match="*"),
        stranger.post("/v1/polls/region-interest/status", {"status": "closed"}),
        stranger.post("/v1/polls/region-interest/duplicate"),
    ):
        assert_problem(answer, 404, "poll_not_found")
    assert program.get(DEMO).data == read.data


def test_readers_get_the_same_bytes_whoever_asks(program: Program, client: FlaskClient) -> None:
    path = "/v1/polls/region-interest"
    as_reader, as_owner = client.get(path), program.get(path)
    assert as_reader.data == as_owner.data
    assert as_reader.headers["Cache-Control"] == as_owner.headers["Cache-Control"]
    assert "Authorization" not in as_owner.headers.get("Vary", "")
