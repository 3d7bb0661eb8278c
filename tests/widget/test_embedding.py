"""The widget as a guest: on pages of others, under their policy, beside their scripts."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.widget.newsroom import NEIGHBOUR, Newsroom, question
from tests.widget.reader import Reader, unreachable

STORAGE_DENIED = """Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("Access is denied.", "SecurityError"); },
});"""
PLAIN_HTTP = "Object.defineProperty(crypto, 'randomUUID', { value: undefined });"
EVENTS = """window.heard = [];
for (const name of ["ready", "voted", "results", "error"])
    addEventListener(`voxpop:${name}`, ({ type, detail }) => heard.push([type, detail]));"""


def heard(page: Page) -> list[list[Any]]:
    """What a page's own script has been told, results without their figures."""
    told: list[list[Any]] = page.evaluate("window.heard")
    for _, detail in told:
        detail.pop("results", None)
    return told


def test_no_request_goes_to_another_host_and_no_cookie_is_set(
    reader: Reader, newsroom: Newsroom
) -> None:
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))
    widget = reader.opens(newsroom.poll())
    widget.vote("Eurasia")
    widget.says("You have voted")
    assert all(url.startswith((newsroom.origin, newsroom.service.url)) for url in asked)
    assert reader.page.context.cookies() == []


def test_only_a_random_token_and_the_ballot_are_stored(reader: Reader, newsroom: Newsroom) -> None:
    slug = newsroom.poll()
    widget = reader.opens(slug)
    widget.shows_form()
    assert reader.page.evaluate("localStorage.length") == 0
    widget.vote("Eurasia")
    widget.says("You have voted")
    stored = reader.page.evaluate("({ ...localStorage })")
    ballot = json.loads(stored.pop(f"voxpop:ballot:{newsroom.service.url}:{slug}"))
    assert list(stored) == [f"voxpop:voter:{newsroom.service.url}"]
    assert ballot["state"] == "counted"
    assert ballot["answers"] == {"q1": ["c7"]}
    assert ballot["receipt"]


def test_two_polls_on_a_page_are_apart(reader: Reader, newsroom: Newsroom) -> None:
    first, second = newsroom.poll(), newsroom.poll(question("Tea?", ["Yes", "No"]))
    region = reader.reads(f'<vox-pop poll="{first}"></vox-pop><vox-pop poll="{second}"></vox-pop>')
    tea = reader.widget(1)
    tea.vote("Yes")
    tea.says("You have voted")
    region.shows_form()
    region.vote("Eurasia")
    region.says("You have voted")
    assert (reader.ballots(first), reader.ballots(second)) == (1, 1)


def test_second_copy_of_a_poll_knows_of_the_first_ones_vote(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    first = reader.reads(f'<vox-pop poll="{slug}"></vox-pop>' * 2)
    second = reader.widget(1)
    second.shows_form()
    first.vote("Eurasia")
    first.says("You have voted")
    second.vote("Caucasus")
    second.says("You have voted")
    expect(second.row("Eurasia")).to_contain_text("Your choice:")
    assert reader.ballots(slug) == 1


def test_failing_poll_leaves_the_others_and_the_page_alone(
    reader: Reader, newsroom: Newsroom
) -> None:
    broken, sound = newsroom.poll(), newsroom.poll()
    reader.answers(broken, unreachable, unreachable, path="")
    reader.reads(f'<vox-pop poll="{broken}"></vox-pop><vox-pop poll="{sound}"></vox-pop>')
    reader.widget(0).says("This poll could not be loaded.")
    reader.widget(1).vote("Eurasia")
    reader.widget(1).says("You have voted")
    reader.expects_trouble()


def test_div_does_the_same(reader: Reader, newsroom: Newsroom) -> None:
    widget = reader.reads(f'<div data-voxpop="{newsroom.poll()}"><a href="/">Vote here</a></div>')
    widget.vote("Eurasia")
    widget.says("You have voted")
    expect(reader.page.get_by_text("Vote here")).to_be_hidden()


def test_div_follows_its_attribute(reader: Reader, newsroom: Newsroom) -> None:
    widget = reader.reads(f'<div data-voxpop="{newsroom.poll()}"></div>')
    widget.shows_form()
    tea = newsroom.poll(question("Tea?", ["Yes", "No"]))
    reader.page.evaluate("poll => document.querySelector('div').dataset.voxpop = poll", tea)
    widget.says("Tea?")


def test_what_stands_inside_shows_only_without_the_widget(
    reader: Reader, newsroom: Newsroom
) -> None:
    page = reader.page
    page.route("**/widget.js", lambda route: route.abort("blockedbyclient"))
    widget = reader.opens(newsroom.poll())
    fallback = page.get_by_text("To the poll")
    expect(fallback).to_be_visible()
    page.unroute("**/widget.js")
    page.reload()
    widget.shows_form()
    expect(fallback).to_be_hidden()
    reader.expects_trouble()


def test_polls_added_later_are_found(reader: Reader, newsroom: Newsroom) -> None:
    slug = newsroom.poll()
    reader.opens(newsroom.poll()).shows_form()
    reader.page.evaluate(
        """poll => {
            const div = document.createElement("div");
            div.dataset.voxpop = poll;
            const element = document.createElement("vox-pop");
            element.setAttribute("poll", poll);
            document.querySelector("main").append(div, element);
        }""",
        slug,
    )
    reader.widget(1).shows_form()
    reader.widget(2).element.scroll_into_view_if_needed()
    reader.widget(2).vote("Eurasia")
    reader.widget(2).says("You have voted")


def test_attributes_decide_which_poll_of_which_service(reader: Reader, newsroom: Newsroom) -> None:
    body = f'<vox-pop poll="{newsroom.poll()}" service="http://127.0.0.1:1"></vox-pop>'
    widget = reader.reads(body)
    widget.says("This poll could not be loaded.")
    reader.expects_trouble("Content Security Policy")
    tea = newsroom.poll(question("Tea?", ["Yes", "No"]))
    widget.element.evaluate(
        """(element, [poll, service]) => {
            element.setAttribute("poll", poll);
            element.setAttribute("service", service);
        }""",
        [tea, f"{newsroom.service.url}/"],
    )
    widget.says("Tea?")


def test_moved_poll_keeps_what_is_marked(reader: Reader, newsroom: Newsroom) -> None:
    widget = reader.opens(newsroom.poll())
    widget.choose("Eurasia")
    widget.element.evaluate("element => document.body.prepend(element)")
    expect(widget.element.get_by_role("radio", name="Eurasia")).to_be_checked()
    widget.vote_button.click()
    widget.says("You have voted")


def test_vote_of_a_poll_removed_while_voting_is_counted_once_when_it_is_back(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    reader.answers(slug, lambda route: (route.fetch(), None)[1])
    widget = reader.opens(slug)
    page = reader.page
    with page.expect_request(lambda request: request.method == "POST"):
        widget.vote("Eurasia")
    with page.expect_event("requestfailed"):
        page.evaluate("window.kept = document.querySelector('vox-pop'); kept.remove()")
    page.evaluate("document.querySelector('main').append(kept)")
    widget.says("You have voted")
    assert reader.ballots(slug) == 1


def test_removed_poll_stops_asking(reader: Reader, newsroom: Newsroom) -> None:
    slug = newsroom.poll()
    page = reader.page
    page.clock.install()
    widget = reader.opens(slug)
    widget.vote("Eurasia")
    widget.says("You have voted")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    widget.element.evaluate("element => element.remove()")
    page.clock.run_for(60_000)
    assert asked == []


def test_script_loaded_twice_is_harmless(reader: Reader, newsroom: Newsroom) -> None:
    slug = newsroom.poll()
    script = f'<script async src="{newsroom.service.url}/widget.js?again"></script>'
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))
    widget = reader.reads(f'<div data-voxpop="{slug}"></div>{script}')
    widget.shows_form()
    reader.page.wait_for_load_state("networkidle")
    expect(reader.page.locator("vox-pop")).to_have_count(1)
    assert len([url for url in asked if f"/polls/{slug}?" in url]) == 1


