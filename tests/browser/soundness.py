"""Whether a page is sound: for those who cannot see it, on a phone and on a desk, in the dark."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.support.axe import violations

PHONE, DESK = (390, 844), (1280, 800)
SIZES = (PHONE, DESK)
OF_COLOUR = ["color-contrast", "link-in-text-block"]


def expect_sound(page: Page, axe: Axe) -> None:
    """Axe finds nothing and nothing scrolls sideways, at both sizes, light and dark. The page is
    loaded only once: it is the same document, and in the dark only its colours are others."""
    for size in SIZES:
        expect_sound_at(size, page, axe)
        page.emulate_media(color_scheme="dark")
        assert violations(axe, page, runOnly=OF_COLOUR) == [], (page.url, size, "dark")


def expect_sound_at(size: tuple[int, int], page: Page, axe: Axe, **options: Any) -> None:
    """Axe finds nothing and nothing scrolls sideways at the size, in the light."""
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    assert violations(axe, page, **options) == [], (page.url, width)
    assert not is_wide(page), (page.url, width)


def expect_long_page_sound(page: Page, axe: Axe) -> None:
    """The same for a page that shows the same parts at each size: its colours are looked at on the
    desk alone, because in some thousand lines that takes axe seconds."""
    expect_sound_at(PHONE, page, axe, rules={rule: {"enabled": False} for rule in OF_COLOUR})
    expect_sound_at(DESK, page, axe)
    page.emulate_media(color_scheme="dark")
    assert violations(axe, page, runOnly=OF_COLOUR) == [], (page.url, "dark")


def is_wide(page: Page) -> bool:
    """Whether the page scrolls sideways."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    return bool(page.evaluate("document.documentElement.scrollWidth") > width)
