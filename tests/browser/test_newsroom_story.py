"""From a question to a vote on the page, as somebody does it who has never done it before."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.editor import Editor, context_of, new_owner
from tests.support.service import RunningService
from tests.widget.newsroom import Newsroom

SITE = "gazette"
QUESTION = "Should the old market hall stay open?"
CHOICES = ("Yes, as it is", "Only at weekends", "No, build homes there")
FEW_STEPS = 30  # at two seconds each: a minute
DOCUMENT = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>The Gazette</title>
<body>
<h1>The market hall</h1>
{snippet}
</body>
</html>
"""


@pytest.fixture(scope="module")
def newsroom(live: RunningService) -> Iterator[Newsroom]:
    """A server of plain pages on another origin."""
    live.command("site", "create", SITE, "--name", "The Gazette", "--timezone", "Europe/Berlin")
    with Newsroom(live).open() as newsroom:
        yield newsroom


@pytest.fixture
def editors_page(browser: Browser) -> Iterator[Page]:
    context = context_of(browser)
    yield context.new_page()
    context.close()


def test_a_poll_goes_from_the_question_to_a_vote_on_the_page(
    live: RunningService, newsroom: Newsroom, editors_page: Page, page: Page
) -> None:
    email, password = new_owner(live, SITE)
    editor = Editor(editors_page)
    begun = time.monotonic()

    editor.signs_in(live, email, password)
    editor.click(editor.link("Write the first poll"))
    expect(editor.page.get_by_role("textbox", name="Question")).to_be_focused()
    expect(editor.page.locator("vox-pop").get_by_role("button", name="Vote")).to_be_visible()
    editor.writes(QUESTION)
    for choice in CHOICES:
        editor.presses("Enter")
        editor.writes(choice)
    expect(editor.page.locator("vox-pop").get_by_text(CHOICES[-1])).to_be_visible()
    editor.click(editor.button("Open the poll"))
    expect(editor.page.get_by_text(re.compile("^Your poll “.+” is open.$"))).to_be_visible()

    embed_page = editor.page.url
    editor.click(editor.link("Add an origin"))
    editor.click(editor.page.get_by_label("Origins"))
    editor.writes(newsroom.origin)
    editor.click(editor.button("Save"))
    expect(editor.page.get_by_role("status").filter(has_text="saved")).to_be_visible()
    editor.goes(embed_page)
    expect(editor.page.get_by_text(newsroom.origin)).to_be_visible()
    editor.click(editor.button("Copy").first)
    expect(editor.button("Copied")).to_be_visible()
    snippet = editor.page.evaluate("navigator.clipboard.readText()")
    editor.click(editor.link("Results").first)
    expect(editor.page.get_by_role("row").filter(has_text=CHOICES[0])).to_contain_text("0")

    page.goto(newsroom.document(DOCUMENT.format(snippet=snippet)))
    page.get_by_label(CHOICES[1]).check()
    page.get_by_role("button", name="Vote", exact=True).click()
    expect(page.get_by_text("You have voted")).to_be_visible()

    loads: list[str] = []
    editor.page.on("load", lambda loaded: loads.append(loaded.url))
    expect(editor.page.get_by_role("row").filter(has_text=CHOICES[1])).to_contain_text("100.0%")
    assert loads == [], "the results came without a reload"
    assert editor.steps <= FEW_STEPS
    print(f"{editor.steps} steps, {time.monotonic() - begun:.1f} s")
