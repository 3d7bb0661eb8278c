"""What was begun ends with what began it, and a ballot that waits is seen to under any view."""

from typing import Any

from playwright.sync_api import Route, expect

from tests.widget.newsroom import Newsroom, question
from tests.widget.reader import Reader, come, lost, problem
from tests.widget.test_conditions import token

SOON = 13_000
BUSY = "Voting is very busy. Your choice is kept; try again in a moment."
EVENTS = """window.heard = [];
for (const name of ["ready", "results", "error"])
    addEventListener(`voxpop:${name}`, () => heard.push(name));"""


def test_answer_that_comes_late_is_not_shown_under_another_poll(
    reader: Reader, newsroom: Newsroom
) -> None:
    first = newsroom.poll(question("First?", ("A", "B")))
    second = newsroom.poll(question("Second?", ("C", "D")))
    held: list[Route] = []
    asked: list[str] = []
    reader.answers(first, held.append, path="")
    reader.page.on("request", lambda request: asked.append(request.url))
    with reader.page.expect_request(f"**/polls/{first}?*"):
        widget = reader.opens(first)
    widget.element.evaluate("(element, poll) => element.setAttribute('poll', poll)", second)
    expect(widget.element.get_by_role("heading")).to_have_text("Second?")
    assert len([url for url in asked if f"/polls/{first}?" in url]) == 1


