"""What the widget shows where a poll is not simply open with its results in sight."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Route, expect

from service.records import ResultsVisibility, Schedule, Status
from tests.widget.newsroom import Newsroom, question
from tests.widget.reader import Answer, Reader, come, unreachable

YESTERDAY = datetime.now(UTC) - timedelta(days=1)
OVER = Schedule(Status.OPEN, closes_at=YESTERDAY)


def test_loading_is_shown_only_while_the_poll_loads(reader: Reader, newsroom: Newsroom) -> None:
    held: list[Route] = []
    slug = newsroom.poll()
    reader.answers(slug, held.append, path="")
    widget = reader.opens(slug)
    widget.says("Loading ...")
    expect(widget.element.get_by_role("status")).to_have_text("Loading ...")
    come(reader.page, held).continue_()
    widget.shows_form()
    expect(widget.element.get_by_text("Loading ...")).to_have_count(0)


def test_loading_is_shown_while_results_load(reader: Reader, newsroom: Newsroom) -> None:
    held: list[Route] = []
    slug = newsroom.poll()
    reader.answers(slug, held.append, path="/results")
    widget = reader.opens(slug)
    widget.button("View Results").click()
    expect(widget.button("Loading ...")).to_be_visible()
    come(reader.page, held).continue_()
    widget.says("No reader has voted yet")
    expect(widget.element.get_by_text("Loading ...")).to_have_count(0)


def test_scheduled_poll_says_when_voting_opens_in_the_readers_zone(
    reader: Reader, newsroom: Newsroom
) -> None:
    opens = datetime(2199, 1, 4, 9, tzinfo=UTC)
    widget = reader.opens(newsroom.poll(schedule=Schedule(Status.OPEN, opens_at=opens)))
    local = reader.page.evaluate(
        "iso => new Intl.DateTimeFormat('en-US', {dateStyle: 'long', timeStyle: 'short'})"
        ".format(new Date(iso))",
        opens.isoformat(),
    )
    widget.says(f"Voting opens on {local}")
    expect(widget.element.get_by_text("Eurasia")).to_be_visible()
    expect(widget.element.get_by_role("button")).to_have_count(0)
    expect(widget.element.get_by_role("radio")).to_have_count(0)
    expect(widget.element.locator(".percent")).to_have_count(0)


def test_closed_poll_shows_its_results_and_no_way_to_vote(
    reader: Reader, newsroom: Newsroom
) -> None:
    widget = reader.opens(newsroom.poll(schedule=OVER))
    widget.says("Voting has closed")
    widget.says("No reader has voted yet")
    expect(widget.element.get_by_role("button")).to_have_count(0)


def test_results_hidden_until_voting_show_after_it_and_on_return(
    reader: Reader, newsroom: Newsroom
) -> None:
    widget = reader.opens(newsroom.poll(results_visibility=ResultsVisibility.AFTER_VOTE))
    widget.shows_form()
    expect(widget.button("View Results")).to_have_count(0)
    widget.vote("Eurasia")
    expect(widget.row("Eurasia")).to_contain_text("1 vote")
    reader.page.reload()
    expect(widget.row("Eurasia")).to_contain_text("1 vote")


def test_results_hidden_until_close_leave_the_own_choice_marked_without_figures(
    reader: Reader, newsroom: Newsroom
) -> None:
    closes = datetime(2199, 1, 4, 9, tzinfo=UTC)
    widget = reader.opens(
        newsroom.poll(
            results_visibility=ResultsVisibility.AFTER_CLOSE,
            schedule=Schedule(Status.OPEN, closes_at=closes),
        )
    )
    widget.shows_form()
    expect(widget.button("View Results")).to_have_count(0)
    widget.vote("Eurasia")
    widget.says("You have voted")
    expect(widget.element.get_by_text("Results are shown when voting closes on")).to_be_visible()
    expect(widget.row("Eurasia")).to_have_text("Your choice: Eurasia")
    expect(widget.element.locator(".percent")).to_have_count(0)


def test_results_hidden_until_close_show_after_it(reader: Reader, newsroom: Newsroom) -> None:
    widget = reader.opens(
        newsroom.poll(results_visibility=ResultsVisibility.AFTER_CLOSE, schedule=OVER)
    )
    widget.says("Voting has closed")
    widget.says("No reader has voted yet")


def test_results_for_owners_are_never_asked_for(reader: Reader, newsroom: Newsroom) -> None:
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))
    widget = reader.opens(newsroom.poll(results_visibility=ResultsVisibility.OWNERS))
    widget.vote("Eurasia")
    widget.says("Results are not published.")
    reader.page.reload()
    widget.says("You have voted")
    assert not [url for url in asked if url.endswith("/results")]


def test_poll_that_cannot_be_loaded_offers_to_try_again(reader: Reader, newsroom: Newsroom) -> None:
    slug = newsroom.poll()
    reader.answers(slug, unreachable, unreachable, path="")
    widget = reader.opens(slug)
    widget.says("This poll could not be loaded.")
    widget.button("Try again").click()
    widget.shows_form()
    expect(widget.element.get_by_role("radio", name="Middle East")).to_be_focused()
    reader.expects_trouble()


@pytest.mark.parametrize(
    ("body", "times"), [("", 2), ("null", 2), ("<html>", 2), ("[]", 1), ('{"questions": 7}', 1)]
)
def test_answer_that_makes_no_sense_is_a_poll_that_could_not_be_loaded(
    reader: Reader, newsroom: Newsroom, body: str, times: int
) -> None:
    slug = newsroom.poll()
    headers = {"Access-Control-Allow-Origin": "*"}
    senseless: Answer = lambda route: route.fulfill(body=body, headers=headers)  # noqa: E731
    reader.answers(slug, *[senseless] * times, path="")
    widget = reader.opens(slug)
    widget.says("This poll could not be loaded.")
    widget.button("Try again").click()
    widget.shows_form()


def test_poll_that_is_not_there_says_so(reader: Reader) -> None:
    widget = reader.opens("no-such-poll")
    widget.says("This poll could not be loaded.")
    expect(widget.element.get_by_role("button")).to_have_count(0)
    reader.expects_trouble()


def test_poll_with_questions_of_another_kind_leads_to_its_own_page(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()

    def ranked(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        body["questions"][0]["type"] = "ranked"
        route.fulfill(response=answer, json=body)

    reader.answers(slug, ranked, path="")
    widget = reader.opens(slug)
    link = widget.element.get_by_role("link", name="Answer on the page of this poll")
    expect(link).to_have_attribute("href", f"{newsroom.service.url}/polls/{slug}")


def test_results_that_cannot_be_loaded_offer_to_try_again(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll(schedule=OVER)
    reader.answers(slug, unreachable, path="/results")
    widget = reader.opens(slug)
    widget.says("The results could not be loaded.")
    widget.button("Try again").click()
    widget.says("No reader has voted yet")
    reader.expects_trouble()


def test_view_results_that_fails_leaves_the_form_as_it_was(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    reader.answers(slug, unreachable, path="/results")
    widget = reader.opens(slug)
    widget.choose("Eurasia")
    widget.button("View Results").click()
    widget.says("The results could not be loaded.")
    expect(widget.element.get_by_role("radio", name="Eurasia")).to_be_checked()
    widget.button("View Results").click()
    widget.says("No reader has voted yet")
    reader.expects_trouble()


def test_texts_of_a_poll_are_never_markup(reader: Reader, newsroom: Newsroom) -> None:
    nasty = '<img src=x onerror=alert(1)> & "more"'
    widget = reader.opens(newsroom.poll(question(nasty, [nasty, "B"])))
    expect(widget.element.get_by_role("heading")).to_have_text(nasty)
    widget.vote("B")
    expect(widget.results.get_by_role("listitem").first).to_have_text(re.compile("^<img"))
    expect(widget.element.locator("img")).to_have_count(0)
