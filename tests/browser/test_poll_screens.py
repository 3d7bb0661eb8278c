"""The poll screens in a real browser: rows by keyboard and by drag, the preview, the look."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Dialog, Locator, Page, expect

from tests.browser.editor import Editor, context_of, new_owner
from tests.browser.soundness import expect_sound
from tests.support.service import RunningService

SITE, EMPTY = "desk", "empty-desk"
NEW = f"/admin/sites/{SITE}/polls/new"
POLL = f"/admin/sites/{SITE}/polls/should-the-ferry-run-at-night"
QUESTION = "Should the ferry run at night?"
CHOICES = ("Yes, every night", "At weekends", "No")
SCREENS = (
    f"/admin/sites/{EMPTY}/",
    f"/admin/sites/{SITE}/",
    f"/admin/sites/{SITE}/?q=nothing",
    NEW,
    POLL,
    f"{POLL}/languages",
    f"{POLL}/languages?locale=ar",
    f"{POLL}/embed",
    f"{POLL}/delete",
)


@pytest.fixture(scope="module")
def session(browser: Browser, live: RunningService) -> Any:
    """Cookies of an admin of both sites, on one of which is a poll."""
    for site, name in ((SITE, "The Harbour Post"), (EMPTY, "The Empty Page")):
        live.command("site", "create", site, "--name", name, "--timezone", "Europe/Berlin")
    email, password = new_owner(live, SITE)
    live.command("owner", "role", email, EMPTY, "admin")
    context = browser.new_context()
    editor = Editor(context.new_page())
    editor.signs_in(live, email, password)
    editor.goes(live.url + NEW)
    write(editor)
    editor.click(editor.button("Open the poll"))
    expect(editor.page.get_by_text(re.compile("^Your poll “.+” is open.$"))).to_be_visible()
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def context(browser: Browser, session: Any) -> Iterator[BrowserContext]:
    context = context_of(browser, storage_state=session, viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def editor(context: BrowserContext) -> Iterator[Editor]:
    """The admin; no script of ours fails, and nothing breaks the pages' policy."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield Editor(page)
    assert [error for error in errors if "Failed to load resource" not in error] == []


def write(editor: Editor) -> None:
    """Write the question and the choices."""
    asked(editor.page).fill(QUESTION)
    for field, text in zip(rows(editor.page).all(), CHOICES, strict=True):
        field.fill(text)


def asked(page: Page) -> Locator:
    """The field of the question."""
    return page.get_by_role("textbox", name="Question", exact=True)


def rows(page: Page) -> Locator:
    return page.get_by_role("textbox", name=re.compile(r"^Choice \d+$"))


def texts(page: Page) -> list[str]:
    return [row.input_value() for row in rows(page).all()]


def preview(page: Page) -> Locator:
    return page.get_by_role("region", name="Preview").locator("vox-pop")


def test_a_language_is_written_by_the_keyboard_alone_and_previewed(
    editor: Editor, live: RunningService
) -> None:
    editor.goes(f"{live.url}{POLL}/languages")
    page = editor.page
    page.get_by_label("Language", exact=True).focus()
    editor.writes("Arabic")
    editor.presses("Tab")
    editor.presses("Enter")
    expect(page.get_by_role("heading", name="Arabic")).to_be_visible()
    expect(asked(page)).to_have_css("direction", "rtl")
    asked(page).focus()
    editor.writes("هل تعمل العبارة ليلاً؟")
    editor.presses("Tab")
    editor.writes("نعم")
    shown = preview(page)
    expect(shown.get_by_role("heading")).to_have_text("هل تعمل العبارة ليلاً؟")
    expect(shown.get_by_text("At weekends")).to_be_visible()
    editor.presses("Tab")
    while page.evaluate("document.activeElement.tagName") == "TEXTAREA":
        editor.presses("Tab")
    editor.presses("Enter")
    expect(page.get_by_text("2 of 4 translated")).to_be_visible()


