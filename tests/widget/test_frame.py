"""The frame on a newsroom's page: it votes, tells its height, and stands on no other page."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.widget.newsroom import Newsroom
from tests.widget.reader import Reader

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>News</title>
<iframe src="{address}" title="Poll" width="400" height="100"></iframe>
"""
LISTEN = """
window.heard = [];
addEventListener("message", ({ origin, data, source }) => {
  heard.push([origin, data, source === document.querySelector("iframe")?.contentWindow]);
  document.title = origin;
  if (top === self && data?.height) document.querySelector("iframe").height = data.height;
});
"""


def heard(page: Page, newsroom: Newsroom) -> list[dict[str, Any]]:
    """What the frame told its page, all of it from the service's origin and from that frame."""
    expect(page).to_have_title(newsroom.service.url)
    messages: list[Any] = page.evaluate("heard")
    assert {(origin, framed) for origin, _, framed in messages} == {(newsroom.service.url, True)}
    return [data for _, data, _ in messages]


def open_frame(reader: Reader, newsroom: Newsroom, address: str) -> Page:
    page = reader.page
    page.add_init_script(LISTEN)
    page.goto(newsroom.document(PAGE.format(address=address)))
    return page


def test_a_reader_votes_in_it_and_the_page_learns_its_height_and_nothing_else(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    page = open_frame(reader, newsroom, f"{newsroom.service.url}/embed/{slug}")
    frame = page.frame_locator("iframe")
    frame.get_by_text("Eurasia").click()
    frame.get_by_role("button", name="Vote", exact=True).click()
    expect(frame.get_by_text("You have voted")).to_be_visible()
    told = heard(page, newsroom)
    assert {frozenset(data) for data in told} == {frozenset({"voxpop", "height"})}
    assert {data["voxpop"] for data in told} == {"height"}
    height = int(page.locator("iframe").get_attribute("height") or 0)
    inside = frame.locator("body").evaluate("body => body.scrollHeight")
    assert inside <= height < inside + 8
    assert reader.ballots(slug) == 1


def test_an_amp_page_is_told_in_its_own_words(reader: Reader, newsroom: Newsroom) -> None:
    address = f"{newsroom.service.url}/embed/{newsroom.poll()}#amp=1"
    page = open_frame(reader, newsroom, address)
    expect(page.frame_locator("iframe").get_by_role("button", name="Vote")).to_be_visible()
    for data in heard(page, newsroom):
        assert set(data) == {"sentinel", "type", "height"}
        assert (data["sentinel"], data["type"]) == ("amp", "embed-size")


def test_whatever_a_page_says_to_it_changes_nothing(reader: Reader, newsroom: Newsroom) -> None:
    slug = newsroom.poll()
    page = open_frame(reader, newsroom, f"{newsroom.service.url}/embed/{slug}")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("button", name="Vote", exact=True)).to_be_visible()
    page.evaluate("""() => {
      for (const data of [{ voxpop: "vote", answers: { q1: ["c1"] } }, "submit", null])
        document.querySelector("iframe").contentWindow.postMessage(data, "*");
    }""")
    page.evaluate("new Promise((done) => setTimeout(done))")
    expect(frame.get_by_role("button", name="Vote", exact=True)).to_be_enabled()
    assert reader.ballots(slug) == 0
