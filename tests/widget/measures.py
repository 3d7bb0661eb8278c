"""How tests look at the widget: what axe finds, how high things are, whether anything moves."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Route

from tests.support.axe import violations

MARGIN = 16
WIDTHS = [280, 343, 700]
PAINTED = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
LAYOUT_SHIFTS = """window.shifts = [];
window.watch = () => new PerformanceObserver(list => list.getEntries().forEach(
    ({ value, sources }) => shifts.push(
        [value, ...sources.map(({ node }) => node?.outerHTML ?? "in the widget")])))
    .observe({ type: "layout-shift", buffered: true });"""
DRESSED = """css => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [sheet];
}"""


def after_a_paint(route: Route) -> None:
    """An answer slow enough for the reader to see what stands there meanwhile."""
    route.request.frame.page.evaluate(PAINTED)
    route.continue_()


def dress(page: Page, css: str) -> None:
    """Give the page these styles, in the place of those that it was given before."""
    page.evaluate(DRESSED, css)


def height(locator: Locator) -> float:
    box = locator.bounding_box()
    assert box
    return box["height"]


def is_as_wide_as_its_window(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth === innerWidth"))


def finds_nothing(axe: Axe, page: Page) -> None:
    """Axe has nothing to say of the page."""
    assert violations(axe, page) == []