class TestRows:
    def test_are_moved_by_the_keyboard_alone(self, editor: Editor, live: RunningService) -> None:
        editor.goes(live.url + NEW)
        write(editor)
        up = editor.page.get_by_role("button", name="Move No up")
        up.focus()
        editor.presses("Enter")
        assert texts(editor.page) == [CHOICES[0], CHOICES[2], CHOICES[1]]
        expect(up).to_be_focused()
        editor.presses("Space")
        assert texts(editor.page) == [CHOICES[2], CHOICES[0], CHOICES[1]]
        said = editor.page.get_by_text("No is number 1 of 3 now.")
        expect(said).to_be_attached()
        expect(editor.page.get_by_role("button", name="Move No down")).to_be_focused()

    def test_are_moved_by_drag(self, editor: Editor, live: RunningService) -> None:
        editor.goes(live.url + NEW)
        write(editor)
        grips = editor.page.locator("[data-grip]")
        goal = grips.nth(0).bounding_box()
        assert goal
        grips.nth(2).hover()
        editor.page.mouse.down()
        editor.page.mouse.move(goal["x"] + 5, goal["y"] + 5, steps=12)
        editor.page.mouse.up()
        assert texts(editor.page) == [CHOICES[2], CHOICES[0], CHOICES[1]]
        expect(editor.page.locator(".is-dragged")).to_have_count(0)
        expect(editor.page.get_by_text("No is number 1 of 3 now.")).to_be_attached()

    def test_are_added_by_enter_and_removed_again(
        self, editor: Editor, live: RunningService
    ) -> None:
        editor.goes(live.url + NEW)
        write(editor)
        rows(editor.page).last.press("Enter")
        editor.writes("I never take it")
        assert texts(editor.page) == [*CHOICES, "I never take it"]
        editor.click(editor.button("Remove At weekends"))
        assert texts(editor.page) == [CHOICES[0], CHOICES[2], "I never take it"]
        expect(rows(editor.page).nth(1)).to_be_focused()

    def test_keep_their_order_and_their_rest_when_saved(
        self, editor: Editor, live: RunningService
    ) -> None:
        editor.goes(live.url + NEW)
        write(editor)
        asked(editor.page).fill("A poll to move about in")
        editor.click(editor.button("Move Yes, every night down"))
        editor.click(editor.page.locator('summary[aria-label^="More about No"]'))
        editor.page.get_by_label("Readers write their own answer here").nth(2).check()
        editor.click(editor.button("Save as draft"))
        expect(editor.page.get_by_text("The draft is saved.")).to_be_visible()
        assert texts(editor.page) == [CHOICES[1], CHOICES[0], CHOICES[2]]
        expect(
            editor.page.get_by_label("Readers write their own answer here").nth(2)
        ).to_be_checked()


class TestPreview:
    def test_follows_what_is_typed_and_shows_every_state(
        self, editor: Editor, live: RunningService
    ) -> None:
        page = editor.page
        editor.goes(live.url + NEW)
        expect(preview(page).get_by_text("Your question")).to_be_visible()
        write(editor)
        expect(preview(page).get_by_role("heading", name=QUESTION)).to_be_visible()
        expect(preview(page).get_by_label(CHOICES[1])).to_be_visible()
        page.get_by_role("radio", name="Results").check()
        expect(preview(page).get_by_text("You have voted")).to_be_visible()
        expect(preview(page).get_by_role("listitem").first).to_contain_text("620")
        page.get_by_role("radio", name="Closed").check()
        expect(preview(page).get_by_text("Voting has closed")).to_be_visible()

    def test_is_as_narrow_as_a_side_column_and_as_dark_as_a_page(
        self, editor: Editor, live: RunningService
    ) -> None:
        page = editor.page
        editor.goes(live.url + POLL)
        expect(preview(page).get_by_text(QUESTION)).to_be_visible()
        page.get_by_role("radio", name="Narrow").check()
        assert preview(page).evaluate("node => node.offsetWidth") == 280
        page.get_by_role("radio", name="Dark").check()
        colour = "node => getComputedStyle(node).color"
        assert preview(page).evaluate(colour) == "rgb(232, 234, 238)"
        accent = "node => getComputedStyle(node).backgroundColor"
        vote = preview(page).get_by_role("button", name="Vote")
        assert vote.evaluate(accent) == "rgb(42, 107, 208)", "as the snippet alone gets it"

    def test_says_in_the_closed_parts_what_they_hold(
        self, editor: Editor, live: RunningService
    ) -> None:
        editor.goes(live.url + NEW)
        editor.click(editor.page.locator("summary", has_text="Schedule"))
        editor.page.get_by_label("Closes").fill("2030-05-01T18:00")
        part = editor.page.locator('[data-summary="schedule-part"]')
        expect(part).to_have_text("Opens when you say so, closes 1 May 2030, 18:00")


