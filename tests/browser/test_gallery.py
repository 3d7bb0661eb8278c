"""The gallery in a real browser: each example is drawn, whole and fit for every reader."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from service.web.gallery_examples import EXAMPLES
from tests.support.axe import violations
from tests.support.service import RunningService
from tests.test_embed_docs import named_parts

WIDTHS = {"desk": 1280, "phone": 390}
PARTS = """
[...document.querySelectorAll("vox-pop")]
  .flatMap((poll) => [...poll.shadowRoot.querySelectorAll("[part]")])
  .flatMap((piece) => [...piece.part])
"""


@pytest.fixture(scope="module")
def gallery(live: RunningService) -> str:
    live.command("demo", "--gallery")
    return f"{live.url}/demo/gallery"


@pytest.fixture(params=WIDTHS)
def opened(page: Page, gallery: str, request: pytest.FixtureRequest) -> Page:
    page.set_viewport_size({"width": WIDTHS[request.param], "height": 900})
    page.goto(gallery)
    return page


def stage(page: Page, slug: str) -> Locator:
    """Where the example is live."""
    return page.locator(f'[data-example="{slug}"]')


def is_drawn(place: Locator) -> None:
    """Readers can vote in its poll, or see how it went."""
    place.scroll_into_view_if_needed()
    frames = place.locator("iframe")
    if frames.count():
        place = frames.content_frame.locator("body")
    image = place.locator("img")
    poll = place.locator("vox-pop").locator(".vote, .percent").first
    expect(image if image.count() else poll).to_be_visible()


def test_every_example_is_drawn_and_nothing_is_wrong_with_any(opened: Page, axe: Axe) -> None:
    for example in EXAMPLES:
        is_drawn(stage(opened, example.slug))
    expect(stage(opened, "events").get_by_text("voxpop:ready: poll")).to_be_visible()
    assert set(opened.evaluate(PARTS)) <= named_parts()
    wide = opened.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    assert violations(axe, opened) == []
