"""How the script comes onto a page, and when it asks for polls."""

import re

from playwright.sync_api import Route, expect

from service.web import assets
from tests.widget.newsroom import Newsroom, question
from tests.widget.reader import Reader
from tests.widget.test_embedding import EVENTS, heard

BARE = '<!doctype html><html lang="en"><meta charset="utf-8"><title>News</title>{}'
ELEMENT = '<vox-pop poll="{}"></vox-pop>'
FEED = 50


def test_pinned_script_runs_on_a_page_with_a_strict_policy(
    reader: Reader, newsroom: Newsroom
) -> None:
    script = assets.pinned_script(newsroom.service.url)
    slug = newsroom.poll()
    reader.page.goto(newsroom.document(BARE.format(script + ELEMENT.format(slug))))
    reader.widget().vote("Eurasia")
    reader.widget().says("You have voted")
    assert reader.ballots(slug) == 1


def test_pinned_script_that_somebody_has_changed_does_not_run(
    reader: Reader, newsroom: Newsroom
) -> None:
    changed = re.sub("sha384-....", "sha384-AAAA", assets.pinned_script(newsroom.service.url))
    slug = newsroom.poll()
    fallback = f'<vox-pop poll="{slug}"><a href="/">To the poll</a></vox-pop>'
    with reader.page.expect_console_message(lambda one: "integrity" in one.text):
        reader.page.goto(newsroom.document(BARE.format(changed + fallback)))
    expect(reader.page.get_by_text("To the poll")).to_be_visible()
    reader.expects_trouble("integrity")


def test_page_that_was_cached_for_months_still_votes(reader: Reader, newsroom: Newsroom) -> None:
    """Its snippet is the one of then; script and poll are those of now."""
    slug = newsroom.poll()
    script = f'<script async src="{newsroom.service.url}/widget.js"></script>'
    kept = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "Last-Modified": "Mon, 25 May 2026 08:00:00 GMT",
    }
    address = newsroom.document(BARE.format(script + ELEMENT.format(slug)), **kept)
    reader.page.goto(address)
    reader.widget().vote("Eurasia")
    reader.widget().says("You have voted")
    reader.page.goto("about:blank")
    reader.page.goto(address)
    reader.widget().says("You have voted")
    assert reader.ballots(slug) == 1


def test_module_defines_the_element_and_exports_its_class(
    reader: Reader, newsroom: Newsroom
) -> None:
    service, slug = newsroom.service.url, newsroom.poll()
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))
    module = f'<script type="module" src="{service}/widget.mjs"></script>'
    reader.page.goto(newsroom.document(BARE.format(module + ELEMENT.format(slug))))
    reader.widget().shows_form()
    same = f"""async () => {{
        const {{ default: VoxPop }} = await import("{service}/widget.mjs");
        return document.querySelector("vox-pop") instanceof VoxPop;
    }}"""
    assert reader.page.evaluate(same)
    assert asked.count(f"{service}/widget.js") == 1


def test_module_beside_the_script_does_nothing_twice(reader: Reader, newsroom: Newsroom) -> None:
    service, slug = newsroom.service.url, newsroom.poll()
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))
    module = f'<script type="module" src="{service}/widget.mjs"></script>'
    widget = reader.reads(module + f'<div data-voxpop="{slug}"></div>')
    widget.shows_form()
    reader.page.wait_for_load_state("networkidle")
    expect(reader.page.locator("vox-pop")).to_have_count(1)
    assert len([url for url in asked if f"/polls/{slug}?" in url]) == 1


def test_two_versions_of_the_script_do_not_disturb_each_other(
    reader: Reader, newsroom: Newsroom
) -> None:
    service, slug = newsroom.service.url, newsroom.poll()
    older = assets.widgets()["widget.js"].bodies["identity"].decode().replace("Voxpop:", "Old:")
    script = f'<script src="{service}/widget-0123456789abcdef.js"></script>'
    reader.page.route(
        "**/widget-0123456789abcdef.js",
        lambda route: route.fulfill(body=older, content_type="text/javascript"),
    )
    widget = reader.reads(script + ELEMENT.format(slug))
    reader.page.wait_for_load_state("networkidle")
    widget.vote("Eurasia")
    widget.says("You have voted")
    assert reader.ballots(slug) == 1


