"""Results stay fresh while somebody can see them."""

from itertools import pairwise

from playwright.sync_api import Route, expect

from service.records import ResultsOrder
from tests.support.voters import Remote, ballot
from tests.widget.newsroom import Newsroom
from tests.widget.reader import Reader, Widget

LONGEST_WAIT = 6_000
PERHAPS_HIDDEN = """Object.defineProperty(document, "hidden", { get: () => window.away === true });
window.go = (away) => {
    window.away = away;
    document.dispatchEvent(new Event("visibilitychange"));
};"""

PERHAPS_OFFLINE = """window.asked = [];
const online = window.fetch;
window.fetch = (...request) => {
    if (!window.offline) return online(...request);
    window.asked.push(Date.now());
    return Promise.reject(new TypeError("Failed to fetch"));
};"""

FIGURES = """window.figures = [];
addEventListener("voxpop:results", ({ detail }) => figures.push(detail.results.ballots));"""


def voted(reader: Reader, slug: str) -> Widget:
    """A reader with a clock that tests move, looking at results after voting."""
    reader.page.clock.install()
    widget = reader.opens(slug)
    widget.vote("Eurasia")
    widget.says("1 reader has voted")
    return widget


def another_votes(newsroom: Newsroom, slug: str) -> None:
    remote = Remote(newsroom.service.url, slug)
    assert remote.cast(ballot("c1"))[0] == 201


def counts_requests(reader: Reader) -> list[str]:
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))
    return asked


def test_votes_of_others_appear_while_the_results_are_seen(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    widget = voted(reader, slug)
    row = widget.row("Middle East")
    row.evaluate("row => row.id = 'the-same-row'")
    another_votes(newsroom, slug)
    with reader.page.expect_response("**/results"):
        reader.page.clock.run_for(LONGEST_WAIT)
    widget.says("2 readers have voted")
    expect(row).to_have_text("Middle East1 vote50.0% of voters")
    expect(row).to_have_id("the-same-row")


def test_nothing_is_asked_while_the_tab_is_in_the_background(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    reader.page.add_init_script(PERHAPS_HIDDEN)
    widget = voted(reader, slug)
    reader.page.evaluate("go(true)")
    asked = counts_requests(reader)
    reader.page.clock.run_for(60_000)
    assert asked == []
    another_votes(newsroom, slug)
    reader.page.evaluate("go(false)")
    reader.page.clock.run_for(1)
    widget.says("2 readers have voted")


def test_nothing_is_asked_while_the_poll_is_scrolled_away(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    widget = voted(reader, slug)
    observed = """() => new Promise(resolve => {
        const poll = document.querySelector("vox-pop");
        poll.style.position = "absolute";
        poll.style.insetBlockStart = "10000px";
        new IntersectionObserver(entries => entries[0].isIntersecting || resolve()).observe(poll);
    })"""
    reader.page.evaluate(observed)
    asked = counts_requests(reader)
    reader.page.clock.run_for(60_000)
    assert asked == []
    another_votes(newsroom, slug)
    widget.element.scroll_into_view_if_needed()
    widget.element.evaluate(
        "poll => new Promise(resolve => new IntersectionObserver("
        "entries => entries[0].isIntersecting && resolve()).observe(poll))"
    )
    reader.page.clock.run_for(1)
    widget.says("2 readers have voted")


def test_failing_service_is_asked_ever_more_slowly(reader: Reader, newsroom: Newsroom) -> None:
    reader.page.add_init_script(PERHAPS_OFFLINE)
    voted(reader, newsroom.poll())
    reader.page.evaluate("window.offline = true")
    reader.page.clock.run_for(120_000)
    asked = reader.page.evaluate("window.asked")
    gaps = [later - earlier for earlier, later in pairwise(asked)]
    for gap, wait in zip(gaps[:3], (10_000, 20_000, 40_000), strict=True):
        assert 0.8 * wait <= gap <= 1.2 * wait


def test_older_results_from_a_cache_do_not_replace_newer_ones(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    older = Remote(newsroom.service.url, slug).results()
    reader.page.add_init_script(FIGURES)
    widget = voted(reader, slug)
    another_votes(newsroom, slug)
    headers = {"Access-Control-Allow-Origin": "*"}
    reader.answers(slug, lambda route: route.fulfill(json=older, headers=headers), path="/results")
    for _ in range(2):
        with reader.page.expect_event("requestfinished"):
            reader.page.clock.run_for(LONGEST_WAIT)
    widget.says("2 readers have voted")
    assert reader.page.evaluate("window.figures") == [1, 2]


def test_refresh_on_its_way_leaves_a_reader_who_went_back_to_vote_alone(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    held: list[Route] = []
    errors: list[str] = []
    reader.page.on("pageerror", lambda error: errors.append(str(error)))
    reader.page.clock.install()
    widget = reader.opens(slug)
    widget.button("View Results").click()
    widget.says("No reader has voted yet")
    reader.answers(slug, held.append, path="/results")
    with reader.page.expect_request("**/results"):
        reader.page.clock.run_for(LONGEST_WAIT)
    widget.button("Back to vote").click()
    widget.choose("Caucasus")
    asked = counts_requests(reader)
    reader.page.clock.run_for(60_000)
    expect(widget.element.get_by_role("radio", name="Caucasus")).to_be_checked()
    assert (asked, errors) == ([], [])


def test_results_by_votes_change_places_and_what_is_open_stays_open(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll(results_order=ResultsOrder.BY_VOTES)
    widget = voted(reader, slug)
    row = widget.results.get_by_role("listitem")
    expect(row.first).to_contain_text("Eurasia")
    widget.element.get_by_role("heading").focus()
    for _ in range(2):
        another_votes(newsroom, slug)
    with reader.page.expect_response("**/results"):
        reader.page.clock.run_for(LONGEST_WAIT)
    expect(row.first).to_contain_text("Middle East2 votes")
    expect(row.nth(1)).to_contain_text("Your choice: Eurasia")
    expect(widget.element.get_by_role("heading")).to_be_focused()


def test_poll_that_closes_while_it_is_seen_says_so_and_is_asked_no_more(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    widget = voted(reader, slug)

    def closed(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "status": "closed"})

    reader.answers(slug, closed, path="/results")
    reader.page.clock.run_for(LONGEST_WAIT)
    widget.says("You have voted · Voting has closed")
    asked = counts_requests(reader)
    reader.page.clock.run_for(60_000)
    assert asked == []