def test_what_is_typed_is_not_lost_by_leaving(editor: Editor, live: RunningService) -> None:
    questions: list[str] = []

    def stay(dialog: Dialog) -> None:
        questions.append(dialog.type)
        dialog.dismiss()

    editor.page.on("dialog", stay)
    editor.goes(live.url + NEW)
    write(editor)
    asked(editor.page).press("End")
    editor.writes("!")
    editor.click(editor.link("Cancel"))
    assert questions == ["beforeunload"]
    expect(asked(editor.page)).to_have_value(f"{QUESTION}!")


def test_a_wrong_field_is_led_to_from_above(editor: Editor, live: RunningService) -> None:
    editor.goes(live.url + NEW)
    write(editor)
    rows(editor.page).nth(1).fill(CHOICES[0])
    editor.click(editor.button("Open the poll"))
    alert = editor.page.get_by_role("alert")
    expect(alert).to_be_focused()
    alert.get_by_role("link").press("Enter")
    expect(rows(editor.page).nth(1)).to_be_focused()
    expect(rows(editor.page).nth(1)).to_have_accessible_description("Another choice has this text.")


def test_the_list_is_refined_as_one_types(editor: Editor, live: RunningService) -> None:
    editor.goes(f"{live.url}/admin/sites/{SITE}/")
    expect(editor.link(QUESTION)).to_be_visible()
    editor.page.get_by_label("Search").press_sequentially("nothing of ours")
    expect(editor.page.get_by_text("Nothing found")).to_be_visible()
    editor.page.get_by_label("Search").fill("ferry")
    expect(editor.link(QUESTION)).to_be_visible()


def test_a_snippet_is_selected_where_the_clipboard_is_forbidden(
    browser: Browser, session: Any, live: RunningService
) -> None:
    context = browser.new_context(storage_state=session)
    editor = Editor(context.new_page())
    editor.page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: null})")
    editor.goes(f"{live.url}{POLL}/embed")
    editor.click(editor.button("Copy").first)
    expect(editor.page.get_by_role("status").filter(has_text="Selected")).to_be_attached()
    selected = editor.page.evaluate("getSelection().toString()")
    assert "<vox-pop poll=" in selected
    context.close()


def test_every_screen_of_a_poll_is_sound(editor: Editor, live: RunningService, axe: Axe) -> None:
    page = editor.page
    for path in SCREENS:
        editor.goes(live.url + path)
        if path in (NEW, POLL):
            expect(preview(page).get_by_role("button", name="Vote")).to_be_visible()
            page.evaluate(
                "document.querySelectorAll('details.part').forEach(one => one.open = true)"
            )
        expect_sound(page, axe)


def test_a_screen_where_something_is_wrong_is_sound(
    editor: Editor, live: RunningService, axe: Axe
) -> None:
    editor.goes(live.url + NEW)
    editor.click(editor.button("Open the poll"))
    expect(editor.page.get_by_role("alert")).to_be_visible()
    expect_sound(editor.page, axe)
    conflict(editor, live)
    expect_sound(editor.page, axe)


def test_only_the_snippet_that_was_copied_last_says_so(
    editor: Editor, live: RunningService
) -> None:
    editor.page.context.grant_permissions(["clipboard-write"])
    editor.goes(f"{live.url}{POLL}/embed")
    for _ in range(2):
        editor.click(editor.page.get_by_role("button", name="Copy", exact=True).last)
        expect(editor.button("Copied")).to_have_count(1)


def conflict(editor: Editor, live: RunningService) -> None:
    """Come to the page of two versions; the poll keeps what it had."""
    page = editor.page
    editor.goes(live.url + POLL)
    other = page.context.new_page()
    other.goto(live.url + POLL)
    for who, name in ((other, "The ferry, by the other"), (page, "The ferry at night")):
        who.locator("summary", has_text="Name and thanks").click()
        title = who.get_by_label("Name in lists")
        title.fill(name + (" again" if title.input_value() == name else ""))
        who.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("heading", name="Somebody else has saved")).to_be_visible()
    other.close()