def test_element_that_left_while_it_was_loading_draws_nothing(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    held: list[Route] = []
    reader.page.add_init_script(EVENTS)
    reader.answers(slug, held.append, path="")
    with reader.page.expect_request(f"**/polls/{slug}?*"):
        reader.opens(slug)
    drawn = reader.page.evaluate_handle(
        """() => {
            const poll = document.querySelector("vox-pop");
            poll.remove();
            return poll;
        }"""
    )
    come(reader.page, held).abort()
    reader.page.evaluate("() => new Promise(done => setTimeout(done))")
    assert drawn.evaluate("poll => poll.shadowRoot.querySelector('form')") is None
    assert reader.page.evaluate("heard") == []


def test_counted_vote_stays_counted_though_its_results_make_no_sense(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()

    def senseless(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "results": {"ballots": 1}})

    reader.answers(slug, senseless)
    widget = reader.opens(slug)
    widget.vote("Eurasia")
    widget.button("Try again").click()
    widget.says("You have voted")
    expect(widget.row("Eurasia")).to_contain_text("Your choice:")
    assert reader.ballots(slug) == 1


def test_asking_for_results_leaves_a_vote_on_its_way_alone(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    held: list[Route] = []
    reader.answers(slug, held.append)
    widget = reader.opens(slug)
    with reader.page.expect_request(lambda request: request.method == "POST"):
        widget.vote("Eurasia")
    widget.element.evaluate("poll => poll.showResults()")
    expect(widget.button("Sending ...")).to_be_visible()
    come(reader.page, held).continue_()
    widget.says("You have voted")


def test_waiting_vote_is_sent_from_under_the_results_where_its_element_moves(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    reader.page.clock.install()
    reader.answers(slug, problem(503, "temporarily_unavailable"))
    widget = reader.opens(slug)
    widget.vote("Eurasia")
    widget.says(BUSY)
    widget.button("View Results").click()
    widget.says("No reader has voted yet")
    with reader.page.expect_response("**/ballots"):
        widget.element.evaluate("poll => document.querySelector('h1').after(poll)")
    widget.says("You have voted")
    assert reader.ballots(slug) == 1
    reader.expects_trouble()


def test_quiet_retry_leaves_what_is_said_and_the_focus_alone(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    reader.page.clock.install()
    busy = problem(429, "rate_limited")
    reader.answers(slug, busy, busy)
    widget = reader.opens(slug)
    widget.vote("Eurasia")
    widget.says(BUSY)
    widget.button("View Results").focus()
    note = widget.element.locator(".note").evaluate_handle("note => note.firstChild")
    with reader.page.expect_response("**/ballots"):
        reader.page.clock.run_for(SOON)
    expect(widget.button("View Results")).to_be_focused()
    assert note.evaluate("text => text.isConnected")
    with reader.page.expect_response("**/ballots"):
        reader.page.clock.run_for(2 * SOON)
    widget.says("You have voted")
    reader.expects_trouble()


def test_vote_is_kept_while_only_a_cache_answers_for_the_service(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()

    def away(route: Route) -> None:
        if "voxpop-receipt" in route.request.headers:
            problem(503, "temporarily_unavailable")(route)
        else:
            route.continue_()

    for path in ("/results", ""):
        reader.answers(slug, *[away] * 9, path=path)
    reader.answers(slug, *[lambda route: route.abort("connectionrefused")] * 2)
    widget = reader.opens(slug)
    widget.vote("Eurasia")
    for _ in range(2):
        widget.says("No connection. Your vote is kept, and sent by itself as soon as there is one.")
        widget.button("Try again").click()
    widget.says("You have voted")
    assert reader.ballots(slug) == 1
    reader.expects_trouble()


def test_vote_whose_token_ended_goes_with_the_next_one(reader: Reader, newsroom: Newsroom) -> None:
    slug = newsroom.poll()
    sent: list[Any] = []
    reader.page.on("request", lambda request: sent.append(request.post_data_json))
    reader.answers(slug, problem(401, "voter_token_expired"))
    widget = reader.reads(f'<vox-pop poll="{slug}" voter="{token("ada", exp=1)}"></vox-pop>')
    widget.vote("Eurasia")
    widget.says("Your vote did not get through. Try again.")
    set_voter = "(element, token) => element.setAttribute('voter', token)"
    widget.element.evaluate(set_voter, token("ada", exp=2))
    widget.says("You have voted")
    first, second = (body for body in sent if body)
    assert first["ballot_id"] == second["ballot_id"]
    assert second["voter_token"] == token("ada", exp=2)
    reader.expects_trouble()


def test_element_that_its_page_removes_once_voted_asks_no_more(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    reader.page.clock.install()
    widget = reader.opens(slug)
    widget.shows_form()
    reader.page.evaluate("addEventListener('voxpop:voted', ({ target }) => target.remove())")
    widget.vote("Eurasia")
    expect(widget.element).to_have_count(0)
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))
    reader.page.clock.run_for(60_000)
    assert asked == []


def test_without_its_poll_the_element_is_empty(reader: Reader, newsroom: Newsroom) -> None:
    widget = reader.opens(newsroom.poll())
    widget.shows_form()
    widget.element.evaluate("poll => poll.removeAttribute('poll')")
    expect(widget.vote_button).to_have_count(0)


def test_refresh_leaves_a_form_as_it_is(reader: Reader, newsroom: Newsroom) -> None:
    widget = reader.opens(newsroom.poll())
    widget.button("View Results").click()
    widget.button("Back to vote").click()
    widget.choose("Caucasus")
    widget.element.evaluate("poll => poll.refresh()")
    expect(widget.element.get_by_role("radio", name="Caucasus")).to_be_checked()


def test_results_that_are_the_same_are_told_once(reader: Reader, newsroom: Newsroom) -> None:
    reader.page.add_init_script(EVENTS)
    widget = reader.opens(newsroom.poll())
    widget.button("View Results").click()
    widget.says("No reader has voted yet")
    with reader.page.expect_event("requestfinished"):
        widget.element.evaluate("poll => poll.refresh()")
    reader.page.evaluate("() => new Promise(done => setTimeout(done))")
    assert reader.page.evaluate("heard") == ["ready", "results"]


def test_poll_that_could_not_be_loaded_comes_by_itself(reader: Reader, newsroom: Newsroom) -> None:
    slug = newsroom.poll()
    reader.page.clock.install()
    away = problem(503, "temporarily_unavailable")
    reader.answers(slug, away, away, path="")
    widget = reader.opens(slug)
    widget.says("This poll could not be loaded.")
    with reader.page.expect_response(f"**/polls/{slug}?*"):
        reader.page.clock.run_for(SOON)
    widget.shows_form()
    reader.expects_trouble()


def test_ballot_that_another_tab_is_sending_is_shown_rather_than_sent_for_another(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    widget = reader.opens(slug)
    widget.shows_form()
    other = Reader(reader.page.context.new_page(), newsroom)
    other.answers(slug, lost)
    elsewhere = other.opens(slug)
    elsewhere.vote("Eurasia")
    elsewhere.says("Your vote did not get through. Try again.")
    widget.vote("Caucasus")
    expect(widget.element.get_by_role("radio", name="Eurasia")).to_be_checked()
    expect(widget.button("Try again")).to_be_visible()


def test_figures_are_written_as_in_the_region_that_the_page_names(
    reader: Reader, newsroom: Newsroom
) -> None:
    widget = reader.reads(f'<vox-pop poll="{newsroom.poll()}"></vox-pop>', lang="ar-EG")
    widget.element.get_by_role("button").nth(1).click()
    expect(widget.element.locator(".percent").nth(1)).to_contain_text("\u0660")
