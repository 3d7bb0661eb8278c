"""Results with all counts, over time and taken apart, read by programs."""

import pytest

from service.domain import results
from service.records import Poll, ResultsVisibility
from service.stores import Stores
from tests.support.ballots import cast, make_poll
from tests.support.programs import Program
from tests.web.test_errors import assert_problem

RESULTS = "/v1/polls/crops/results"
PAGE = "https://news.test/asia"


@pytest.fixture(autouse=True)
def poll(stores: Stores) -> Poll:
    """A poll that hides its results from readers, beside another one."""
    cast(stores, make_poll(stores, "noise"), "c3", page=PAGE)
    hidden = ResultsVisibility.OWNERS
    poll = make_poll(stores, "crops", results_visibility=hidden, percent_only=True)
    cast(stores, poll, "c1", page=PAGE)
    cast(stores, poll, "c2")
    cast(stores, poll, "c2")
    return poll


def test_full_results_have_counts_whatever_readers_see(program: Program) -> None:
    assert_problem(program.client.get(RESULTS), 403, "results_hidden")
    answer = program.get(f"{RESULTS}/full")
    assert answer.json["ballots"] == 3
    assert [choice["votes"] for choice in answer.json["questions"][0]["choices"]] == [1, 2, 0]
    assert "private" in answer.headers["Cache-Control"]
    again = program.get(f"{RESULTS}/full", If_None_Match=answer.headers["ETag"])
    assert again.status_code == 304


def test_the_timeline_is_arrays_of_equal_length(program: Program) -> None:
    found = program.get(f"{RESULTS}/over-time?bucket=day").json
    assert (found["bucket"], found["timezone"]) == ("day", "Asia/Kolkata")
    assert found["starts"] == ["2026-11-23T18:30:00Z"]
    assert found["ballots"] == [3]
    choices = found["questions"][0]["choices"]
    assert [(choice["id"], choice["votes"]) for choice in choices] == [
        ("c1", [1]),
        ("c2", [2]),
        ("c3", [0]),
    ]
    assert_problem(program.get(f"{RESULTS}/over-time?bucket=week"), 422, "validation_error")


def test_a_bucket_too_short_to_draw_is_refused_by_its_name(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "MOST_POINTS", -1)
    answer = program.get(f"{RESULTS}/over-time?bucket=minute")
    document = assert_problem(answer, 422, "validation_error")
    assert [error["pointer"] for error in document["errors"]] == ["?bucket"]


def test_ballots_that_are_in_no_result_are_counted_apart(program: Program) -> None:
    (ballot, *_) = program.get("/v1/polls/crops/ballots").json["ballots"]
    void = {"ballots": [ballot["id"]], "reason": "A script"}
    program.post("/v1/polls/crops/ballots/void", void)
    assert program.get(f"{RESULTS}/apart").json == {"poll": "crops", "held": 0, "void": 1}


def test_ballots_by_page_and_by_country(program: Program) -> None:
    assert program.get(f"{RESULTS}/by-page").json == {
        "poll": "crops",
        "ballots": 3,
        "pages": [
            {"page": None, "ballots": 2, "percent": 66.7},
            {"page": PAGE, "ballots": 1, "percent": 33.3},
        ],
        "more_pages": 0,
        "rest": 0,
    }
    assert program.get(f"{RESULTS}/by-country").json["countries"] == [
        {"country": None, "ballots": 3, "percent": 100.0}
    ]