def test_storage_denied_is_no_reason_not_to_vote(reader: Reader, newsroom: Newsroom) -> None:
    slug = newsroom.poll()
    reader.page.add_init_script(STORAGE_DENIED)
    reader.answers(slug, unreachable)
    widget = reader.opens(slug)
    widget.vote("Eurasia")
    widget.button("Try again").click()
    widget.says("You have voted")
    expect(widget.row("Eurasia")).to_contain_text("Your choice:")
    assert reader.ballots(slug) == 1
    reader.expects_trouble()


def test_page_on_plain_http_can_vote(reader: Reader, newsroom: Newsroom) -> None:
    slug = newsroom.poll()
    reader.page.add_init_script(PLAIN_HTTP)
    widget = reader.opens(slug)
    widget.vote("Eurasia")
    widget.says("You have voted")
    assert reader.ballots(slug) == 1


def test_events_tell_the_page_what_happens_and_nothing_about_the_reader(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    reader.page.add_init_script(EVENTS)
    reader.answers(slug, unreachable)
    widget = reader.opens(slug)
    widget.vote("Eurasia")
    widget.button("Try again").click()
    widget.says("You have voted")
    assert heard(reader.page) == [
        ["voxpop:ready", {"poll": slug}],
        ["voxpop:error", {"poll": slug, "code": "unreachable"}],
        ["voxpop:voted", {"poll": slug}],
        ["voxpop:results", {"poll": slug}],
    ]
    reader.expects_trouble()


def test_page_that_is_not_the_publishers_cannot_vote(reader: Reader, newsroom: Newsroom) -> None:
    slug = newsroom.poll()
    reader.page.goto(newsroom.page_with(slug).replace("127.0.0.1", "localhost"))
    widget = reader.widget()
    widget.vote("Eurasia")
    widget.says("Your vote did not get through. Try again.")
    assert reader.ballots(slug) == 0
    reader.expects_trouble("CORS policy")


@pytest.mark.parametrize("at_home", [True, False], ids=["one site's", "the other's"])
def test_polls_of_two_sites_on_a_page_take_votes_by_their_own_sites_origins(
    reader: Reader, newsroom: Newsroom, at_home: bool
) -> None:
    polls = [newsroom.poll(), newsroom.poll(site=NEIGHBOUR)]
    page = newsroom.page("".join(f'<vox-pop poll="{slug}"></vox-pop>' for slug in polls))
    if not at_home:
        page = page.replace(newsroom.origin, newsroom.neighbours_origin)
    reader.page.goto(page)
    own, others = (0, 1) if at_home else (1, 0)
    reader.widget(others).vote("Eurasia")
    reader.widget(others).says("Your vote did not get through. Try again.")
    reader.widget(own).vote("Eurasia")
    reader.widget(own).says("You have voted")
    assert (reader.ballots(polls[own]), reader.ballots(polls[others])) == (1, 0)
    reader.expects_trouble("CORS policy")


def test_element_without_a_poll_is_left_alone(reader: Reader, newsroom: Newsroom) -> None:
    warnings: list[str] = []
    reader.page.on("console", lambda message: warnings.append(message.text))
    reader.reads(f'<vox-pop></vox-pop><vox-pop poll="{newsroom.poll()}"></vox-pop>')
    reader.widget(1).shows_form()
    assert warnings == []
