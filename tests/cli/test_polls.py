from dataclasses import replace
from datetime import UTC, datetime

import pytest

from service import clock
from service.domain import edits, poll_lists, polls
from service.records import OPERATOR, DuplicatePolicy, ResultsVisibility, Status
from service.stores import Stores
from service.web import zones
from tests.cli.conftest import Run
from tests.support.voters import OWN_ORIGIN, Api, ballot

TEA = ("--site", "demo", "--question", "Tea or coffee?", "--choice", "Tea", "--choice", "Coffee")


def test_a_poll_is_made_in_one_command_and_its_address_is_printed(run: Run, stores: Stores) -> None:
    done = run("poll", "create", *TEA)
    assert (done.exit_code, done.output) == (0, f"{OWN_ORIGIN}/polls/tea-or-coffee\n")
    [question] = polls.find(stores, "tea-or-coffee").questions
    assert [(choice.code, choice.text) for choice in question.choices] == [
        ("c1", "Tea"),
        ("c2", "Coffee"),
    ]


def test_a_polls_options_can_be_set(run: Run, stores: Stores) -> None:
    options = ["--slug", "hot", "--title", "Hot drinks", "--max-choices", "2", "--draft"]
    options += ["--opens-at", "2027-01-01T09:30", "--closes-at", "2027-01-02T00:00Z"]
    options += ["--results", "after_vote", "--duplicates", "device_and_network"]
    assert run("poll", "create", *TEA, *options, "--network-limit", "3").exit_code == 0
    made = polls.managed(stores, OPERATOR, "hot")
    assert made.schedule.status is Status.DRAFT
    assert made.schedule.opens_at == datetime(2027, 1, 1, 4, tzinfo=UTC)  # 09:30 in Kolkata
    assert made.schedule.closes_at == datetime(2027, 1, 2, tzinfo=UTC)
    assert made.results_visibility is ResultsVisibility.AFTER_VOTE
    assert (made.duplicate_policy, made.network_limit) == (DuplicatePolicy.DEVICE_AND_NETWORK, 3)
    assert (made.title, made.questions[0].max_choices) == ("Hot drinks", 2)


def test_all_that_is_wrong_with_a_poll_is_told_at_once(run: Run) -> None:
    words = ("--site", "demo", "--question", " ", "--choice", "Tea", "--slug", "No!")
    done = run("poll", "create", *words)
    assert done.exit_code == 1
    for pointer in ("/slug: ", "/questions/0/text: ", "/questions/0/choices: "):
        assert pointer in done.output


def test_a_limit_of_networks_that_nothing_would_look_at_is_refused(run: Run) -> None:
    done = run("poll", "create", *TEA, "--network-limit", "5")
    assert done.exit_code == 1
    assert done.output.startswith("Error: /network_limit: ")


@pytest.mark.parametrize("moment", ["tomorrow", "2027-13-01T00:00"])
def test_what_is_no_moment_is_refused_by_its_name(run: Run, moment: str) -> None:
    done = run("poll", "create", *TEA, "--opens-at", moment)
    assert (done.exit_code, done.output) == (1, f"Error: /opens_at: {zones.UNREADABLE}\n")


def test_a_moment_that_not_every_clock_can_show_is_refused(run: Run) -> None:
    for moment in ("0001-01-01T00:00+05:30", "9999-12-31T23:59Z"):
        done = run("poll", "create", *TEA, "--opens-at", moment)
        assert (done.exit_code, done.output) == (
            1,
            "Error: /opens_at: Must be in the years 1970 to 9998.\n",
        )


def test_polls_are_listed_newest_first_with_what_came_of_them(run: Run, api: Api) -> None:
    api.cast(ballot("c1"))
    run("site", "create", "other", "--name", "Other")
    run("poll", "create", *TEA)
    run("poll", "create", "--site", "other", *TEA[2:], "--draft")
    lines = run("poll", "list").output.splitlines()
    assert [line.split("\t")[:3] for line in lines] == [
        ["tea-or-coffee-2", "draft", "0"],
        ["tea-or-coffee", "open", "0"],
        ["region-interest", "open", "1"],
    ]
    assert run("poll", "list", "--site", "other").output.startswith("tea-or-coffee-2")
    assert len(run("poll", "list", "--status", "open").output.splitlines()) == 2
    assert run("poll", "list", "--search", "REGION").output.startswith("region-interest")


def test_a_long_list_is_printed_whole(
    run: Run, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poll_lists, "MOST_LISTED", 2)
    for _ in range(4):
        run("poll", "create", *TEA)
    assert len(run("poll", "list").output.splitlines()) == 5


def test_a_poll_is_shown_with_its_votes(run: Run, api: Api) -> None:
    api.cast(ballot("c2"))
    lines = run("poll", "show", "region-interest").output.splitlines()
    assert lines[:3] == ["Region interest", "region-interest: open", "ballots: 1"]
    assert "  c2: South Asia: 1" in lines


def test_a_poll_is_shown_in_a_language_that_it_is_translated_into(run: Run, stores: Stores) -> None:
    draft = polls.draft_of(polls.find(stores, "region-interest"))
    french = replace(draft, translations={"fr": {"title": "Régions"}})
    edits.edit(stores, OPERATOR, "region-interest", french, None, clock.now())
    for locale, title in (("fr-CA", "Régions"), ("de", "Region interest")):
        lines = run("poll", "show", "region-interest", "--locale", locale).output.splitlines()
        assert lines[0] == title
        assert "fr: 1 of 10 translated" in lines


def test_a_poll_is_closed_and_opened_again(run: Run, api: Api) -> None:
    assert run("poll", "close", "region-interest").output == "region-interest: closed\n"
    assert api.cast(ballot("c1")).json["code"] == "poll_closed"
    assert run("poll", "open", "region-interest").output == "region-interest: open\n"
    assert api.cast(ballot("c1")).status_code == 201


def test_a_poll_whose_time_is_over_says_why_it_does_not_open(run: Run, stores: Stores) -> None:
    over = ("--closes-at", clock.now().isoformat())
    run("poll", "create", *TEA, *over, "--draft")
    for command in (("open", "tea-or-coffee"), ("create", *TEA, *over)):
        done = run("poll", *command)
        assert done.exit_code == 1
        assert done.output.startswith("Error: /closes_at: ")


@pytest.mark.parametrize("verb", ["show", "open", "close"])
def test_an_unknown_poll_is_told_in_a_line(run: Run, verb: str) -> None:
    done = run("poll", verb, "nowhere")
    assert (done.exit_code, done.output) == (1, "Error: There is no such poll.\n")
