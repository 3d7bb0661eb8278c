"""Whether a page is sound: for those who cannot see it, on a phone and on a desk, in the dark."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.support.axe import violations

SIZES = ((390, 844), (1280, 800))
OF_COLOUR = ["color-contrast", "link-in-text-block"]


def expect_sound(page: Page, axe: Axe) -> None:
    """Axe finds nothing and nothing scrolls sideways, at both sizes, light and dark. The page is
    loaded only once: it is the same document, and in the dark only its colours are others."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        assert violations(axe, page) == [], (page.url, width)
        assert not is_wide(page), (page.url, width)
        page.emulate_media(color_scheme="dark")
        assert violations(axe, page, runOnly=OF_COLOUR) == [], (page.url, width, "dark")


def is_wide(page: Page) -> bool:
    """Whether the page scrolls sideways."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    return bool(page.evaluate("document.documentElement.scrollWidth") > width)
