"""The pictures of docs/admin.md, taken of the real pages: UPDATE_PICTURES=1 writes them anew."""

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.editor import Editor, new_owner
from tests.support.service import ROOT, RunningService
from tests.support.voters import Remote, ballot

SITE = "harbour-post"
PATH = f"/admin/sites/{SITE}"
FERRY = "Should the ferry run at night?"
SLUG = "night-ferry"  # its own: another file's poll on the same service asks the same
POLL = f"{PATH}/polls/{SLUG}"
POLLS: dict[str, tuple[str, ...]] = {
    "Which hour of the evening news suits you?": ("--choice", "Seven", "--choice", "Ten"),
    "What should the old customs house become?": (
        *("--choice", "A library", "--choice", "Flats", "--choice", "A market"),
        *("--opens-at", "2030-05-01T09:00"),
    ),
    "Is the new tram stop in the right place?": ("--choice", "Yes", "--choice", "No", "--draft"),
    FERRY: (
        *("--choice", "Yes, every night", "--choice", "At weekends", "--choice", "No"),
        *("--slug", SLUG),
    ),
}
FRENCH = {
    "Question": "Le bac doit-il circuler la nuit ?",
    "Choice 1": "Oui, toutes les nuits",
    "Choice 2": "Le week-end",
}
VOTES = {"c1": 21, "c2": 34, "c3": 12}


@pytest.fixture(scope="module")
def session(browser: Browser, live: RunningService) -> Any:
    """Cookies of a newsroom's admin; readers have voted."""
    live.command(
        "site", "create", SITE, "--name", "The Harbour Post", "--timezone", "Europe/Berlin"
    )
    live.command("site", "origins", SITE, "--add", "https://harbour-post.example")
    for question, options in POLLS.items():
        live.command("poll", "create", "--site", SITE, "--question", question, *options)
    remote = Remote(live.url, SLUG)
    for choice, votes in VOTES.items():
        for _ in range(votes):
            remote.cast(ballot(choice))
    email, password = new_owner(live, SITE)
    context = browser.new_context()
    page = context.new_page()
    Editor(page).signs_in(live, email, password)
    page.goto(f"{live.url}{POLL}/languages?locale=fr")
    for label, text in FRENCH.items():
        page.get_by_role("textbox", name=label, exact=True).fill(text)
    page.get_by_role("button", name="Save French").click()
    page.wait_for_load_state()
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def desk(browser: Browser, session: Any) -> Iterator[Page]:
    context = browser.new_context(storage_state=session, viewport={"width": 1280, "height": 860})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    ("name", "path", "shows"),
    [
        ("admin-polls", f"{PATH}/", FERRY),
        ("admin-form", POLL, "Readers who chose to take part"),
        ("admin-language", f"{POLL}/languages?locale=fr", "Le bac doit-il circuler la nuit ?"),
        ("admin-embed", f"{POLL}/embed", "harbour-post.example"),
    ],
)
def test_a_screen_can_be_pictured(
    desk: Page, live: RunningService, tmp_path: Path, name: str, path: str, shows: str
) -> None:
    desk.goto(live.url + path)
    expect(desk.get_by_text(shows).first).to_be_visible()
    desk.wait_for_load_state("networkidle")
    written = bool(os.environ.get("UPDATE_PICTURES"))
    file = (ROOT / "docs" / "pictures" if written else tmp_path) / f"{name}.png"
    picture = desk.screenshot(path=file, animations="disabled", caret="hide")
    assert struct.unpack(">II", picture[16:24]) == (1280, 860)
    assert 15_000 < len(picture) < 400_000