def test_publishers_own_path_leads_to_the_service(reader: Reader, newsroom: Newsroom) -> None:
    """As where `https://news.example/voxpop/` is passed on."""
    slug = newsroom.poll()
    asked: list[str] = []

    def passed_on(route: Route) -> None:
        address = route.request.url.replace(f"{newsroom.origin}/voxpop", newsroom.service.url)
        route.fulfill(response=route.fetch(url=address))

    reader.page.route(f"{newsroom.origin}/voxpop/**", passed_on)
    reader.page.on("request", lambda request: asked.append(request.url))
    body = f'<script async src="/voxpop/widget.js"></script>{ELEMENT.format(slug)}'
    reader.page.route(
        f"{newsroom.origin}/front",
        lambda route: route.fulfill(body=BARE.format(body), content_type="text/html"),
    )
    reader.page.goto(f"{newsroom.origin}/front")
    reader.widget().vote("Eurasia")
    reader.widget().says("You have voted")
    assert asked
    assert all(url.startswith(newsroom.origin) for url in asked)
    assert reader.ballots(slug) == 1


def test_only_polls_that_a_reader_comes_near_are_asked_for(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))
    reader.reads(ELEMENT.format(slug) * FEED).shows_form()
    reader.page.wait_for_load_state("networkidle")
    polls = [url for url in asked if "/v1/polls/" in url]
    print(f"\n{FEED} polls on a page: {len(polls)} asked for")
    assert 1 <= len(polls) <= 4
    reader.widget(FEED - 1).element.scroll_into_view_if_needed()
    reader.widget(FEED - 1).shows_form()
    assert len([url for url in asked if "/v1/polls/" in url]) < FEED / 2


def test_poll_in_a_hurry_is_asked_for_however_far_away_it_is(
    reader: Reader, newsroom: Newsroom
) -> None:
    far = "<p>The story goes on.</p>" * 200
    with reader.page.expect_response("**/v1/polls/**"):
        reader.reads(f'{far}<vox-pop poll="{newsroom.poll()}" loading="eager"></vox-pop>')


def test_place_asks_which_poll_it_has_and_goes_on_with_that(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll(question("Tea?", ["Yes", "No"]))
    place = f"{newsroom.service.url}/v1/sites/widget-tests/polls/latest"
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url.partition("?")[0]))
    reader.page.add_init_script(EVENTS)
    poll = f"{newsroom.service.url}/v1/polls/{slug}"

    def tea(route: Route) -> None:
        route.fulfill(response=route.fetch(url=f"{poll}?locale=en"))

    reader.page.route(f"{place}?*", tea)
    widget = reader.reads('<vox-pop poll="latest" site="widget-tests"></vox-pop>')
    widget.vote("Yes")
    widget.says("You have voted")
    assert [url for url in asked if "/v1/" in url] == [place, f"{poll}/ballots"]
    assert heard(reader.page)[0] == ["voxpop:ready", {"poll": slug}]
    reader.page.reload()
    widget.says("You have voted")
    assert reader.ballots(slug) == 1


def test_methods_do_what_the_buttons_do(reader: Reader, newsroom: Newsroom) -> None:
    slug = newsroom.poll()
    widget = reader.opens(slug)
    widget.choose("Caucasus")
    for early in ("refresh", "showForm"):
        widget.element.evaluate("(element, name) => element[name]()", early)
    widget.element.evaluate("element => element.showResults()")
    widget.says("No reader has voted yet")
    widget.element.evaluate("element => element.showForm()")
    expect(widget.element.get_by_role("radio", name="Caucasus")).to_be_checked()
    widget.vote_button.click()
    widget.says("1 reader has voted")
    with reader.page.expect_response("**/results"):
        widget.element.evaluate("element => { element.showForm(); element.refresh() }")
    widget.says("You have voted")
