"""The audit log over the API."""

import pytest

from tests.support.programs import Program, prefix_of

pytestmark = pytest.mark.both_databases

NEW = {"name": "feed", "scopes": ["polls:read"]}


def test_what_a_program_does_is_told_of_it_by_its_keys_name(program: Program) -> None:
    made = program.post("/v1/keys", NEW).json["key"]
    program.delete(f"/v1/keys/{made['id']}")
    revoked, created = program.get("/v1/audit?limit=2").json["events"]
    actor, subject = f"key:{prefix_of(program.secret)}", f"key:{made['id']}"
    assert (revoked["actor"], revoked["action"], revoked["subject"]) == (
        actor,
        "key.revoke",
        subject,
    )
    assert (created["actor"], created["action"], created["subject"]) == (
        actor,
        "key.create",
        subject,
    )
    assert created["after"]["scopes"] == ["polls:read"]


def test_events_are_listed_page_by_page_as_link_says(program: Program) -> None:
    for _ in range(4):
        program.post("/v1/keys", NEW)
    seen: list[int] = []
    path: str | None = "/v1/audit?limit=2"
    while path:
        answer = program.get(path)
        seen += [event["id"] for event in answer.json["events"]]
        link = answer.headers.get("Link")
        path = link.partition(">")[0][1:] if link else None
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(set(seen)) == len(program.get("/v1/audit").json["events"])


def test_another_site_reads_nothing_of_it(program: Program, stranger: Program) -> None:
    program.post("/v1/keys", NEW)
    mine = {event["id"] for event in program.get("/v1/audit").json["events"]}
    theirs = {event["id"] for event in stranger.get("/v1/audit").json["events"]}
    assert mine
    assert not mine & theirs


def test_events_of_one_actor_and_about_one_subject_are_asked_for_by_name(program: Program) -> None:
    made = [program.post("/v1/keys", NEW).json["key"]["id"] for _ in range(2)]
    actor, subject = f"key:{prefix_of(program.secret)}", f"key:{made[0]}"
    about = program.get(f"/v1/audit?about={subject}").json["events"]
    assert [event["subject"] for event in about] == [subject]
    by = program.get(f"/v1/audit?by={actor}").json["events"]
    assert [event["subject"] for event in by] == [f"key:{name}" for name in made[::-1]]
    assert program.get(f"/v1/audit?by=operator&about={subject}").json["events"] == []
