"""A reader on the demo news page, end to end in a real browser."""

from playwright.sync_api import Browser, Page, expect

from tests.support.service import RunningService


def test_a_reader_votes_once_on_the_news_page_and_sees_the_results(
    page: Page, live: RunningService
) -> None:
    page.goto(f"{live.url}/demo")
    page.get_by_label("South Asia", exact=True).check()
    page.get_by_role("button", name="Vote", exact=True).click()
    expect(page.get_by_text("You have voted")).to_be_visible()
    page.reload()
    expect(page.get_by_text("You have voted")).to_be_visible()
    expect(page.get_by_role("button", name="Vote", exact=True)).to_have_count(0)


def test_a_reader_without_javascript_votes_once_on_the_polls_page(
    browser: Browser, live: RunningService
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live.url}/polls/region-interest")
    page.get_by_label("Caucasus", exact=True).check()
    page.get_by_role("button", name="Vote", exact=True).click()
    expect(page.get_by_text("Your vote is counted.")).to_be_visible()
    page.goto(f"{live.url}/polls/region-interest")
    page.get_by_label("Eurasia", exact=True).check()
    page.get_by_role("button", name="Vote", exact=True).click()
    expect(page.get_by_text("You have already voted in this poll.").first).to_be_visible()
    context.close()
