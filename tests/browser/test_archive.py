"""The archive in a real browser, on a phone and at a desk, where no script runs."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.owners import VIEWS
from tests.browser.soundness import expect_sound
from tests.support.service import RunningService

SITE = "lantern"
ARABIC = "هل تؤيد تمديد ساعات المكتبة في المساء؟"
LONG = "Should the harbour ferry, whose night crossings were cut last winter, run until midnight?"


@cache
def write_polls(live: RunningService) -> None:
    """Two newsrooms' polls, more than a page of one of them."""
    live.command("site", "create", SITE, "--name", "The Lantern")
    live.command("site", "create", f"{SITE}-ar", "--name", "الفانوس", "--locale", "ar")
    for number in range(21):
        _ask(live, SITE, f"Question {number} of the lantern?")
    _ask(live, SITE, LONG, "--closes-at", "2030-05-01T09:00")
    _ask(live, f"{SITE}-ar", ARABIC)
    live.command("poll", "close", _ask(live, SITE, "Is the old lantern lit?"))


def _ask(live: RunningService, site: str, question: str, *more: str) -> str:
    slug = f"{SITE}-{abs(hash(question)) % 10**9}"
    choices = ("--choice", "Yes", "--choice", "No")
    words = ("--site", site, "--question", question, "--slug", slug, *choices, *more)
    live.command("poll", "create", *words)
    return slug


@pytest.fixture(params=VIEWS)
def plain(request: pytest.FixtureRequest, browser: Browser, live: RunningService) -> Iterator[Page]:
    """The archive as a reader without scripts opens it on each of VIEWS."""
    write_polls(live)
    context = browser.new_context(java_script_enabled=False, **VIEWS[request.param])  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{live.url}/polls")
    yield page
    context.close()


def test_a_reader_pages_searches_and_chooses_a_site(plain: Page, live: RunningService) -> None:
    plain.get_by_label("Site").select_option("The Lantern")
    plain.get_by_role("button", name="Search").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Polls of The Lantern")
    expect(plain.locator(".entries li")).to_have_count(20)
    plain.get_by_role("link", name="Older polls").click()
    expect(plain.locator(".entries li")).to_have_count(3)
    plain.get_by_role("link", name="Newer polls").click()
    plain.get_by_label("Search the questions").fill("OLD LANTERN")
    plain.keyboard.press("Enter")
    plain.get_by_role("link", name="Is the old lantern lit?").click()
    expect(plain.get_by_text("Voting has closed")).to_be_visible()


def test_it_fits_and_can_be_pictured(plain: Page, tmp_path: Path) -> None:
    arabic = plain.get_by_role("link", name=ARABIC)
    expect(arabic).to_have_css("direction", "rtl")
    box, heading = arabic.bounding_box(), plain.get_by_role("heading", name=LONG).bounding_box()
    viewport = plain.viewport_size
    assert box is not None
    assert heading is not None
    assert viewport is not None
    assert box["height"] >= 24
    assert heading["x"] + heading["width"] <= viewport["width"]
    assert len(plain.screenshot(path=tmp_path / "archive.png")) > 10_000


@pytest.mark.parametrize("address", ["/polls", "/polls?q=lantern", "/polls?q=nothing+of+this"])
def test_it_is_sound(page: Page, live: RunningService, axe: Axe, address: str) -> None:
    write_polls(live)
    page.goto(live.url + address)
    expect_sound(page, axe)
