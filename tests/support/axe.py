"""What axe finds wrong with a page."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

ONLY_VIOLATIONS = {"resultTypes": ["violations"]}
RUN = "(options) => axe.run(options).then(({ violations }) => violations)"


def violations(axe: Axe, page: Page, **options: Any) -> list[tuple[str, str]]:
    """The rules that are broken, and where. A document gets axe only once: to bring it there takes
    several times as long as to run it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe.axe_script)
    found = page.evaluate(RUN, {**ONLY_VIOLATIONS, **options})
    return [(rule["id"], node["html"]) for rule in found for node in rule["nodes"]]
