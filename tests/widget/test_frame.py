"""The frame on a newsroom's page: it votes, tells its height, and stands on no other page."""

from playwright.sync_api import expect

from tests.widget.newsroom import Newsroom
from tests.widget.reader import Reader

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>News</title>
<iframe src="{service}/embed/{slug}" title="Poll" width="400" height="100"></iframe>
"""
LISTEN = """
addEventListener("message", ({ origin, data, source }) => {
  if (data?.voxpop !== "height") return;
  document.querySelector("iframe").height = data.height;
  document.title = origin;
});
"""


def test_a_reader_votes_in_it_and_the_page_learns_its_height(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    page, service = reader.page, newsroom.service.url
    page.add_init_script(LISTEN)
    page.goto(newsroom.document(PAGE.format(service=service, slug=slug)))
    frame = page.frame_locator("iframe")
    frame.get_by_text("Eurasia").click()
    frame.get_by_role("button", name="Vote", exact=True).click()
    expect(frame.get_by_text("You have voted")).to_be_visible()
    expect(page).to_have_title(service)
    height = int(page.locator("iframe").get_attribute("height") or 0)
    inside = frame.locator("body").evaluate("body => body.scrollHeight")
    assert inside <= height < inside + 8
    assert reader.ballots(slug) == 1
