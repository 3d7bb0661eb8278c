"""The hosted pages in a real browser, above all where no script runs."""

import json
import os
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.soundness import expect_long_page_sound, expect_sound, is_wide
from tests.support import chromium
from tests.support.service import ROOT, RunningService
from tests.support.voters import Remote, ballot

POLL = "/polls/region-interest"
PAGES = ("/", "/demo", "/demo/river", POLL, f"{POLL}/results", "/polls", "/docs", "/nothing")
POLLS_DRAWN = """() => [...document.querySelectorAll("vox-pop")].every(
    (poll) => poll.shadowRoot?.querySelector("form")
)"""
NARROWEST = 320  # what remains of a desk at four times its size
VOTES = {"c1": 31, "c2": 24, "c3": 19, "c4": 27, "c5": 12, "c6": 6, "c7": 9, "c8": 14}


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page of a new reader whose browser runs no scripts."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def cookieless(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """A page of a reader whose browser runs no scripts and keeps no cookies."""
    profile = tmp_path / "Default"
    profile.mkdir()
    block = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (profile / "Preferences").write_text(json.dumps(block))
    context = browser.browser_type.launch_persistent_context(
        tmp_path,
        executable_path=chromium.program(),
        args=chromium.FLAGS,
        java_script_enabled=False,
    )
    yield context.new_page()
    context.close()


def ballots(live: RunningService) -> int:
    return int(Remote(live.url).results()["ballots"])


def choose(page: Page, live: RunningService, choice: str) -> None:
    page.goto(live.url + POLL)
    page.get_by_role("radio", name=choice, exact=True).check()


def vote(page: Page, live: RunningService, choice: str) -> None:
    choose(page, live, choice)
    page.get_by_role("button", name="Vote").click()


class TestWithoutScript:
    def test_a_vote_is_counted_and_the_results_say_so(
        self, plain: Page, live: RunningService
    ) -> None:
        before = ballots(live)
        vote(plain, live, "South Asia")
        expect(plain.get_by_text("Your vote is counted.")).to_be_visible()
        assert plain.url == f"{live.url}{POLL}/results#voted"
        expect(plain.get_by_role("link", name="Back to vote")).to_be_hidden()
        assert ballots(live) == before + 1

    def test_who_only_looks_at_the_results_is_not_told_that_a_vote_was_counted(
        self, plain: Page, live: RunningService
    ) -> None:
        plain.goto(live.url + POLL)
        plain.get_by_role("link", name="View Results").click()
        expect(plain.get_by_role("table")).to_be_visible()
        expect(plain.get_by_text("Your vote is counted.")).to_be_hidden()
        plain.get_by_role("link", name="Back to vote").click()
        expect(plain.get_by_role("button", name="Vote")).to_be_visible()

    def test_a_second_vote_is_refused_beside_the_results(
        self, plain: Page, live: RunningService
    ) -> None:
        vote(plain, live, "South Asia")
        before = ballots(live)
        vote(plain, live, "East Asia")
        expect(plain.get_by_role("alert")).to_have_text("You have already voted in this poll.")
        expect(plain.get_by_role("table")).to_be_visible()
        assert ballots(live) == before

    def test_a_double_click_counts_once(self, plain: Page, live: RunningService) -> None:
        before = ballots(live)
        choose(plain, live, "Caucasus")
        plain.get_by_role("button", name="Vote").dblclick()
        expect(plain.get_by_text("Your vote is counted.")).to_be_visible()
        assert ballots(live) == before + 1

    def test_to_go_back_and_vote_the_same_again_counts_once(
        self, plain: Page, live: RunningService
    ) -> None:
        before = ballots(live)
        vote(plain, live, "Eurasia")
        vote(plain, live, "Eurasia")
        expect(plain.get_by_text("Your vote was counted before. It counts once.")).to_be_visible()
        expect(plain.get_by_text("Your vote is counted.")).to_be_hidden()
        assert ballots(live) == before + 1

    def test_nothing_chosen_leads_back_to_the_choices(
        self, plain: Page, live: RunningService
    ) -> None:
        before = ballots(live)
        plain.goto(live.url + POLL)
        plain.get_by_role("button", name="Vote").click()
        group = plain.get_by_role("group", name="Which region news")
        expect(group).to_have_accessible_description("Error: Choose an answer. Choose one")
        plain.get_by_role("alert").get_by_role("link").press("Enter")
        expect(plain.get_by_label("Middle East", exact=True)).to_be_focused()
        plain.keyboard.press("Space")
        plain.keyboard.press("Enter")
        expect(plain.get_by_text("Your vote is counted.")).to_be_visible()
        assert ballots(live) == before + 1

    def test_a_browser_that_keeps_no_cookie_is_told_what_to_do(
        self, cookieless: Page, live: RunningService
    ) -> None:
        before = ballots(live)
        vote(cookieless, live, "Eurasia")
        heading = cookieless.get_by_role("heading", level=1)
        expect(heading).to_have_text("This vote needs a cookie")
        expect(cookieless.get_by_text("or JavaScript")).to_be_visible()
        assert ballots(live) == before


def test_the_form_stays_where_the_widget_does_not_come(page: Page, live: RunningService) -> None:
    page.route("**/widget.js", lambda route: route.abort())
    vote(page, live, "Asia-Pacific")
    expect(page.get_by_text("Your vote is counted.")).to_be_visible()
    _expect_blocked(page)


def test_the_widget_takes_the_place_of_the_form(page: Page, live: RunningService) -> None:
    vote(page, live, "Asia-Pacific")
    expect(page.get_by_text("You have voted")).to_be_visible()
    assert page.url == live.url + POLL
    expect(page.locator("form.ballot")).to_be_hidden()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_sound(page: Page, live: RunningService, axe: Axe, path: str) -> None:
    page.goto(live.url + path)
    page.wait_for_function(POLLS_DRAWN)
    sound = expect_long_page_sound if path == "/docs" else expect_sound
    sound(page, axe)
    page.set_viewport_size({"width": NARROWEST, "height": 800})
    assert not is_wide(page)
    if path == "/nothing":
        _expect_blocked(page)


def test_a_page_is_sound_without_the_widget(page: Page, live: RunningService, axe: Axe) -> None:
    page.route("**/widget.js", lambda route: route.abort())
    page.goto(live.url + POLL)
    expect_sound(page, axe)
    page.get_by_role("button", name="Vote").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect_sound(page, axe)
    vote(page, live, "East Asia")
    vote(page, live, "Caucasus")
    expect(page.get_by_role("alert")).to_be_visible()
    expect_sound(page, axe)
    _expect_blocked(page)


def test_the_demo_can_be_pictured(browser: Browser, live: RunningService, tmp_path: Path) -> None:
    remote = Remote(live.url)
    for choice, votes in VOTES.items():
        for _ in range(votes):
            remote.cast(ballot(choice))
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    page = context.new_page()
    page.goto(f"{live.url}/demo")
    page.get_by_label("East Asia", exact=True).check()
    page.get_by_role("button", name="Vote", exact=True).click()
    expect(page.get_by_text("You have voted")).to_be_visible()
    page.get_by_role("heading", level=1).hover()
    written = bool(os.environ.get("UPDATE_PICTURES"))
    path = ROOT / "docs" / "pictures" / "demo.png" if written else tmp_path / "demo.png"
    picture = page.screenshot(path=path, animations="disabled")
    context.close()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", picture[16:24]) == (1280, 860)
    assert 40_000 < len(picture) < 400_000


def _expect_blocked(page: Page) -> None:
    """That something did not load was meant to happen."""
    errors: list[str] = getattr(page, "voxpop_errors")  # noqa: B009 - set by the fixture
    assert all("Failed to load resource" in error for error in errors), errors
    errors.clear()
