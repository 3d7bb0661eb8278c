"""Calls that make something, sent again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from service.domain import keys, owners, polls, repeats
from service.errors import TemporarilyUnavailable
from service.records import OPERATOR, Call, Role
from service.stores import Stores
from tests.conftest import NOON, FakeClock
from tests.support.programs import Program, prefix_of
from tests.web.test_errors import assert_problem

pytestmark = pytest.mark.both_databases

POLL = {"questions": [{"text": "Tea?", "choices": [{"text": "Yes"}, {"text": "No"}]}]}
PASSWORD = "correct horse battery"
KEPT = ("Content-Type", "Cache-Control", "ETag", "Location")


def slugs(program: Program) -> list[str]:
    return [poll["slug"] for poll in program.get("/v1/polls").json["polls"]]


def test_the_same_call_makes_one_poll_and_is_answered_the_same(program: Program) -> None:
    first, again = (program.post("/v1/polls", POLL, Idempotency_Key="k") for _ in range(2))
    assert (first.status_code, first.data) == (again.status_code, again.data)
    assert [first.headers[name] for name in KEPT] == [again.headers[name] for name in KEPT]
    assert slugs(program) == ["tea", "region-interest"]


def test_twenty_at_once_make_one_poll(app: Flask, program: Program) -> None:
    def post(_: int) -> Any:
        asking = Program(app.test_client(), program.secret)
        return asking.post("/v1/polls", POLL, Idempotency_Key="k")

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(post, range(20)))
    made = {answer.data for answer in answers if answer.status_code == 201}
    assert len(made) == 1
    for answer in answers:
        if answer.status_code != 201:
            assert_problem(answer, 409, "still_under_way")
    assert slugs(program) == ["tea", "region-interest"]


def test_without_a_key_the_same_call_makes_another(program: Program) -> None:
    made = [program.post("/v1/polls", POLL).json["slug"] for _ in range(2)]
    assert made == ["tea", "tea-2"]


def test_another_body_or_path_under_the_key_is_refused(program: Program) -> None:
    program.post("/v1/polls", POLL, Idempotency_Key="k")
    other = program.post("/v1/polls", {**POLL, "title": "Other"}, Idempotency_Key="k")
    assert_problem(other, 422, "idempotency_key_reused")
    duplicate = program.post("/v1/polls/tea/duplicate", Idempotency_Key="k")
    assert_problem(duplicate, 422, "idempotency_key_reused")


def test_two_programs_do_not_share_their_keys(program: Program, stranger: Program) -> None:
    program.post("/v1/polls", POLL, Idempotency_Key="k")
    other = stranger.post("/v1/polls", {**POLL, "slug": "theirs"}, Idempotency_Key="k")
    assert other.json["slug"] == "theirs"


def test_a_call_that_was_refused_frees_its_key(program: Program) -> None:
    assert_problem(program.post("/v1/polls", {}, Idempotency_Key="k"), 422, "validation_error")
    assert program.post("/v1/polls", POLL, Idempotency_Key="k").status_code == 201


@pytest.mark.parametrize("trouble", [TemporarilyUnavailable(2), RuntimeError("defect")])
def test_a_call_that_failed_frees_its_key(
    app: Flask, program: Program, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail(*_: Any, **__: Any) -> None:
        raise trouble

    with monkeypatch.context() as patch:
        patch.setattr(polls, "create", fail)
        assert program.post("/v1/polls", POLL, Idempotency_Key="k").status_code in (500, 503)
    assert program.post("/v1/polls", POLL, Idempotency_Key="k").status_code == 201


MADE = {
    "a poll": (polls, "create", "/v1/polls", POLL),
    "a copy": (polls, "duplicate", "/v1/polls/region-interest/duplicate", None),
    "a key": (keys, "create", "/v1/keys", {"name": "feed", "scopes": ["polls:read"]}),
    "an owner": (owners, "add", "/v1/owners", {"email": "ann@news.test", "role": "editor"}),
    "a known owner": (owners, "add", "/v1/owners", {"email": "eve@news.test", "role": "editor"}),
}
SHOWN_ONCE = {"secret": None, "password": None}


@pytest.fixture
def eve(stores: Stores) -> None:
    """An owner of another site."""
    other = stores.sites.ensure("other", "Other", "en", "UTC", NOON)
    owners.create(stores, OPERATOR, "eve@news.test", PASSWORD, {other: Role.VIEWER}, NOON)


class Died(BaseException):
    """The end of the process."""


@pytest.mark.parametrize("made", MADE)
@pytest.mark.parametrize("trouble", [TemporarilyUnavailable(2), Died()])
def test_what_was_made_and_never_told_is_told_to_the_call_sent_again(
    eve: None,
    program: Program,
    stores: Stores,
    monkeypatch: pytest.MonkeyPatch,
    made: str,
    trouble: BaseException,
) -> None:
    module, name, path, body = MADE[made]
    make = getattr(module, name)

    def make_and_fail(*args: Any, **options: Any) -> None:
        make(*args, **options)
        raise trouble

    before = len(stores.audit.list_before(None, None, 500))
    with monkeypatch.context() as patch:
        patch.setattr(module, name, make_and_fail)
        if isinstance(trouble, Died):
            patch.setattr(repeats, "fail", lambda *_: None)
            with pytest.raises(Died):
                program.post(path, body, Idempotency_Key="k")
        else:
            answer = program.post(path, body, Idempotency_Key="k")
            assert_problem(answer, 503, "temporarily_unavailable")
    events = len(stores.audit.list_before(None, None, 500))
    assert events > before, "it is made"
    answers = [program.post(path, body, Idempotency_Key="k") for _ in range(2)]
    assert {answer.status_code for answer in answers} == {201}
    assert answers[0].data == answers[1].data
    assert {n: v for n, v in answers[0].json.items() if n in SHOWN_ONCE and v} == {}
    assert program.get(answers[0].headers["Location"]).status_code == 200
    assert len(stores.audit.list_before(None, None, 500)) == events, "nothing is made anew"


def test_a_call_that_came_too_late_for_its_key_makes_nothing(
    program: Program, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = polls.create

    def make_late(*args: Any, **options: Any) -> Any:
        monkeypatch.setattr(polls, "create", make)
        clock.moment += timedelta(seconds=61)
        assert program.post("/v1/polls", POLL, Idempotency_Key="k").status_code == 201
        return make(*args, **options)

    monkeypatch.setattr(polls, "create", make_late)
    late = program.post("/v1/polls", POLL, Idempotency_Key="k")
    assert_problem(late, 409, "still_under_way")
    assert slugs(program) == ["tea", "region-interest"]


def test_the_answer_is_kept_for_a_day_and_then_forgotten(
    program: Program, stores: Stores, clock: FakeClock
) -> None:
    program.post("/v1/polls", POLL, Idempotency_Key="k")
    clock.moment += timedelta(days=1) - timedelta(seconds=1)
    assert program.post("/v1/polls", POLL, Idempotency_Key="k").json["slug"] == "tea"
    clock.moment += timedelta(seconds=1)
    assert program.post("/v1/polls", POLL, Idempotency_Key="other").json["slug"] == "tea-2"
    actor = f"key:{prefix_of(program.secret)}"
    assert stores.repeats.find(Call(actor, "k", b"")) is None, "pruned by the way"
    assert program.post("/v1/polls", POLL, Idempotency_Key="k").json["slug"] == "tea-3"


def test_a_call_whose_process_died_can_be_made_a_minute_later(
    program: Program, stores: Stores, clock: FakeClock
) -> None:
    actor = f"key:{prefix_of(program.secret)}"
    repeats.begin(stores, Call(actor, "k", b"x" * 32), NOON)
    clock.moment += timedelta(seconds=59)
    answer = program.post("/v1/polls", POLL, Idempotency_Key="k")
    assert answer.status_code == 422, "another body, whether answered or not"
    clock.moment += timedelta(seconds=1)
    assert program.post("/v1/polls", POLL, Idempotency_Key="k").status_code == 201


def test_a_secret_is_not_kept_for_the_second_answer(program: Program) -> None:
    new = {"name": "feed", "scopes": ["polls:read"]}
    first, again = (program.post("/v1/keys", new, Idempotency_Key="k") for _ in range(2))
    assert first.json["secret"].startswith(first.json["key"]["id"])
    assert again.json == {**first.json, "secret": None}
    assert again.status_code == 201


@pytest.mark.parametrize("key", ["", "white space", "x" * 256, "é"])
def test_a_key_that_is_none_is_refused(program: Program, key: str) -> None:
    answer = program.post("/v1/polls", POLL, Idempotency_Key=key)
    assert_problem(answer, 422, "validation_error")
