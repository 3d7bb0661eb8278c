"""The ballots log over the API, and ballots voided and restored by programs."""

from datetime import timedelta
from uuid import uuid4

import pytest

from service.records import Poll
from service.stores import Stores
from tests.conftest import NOON, FakeClock
from tests.support.ballots import cast, make_poll
from tests.support.programs import Program
from tests.web.test_errors import assert_problem

BALLOTS = "/v1/polls/crops/ballots"
PAGE = "https://news.test/asia"


@pytest.fixture
def poll(stores: Stores) -> Poll:
    """The poll that is asked about, beside another one with ballots of the same kinds."""
    cast(stores, make_poll(stores, "noise"), "c2", page=PAGE)
    return make_poll(stores, "crops")


def test_a_program_reads_the_whole_log_by_its_links(
    program: Program, stores: Stores, poll: Poll, clock: FakeClock
) -> None:
    ids = []
    for minute in range(5):
        clock.moment = NOON + timedelta(minutes=minute, microseconds=7)
        ids.append(str(cast(stores, poll)))
    path, read = f"{BALLOTS}?limit=2&status=counted", list[str]()
    while path:
        answer = program.get(path)
        read += [ballot["id"] for ballot in answer.json["ballots"]]
        link = answer.headers.get("Link", "")
        assert (answer.json["next"] is None) == (link == "")
        path = link.partition(">")[0].removeprefix("<")
    assert read == ids[::-1]


def test_a_ballot_says_all_but_whose_it_is(program: Program, stores: Stores, poll: Poll) -> None:
    ballot_id = cast(stores, poll, "c2", q2=("c1", "c3"), page=PAGE)
    assert program.get(BALLOTS).json["ballots"] == [
        {
            "id": str(ballot_id),
            "cast_at": "2026-11-24T12:00:00Z",
            "status": "counted",
            "reason": None,
            "page": PAGE,
            "country": None,
            "answers": {"q1": ["c2"], "q2": ["c1", "c3"]},
            "other_texts": {},
        }
    ]


def test_filters_leave_what_they_name(
    program: Program, stores: Stores, poll: Poll, clock: FakeClock
) -> None:
    early = str(cast(stores, poll, "c1", page=PAGE))
    clock.moment = NOON + timedelta(hours=1)
    late = str(cast(stores, poll, "c2"))
    for query, expected in {
        "question=q1&choice=c1": [early],
        "question=q1": [late, early],
        f"page={PAGE}": [early],
        "since=2026-11-24T18:30:00%2B05:30": [late],
        "until=2026-11-24T13:00:00Z": [early],
        "status=void": [],
        "country=IN": [],
    }.items():
        found = program.get(f"{BALLOTS}?{query}").json["ballots"]
        assert [ballot["id"] for ballot in found] == expected, query


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("choice=c1", "?choice"),
        ("status=lost", "?status"),
        ("country=in", "?country"),
        ("since=yesterday", "?since"),
        ("since=2026-11-24T12:00:00", "?since"),
        ("question=", "?question"),
        ("wanted=x", "?wanted"),
    ],
)
def test_a_bad_filter_is_refused_by_name(
    program: Program, poll: Poll, query: str, pointer: str
) -> None:
    document = assert_problem(program.get(f"{BALLOTS}?{query}"), 422, "validation_error")
    assert [error["pointer"] for error in document["errors"]] == [pointer]


def shown(program: Program) -> int:
    """The ballots that readers see counted."""
    document = program.client.get("/v1/polls/crops/results").json
    assert document is not None
    return int(document["ballots"])


def test_a_program_voids_and_restores_and_readers_see_it(
    program: Program, stores: Stores, poll: Poll
) -> None:
    first, second = str(cast(stores, poll)), str(cast(stores, poll, "c2"))
    body = {"ballots": [second], "reason": "A script"}
    voided = program.post(f"{BALLOTS}/void", body)
    assert (voided.status_code, voided.json) == (200, {"ballots": [second]})
    assert program.post(f"{BALLOTS}/void", body).json == {"ballots": []}
    assert shown(program) == 1
    [ballot] = program.get(f"{BALLOTS}?status=void").json["ballots"]
    assert (ballot["id"], ballot["reason"]) == (second, "A script")
    restored = program.post(f"{BALLOTS}/restore", {"ballots": [first, second]})
    assert restored.json == {"ballots": [second]}
    assert shown(program) == 2
    [event, _] = program.get("/v1/audit?limit=2").json["events"]
    assert (event["action"], event["after"]) == ("ballot.restore", {"ballots": [second]})


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"ballots": []}, "/ballots"),
        ({"ballots": ["x"]}, "/ballots/0"),
        ({"ballots": [str(uuid4())], "reason": ""}, "/reason"),
        ({"ballots": [str(uuid4())], "reason": " "}, "/reason"),
        ({"reason": "A script"}, "/ballots"),
    ],
)
def test_a_bad_voiding_is_refused_by_field(
    program: Program, poll: Poll, body: dict[str, object], pointer: str
) -> None:
    sent = {"reason": "x", **body}
    document = assert_problem(program.post(f"{BALLOTS}/void", sent), 422, "validation_error")
    assert [error["pointer"] for error in document["errors"]] == [pointer]


def test_a_ballot_of_another_poll_is_not_found(program: Program, poll: Poll) -> None:
    [theirs] = program.get("/v1/polls/noise/ballots").json["ballots"]
    body = {"ballots": [theirs["id"]], "reason": "x"}
    assert_problem(program.post(f"{BALLOTS}/void", body), 404, "ballot_not_found")
