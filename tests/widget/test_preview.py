"""A poll that is looked at before it is saved, as on the page that makes it."""

import json
from typing import Any

from playwright.sync_api import Route, expect

from service.web.words import ENGLISH
from tests.widget.newsroom import Newsroom
from tests.widget.reader import Reader, Widget, come

POLL: dict[str, Any] = {
    "id": "not-saved",
    "status": "open",
    "locale": "en",
    "results_visibility": "always",
    "texts": ENGLISH,
    "questions": [
        {
            "id": "q1",
            "type": "single_choice",
            "text": "Coffee or tea?",
            "help": None,
            "required": True,
            "min_choices": 1,
            "max_choices": 1,
            "choices": [{"id": "c1", "text": "Coffee"}, {"id": "c2", "text": "Tea"}],
        }
    ],
}
RESULTS: dict[str, Any] = {
    "ballots": 4,
    "revision": 4,
    "status": "open",
    "questions": [
        {
            "id": "q1",
            "base": "ballots",
            "votes": 4,
            "choices": [
                {"id": "c1", "text": "Coffee", "votes": 3, "percent": 75.0},
                {"id": "c2", "text": "Tea", "votes": 1, "percent": 25.0},
            ],
        }
    ],
}
SCRIPT = "widget-preview.js"
SET = "(element, preview) => { element.preview = preview }"


def previews(reader: Reader, preview: dict[str, Any]) -> tuple[Widget, list[str]]:
    """A widget that shows the preview, and what is asked of the service from then on."""
    widget = reader.reads("<vox-pop></vox-pop>", script=SCRIPT)
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))
    widget.element.evaluate(SET, preview)
    return widget, asked


def test_preview_is_drawn_voted_in_and_left_again_without_a_request(reader: Reader) -> None:
    widget, asked = previews(reader, {"poll": POLL, "results": RESULTS})
    widget.button("View Results").click()
    widget.says("4 readers have voted")
    widget.button("Back to vote").click()
    widget.vote("Tea")
    widget.says("You have voted")
    expect(widget.row("Tea")).to_contain_text("Your choice:")
    widget.button("Back to vote").click()
    widget.shows_form()
    kept = reader.page.evaluate("Object.keys(localStorage)")
    assert (asked, kept) == ([], [])


def test_preview_follows_each_change_and_shows_the_results_it_is_given(reader: Reader) -> None:
    widget, asked = previews(reader, {"poll": POLL, "results": RESULTS})
    expect(widget.element.get_by_role("heading")).to_have_text("Coffee or tea?")
    changed = {**POLL, "status": "closed", "questions": [{**POLL["questions"][0], "text": "Mate?"}]}
    widget.element.evaluate(SET, {"poll": changed, "results": RESULTS})
    expect(widget.element.get_by_role("heading")).to_have_text("Mate?")
    widget.says("Voting has closed")
    widget.says("4 readers have voted")
    assert asked == []


def test_preview_can_show_what_a_voter_finds(reader: Reader) -> None:
    poll = {**POLL, "thank_you": "Thank you."}
    widget, asked = previews(reader, {"poll": poll, "results": RESULTS, "voted": True})
    widget.says("You have voted")
    widget.says("Thank you.")
    widget.says("4 readers have voted")
    assert asked == []
    widget.button("Back to vote").click()
    widget.shows_form()


def test_preview_that_was_set_before_the_script_came_is_drawn(reader: Reader) -> None:
    page = reader.page
    page.add_init_script(
        """addEventListener("DOMContentLoaded", () => {
            document.querySelector("vox-pop").preview = window.early;
        });"""
    )
    page.add_init_script(f"window.early = {json.dumps({'poll': POLL})}")
    held: list[Route] = []
    page.route(f"**/{SCRIPT}", lambda route: held.append(route))
    page.goto(reader.newsroom.page("<vox-pop></vox-pop>", script=SCRIPT), wait_until="commit")
    widget = reader.widget()
    expect(widget.element).to_have_js_property("preview", {"poll": POLL})
    come(page, held).continue_()
    widget.shows_form()


def test_without_its_preview_the_element_shows_its_poll_again(
    reader: Reader, newsroom: Newsroom
) -> None:
    widget = reader.reads(f'<vox-pop poll="{newsroom.poll()}"></vox-pop>', script=SCRIPT)
    widget.shows_form()
    widget.element.evaluate(SET, {"poll": POLL})
    expect(widget.element.get_by_role("heading")).to_have_text("Coffee or tea?")
    widget.element.evaluate(SET, None)
    expect(widget.element.get_by_role("radio")).to_have_count(8)


def test_results_are_told_in_the_words_of_the_poll_whatever_language_they_come_in(
    reader: Reader,
) -> None:
    words = ({"id": "c1", "text": "Café"}, {"id": "c2", "text": "Thé"})
    question = {**POLL["questions"][0], "text": "Café ou thé ?", "choices": words}
    french = {**POLL, "locale": "fr", "questions": [question]}
    widget, _ = previews(reader, {"poll": french, "results": RESULTS, "voted": True})
    expect(widget.row("Café")).to_contain_text("75.0%")
    expect(widget.row("Thé").locator("bdi[lang=fr]")).to_have_text("Thé")
