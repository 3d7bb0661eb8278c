"""The head of a poll's page in a real browser: what is data there is no script to be stopped."""

import json

from playwright.sync_api import Page, expect

from tests.support.service import RunningService

WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", ({ violatedDirective }) =>
  violations.push(violatedDirective));
"""


def test_the_policy_has_nothing_against_linked_data(page: Page, live: RunningService) -> None:
    page.add_init_script(WATCH)
    page.goto(f"{live.url}/polls/region-interest")
    expect(page.get_by_role("button", name="Vote")).to_be_visible()
    data = page.locator('script[type="application/ld+json"]').text_content()
    assert json.loads(data or "")["@type"] == "WebPage"
    assert page.evaluate("violations") == []
