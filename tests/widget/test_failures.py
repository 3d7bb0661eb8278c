"""Votes that meet trouble on their way: none is lost, none is counted twice."""

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.widget.newsroom import Newsroom
from tests.widget.reader import Reader, come, lost, problem, unreachable

BUSY = "Voting is very busy. Your choice is kept; try again in a moment."


def test_lost_answer_then_try_again_counts_once(reader: Reader, newsroom: Newsroom) -> None:
    slug = newsroom.poll()
    reader.answers(slug, lost)
    widget = reader.opens(slug)
    widget.vote("Eurasia")
    widget.says("Your vote did not get through. Try again.")
    assert reader.ballots(slug) == 1
    expect(widget.element.get_by_role("radio", name="Eurasia")).to_be_checked()
    widget.button("Try again").click()
    widget.says("You have voted")
    expect(widget.row("Eurasia")).to_contain_text("Your choice:")
    assert reader.ballots(slug) == 1
    reader.expects_trouble()


def test_lost_answer_then_reload_sends_the_same_ballot_again(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    sent: list[Any] = []
    reader.page.on("request", lambda request: sent.append(request.post_data_json))
    reader.answers(slug, lost)
    widget = reader.opens(slug)
    widget.vote("Eurasia")
    widget.says("Your vote did not get through. Try again.")
    reader.page.reload()
    widget.says("You have voted")
    ballots = [body for body in sent if body]
    assert len(ballots) == 2
    assert ballots[0] == ballots[1]
    assert reader.ballots(slug) == 1
    reader.expects_trouble()


def test_vote_that_never_arrived_arrives_with_try_again(reader: Reader, newsroom: Newsroom) -> None:
    slug = newsroom.poll()
    reader.answers(slug, unreachable)
    widget = reader.opens(slug)
    widget.vote("Eurasia")
    widget.says("Your vote did not get through. Try again.")
    assert reader.ballots(slug) == 0
    widget.button("Try again").click()
    widget.says("You have voted")
    assert reader.ballots(slug) == 1
    reader.expects_trouble()


def test_choice_cannot_change_while_its_ballot_may_have_arrived(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    reader.answers(slug, lost)
    widget = reader.opens(slug)
    widget.vote("Eurasia")
    widget.says("Your vote did not get through. Try again.")
    expect(widget.element.get_by_role("radio", name="Caucasus")).to_be_disabled()
    expect(widget.button("Try again")).to_be_focused()
    reader.expects_trouble()


def test_vote_that_gets_no_answer_in_time_can_be_tried_again(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    held: list[Route] = []
    reader.answers(slug, held.append)
    reader.page.clock.install()
    widget = reader.opens(slug)
    with reader.page.expect_request(lambda request: request.method == "POST"):
        widget.vote("Eurasia")
    expect(widget.button("Sending ...")).to_be_visible()
    reader.page.clock.run_for(10_000)
    widget.says("Your vote did not get through. Try again.")
    widget.button("Try again").click()
    widget.says("You have voted")
    assert reader.ballots(slug) == 1


@pytest.mark.parametrize(
    ("wait", "message"),
    [
        ("", BUSY),
        ("1", "Voting is very busy. Your choice is kept; try again in 1 second."),
        ("12", "Voting is very busy. Your choice is kept; try again in 12 seconds."),
        ("Wed, 21 Oct 2099 07:28:00 GMT", BUSY),
    ],
)
def test_busy_service_says_when_to_try_again_and_then_counts_once(
    reader: Reader, newsroom: Newsroom, wait: str, message: str
) -> None:
    slug = newsroom.poll()
    headers = {"Retry-After": wait} if wait else {}
    reader.answers(slug, problem(503, "temporarily_unavailable", **headers))
    widget = reader.opens(slug)
    widget.vote("Eurasia")
    widget.says(message)
    widget.button("Try again").click()
    widget.says("You have voted")
    assert reader.ballots(slug) == 1
    reader.expects_trouble()


def test_page_that_may_not_vote_is_named_and_its_ballot_is_not_sent_for_ever(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    warnings: list[str] = []
    reader.page.on(
        "console", lambda one: warnings.append(one.text) if one.type == "warning" else None
    )
    foreign = newsroom.origin.replace("127.0.0.1", "localhost")
    reader.page.goto(newsroom.page_with(slug).replace(newsroom.origin, foreign))
    widget = reader.widget()
    with reader.page.expect_console_message(lambda one: one.type == "warning"):
        widget.vote("Eurasia")
    widget.says("Your vote did not get through. Try again.")
    widget.button("View Results").click()
    widget.says("No reader has voted yet")
    widget.button("Back to vote").click()
    expect(widget.element.get_by_role("radio", name="Caucasus")).to_be_disabled()
    widget.button("Try again").click()
    widget.says("Your vote was not accepted.")
    expect(widget.element.get_by_role("radio", name="Caucasus")).to_be_enabled()
    assert not [key for key in reader.page.evaluate("Object.keys(localStorage)") if slug in key]
    assert len(warnings) == 1
    assert reader.ballots(slug) == 0
    reader.expects_trouble("blocked by CORS")


def test_vote_is_cast_though_results_are_on_their_way(reader: Reader, newsroom: Newsroom) -> None:
    slug = newsroom.poll()
    held: list[Route] = []
    reader.answers(slug, held.append, path="/results")
    widget = reader.opens(slug)
    widget.choose("Eurasia")
    widget.button("View Results").click()
    expect(widget.button("Loading ...")).to_be_visible()
    widget.vote_button.click()
    widget.says("You have voted")
    assert reader.ballots(slug) == 1


def test_what_is_marked_while_results_load_is_still_marked_after_them(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    held: list[Route] = []
    reader.answers(slug, held.append, path="/results")
    widget = reader.opens(slug)
    widget.button("View Results").click()
    expect(widget.button("Loading ...")).to_be_visible()
    widget.choose("Caucasus")
    come(reader.page, held).continue_()
    widget.button("Back to vote").click()
    expect(widget.element.get_by_role("radio", name="Caucasus")).to_be_checked()


def test_rate_limited_vote_keeps_its_choice(reader: Reader, newsroom: Newsroom) -> None:
    slug = newsroom.poll()
    reader.answers(slug, problem(429, "rate_limited", **{"Retry-After": "30"}))
    widget = reader.opens(slug)
    widget.vote("Eurasia")
    widget.says("Voting is very busy. Your choice is kept; try again in 30 seconds.")
    expect(widget.element.get_by_role("radio", name="Eurasia")).to_be_checked()
    reader.expects_trouble()


def test_refused_vote_says_why_and_the_next_is_a_new_ballot(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    sent: list[Any] = []
    reader.page.on("request", lambda request: sent.append(request.post_data_json))
    reader.answers(slug, problem(422, "invalid_choice", "In English only."))
    widget = reader.opens(slug)
    widget.vote("Eurasia")
    widget.says("Your vote was not accepted.")
    widget.vote("Caucasus")
    widget.says("You have voted")
    first, second = (body for body in sent if body)
    assert first["ballot_id"] != second["ballot_id"]
    assert reader.ballots(slug) == 1
    reader.expects_trouble()


def test_poll_that_closed_meanwhile_says_so_and_shows_results(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    reader.answers(slug, problem(409, "poll_closed"))
    widget = reader.opens(slug)
    widget.vote("Eurasia")
    widget.says("Voting has closed")
    widget.says("No reader has voted yet")
    expect(widget.element.get_by_text("Your choice:")).to_have_count(0)
    expect(widget.element.get_by_role("button")).to_have_count(0)
    reader.expects_trouble()


def test_poll_that_is_not_open_after_all_says_so(reader: Reader, newsroom: Newsroom) -> None:
    slug = newsroom.poll()
    reader.answers(slug, problem(409, "poll_not_open"))
    widget = reader.opens(slug)
    widget.vote("Eurasia")
    widget.says("Voting has not opened yet")
    expect(widget.element.get_by_role("button")).to_have_count(0)
    reader.expects_trouble()


def test_reader_keeps_the_vote_where_only_the_results_fail(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()

    def without_results(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "results": None})

    reader.answers(slug, without_results)
    reader.answers(slug, unreachable, path="/results")
    widget = reader.opens(slug)
    widget.vote("Eurasia")
    widget.says("You have voted")
    widget.says("The results could not be loaded.")
    widget.button("Try again").click()
    widget.says("1 reader has voted")
    reader.expects_trouble()
