"""What oEmbed answers, on the page of a newsroom that pasted the poll's address."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from tests.widget.newsroom import Newsroom, question
from tests.widget.reader import Reader

PAGE = '<!doctype html><html lang="en"><meta charset="utf-8"><title>News</title>{html}'
MARGINS = 16


def pasted(newsroom: Newsroom, slug: str, width: int) -> dict[str, Any]:
    """What the newsroom's CMS is told of the poll."""
    service = newsroom.service.url
    url = quote(f"{service}/polls/{slug}", safe="")
    with urlopen(f"{service}/oembed?url={url}&maxwidth={width}") as answer:
        embed: dict[str, Any] = json.load(answer)
    return embed


@pytest.mark.parametrize("width", [320, 704])
def test_a_reader_votes_in_it_and_it_has_the_room_that_it_asked_for(
    reader: Reader, newsroom: Newsroom, tmp_path: Path, width: int
) -> None:
    slug = newsroom.poll()
    embed = pasted(newsroom, slug, width)
    page = reader.page
    page.set_viewport_size({"width": width + MARGINS, "height": 760})
    page.goto(newsroom.document(PAGE.format(html=embed["html"])))
    frame = page.frame_locator("iframe")
    frame.get_by_text("Eurasia").click()
    page.screenshot(path=tmp_path / "oembed.png")
    frame.get_by_role("button", name="Vote", exact=True).click()
    expect(frame.get_by_text("You have voted")).to_be_visible()
    inside = frame.locator("body").evaluate("body => body.scrollHeight")
    assert embed["height"] - 80 < inside < embed["height"]
    assert page.evaluate("document.documentElement.scrollWidth") == width + MARGINS
    assert reader.ballots(slug) == 1


def test_it_stays_within_its_room_where_the_question_is_long(
    reader: Reader, newsroom: Newsroom
) -> None:
    text = (
        "Should the harbour ferry, whose night crossings were cut last winter, run until midnight?"
    )
    slug = newsroom.poll(
        question(text, ["At weekends, and on the eves of public holidays", "No"], help=text),
        question("And the tram?", ["Yes", "No"], code="q2"),
    )
    for width in (280, 400, 704):
        embed = pasted(newsroom, slug, width)
        reader.page.set_viewport_size({"width": width + MARGINS, "height": 760})
        reader.page.goto(newsroom.document(PAGE.format(html=embed["html"])))
        frame = reader.page.frame_locator("iframe")
        expect(frame.get_by_role("button", name="Vote", exact=True)).to_be_visible()
        inside = frame.locator("body").evaluate("body => body.scrollHeight")
        print(width, inside, embed["height"])
        assert inside < embed["height"] < inside + 150


@pytest.mark.parametrize("sandbox", ["", 'sandbox="allow-scripts" '])
def test_in_a_sandbox_it_shows_the_poll_and_says_where_to_vote(
    reader: Reader, newsroom: Newsroom, tmp_path: Path, sandbox: str
) -> None:
    slug = newsroom.poll()
    html = pasted(newsroom, slug, 704)["html"].replace("<iframe ", f"<iframe {sandbox}")
    reader.page.goto(newsroom.document(PAGE.format(html=html)))
    frame = reader.page.frame_locator("iframe")
    expect(frame.get_by_text("Eurasia")).to_be_visible()
    elsewhere = frame.get_by_role("link", name=f"{newsroom.service.url}/polls/{slug}")
    expect(elsewhere).to_be_visible(visible=bool(sandbox))
    reader.page.screenshot(path=tmp_path / "sandbox.png")
