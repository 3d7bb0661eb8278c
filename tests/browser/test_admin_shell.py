"""The owners' pages in a real browser: signing in, the bar, sites, owners."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.owners import EMAIL, PASSWORD, make_owner, sign_in
from tests.browser.soundness import PHONE, expect_sound, is_wide
from tests.support.axe import violations
from tests.support.service import RunningService

SITE = "/admin/sites/demo"
PAGES = (
    "/admin/sites",
    "/admin/sites/new",
    "/admin/account",
    f"{SITE}/settings",
    f"{SITE}/owners",
)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_sound_on_every_screen(
    owners_page: Page, live: RunningService, axe: Axe, path: str
) -> None:
    owners_page.goto(live.url + path)
    expect_sound(owners_page, axe)


def test_the_sign_in_is_sound_and_says_what_was_wrong(
    page: Page, live: RunningService, axe: Axe
) -> None:
    make_owner(live)
    page.goto(f"{live.url}/admin")
    expect(page.get_by_label("E-mail address")).to_be_focused()
    assert violations(axe, page) == []
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type("wrong password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text(re.compile("is not right"))
    expect(page.get_by_label("Password")).to_be_focused()
    assert violations(axe, page) == []
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Centre for the Study").first).to_be_visible()
    errors: list[str] = getattr(page, "voxpop_errors")  # noqa: B009 - set by the fixture
    assert all("401" in error for error in errors), errors
    errors.clear()


def test_the_cookie_is_out_of_reach_of_scripts(owners_page: Page, live: RunningService) -> None:
    owners_page.goto(f"{live.url}/admin/account")
    (cookie,) = owners_page.context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == (
        "voxpop_session",
        True,
        "Lax",
    )
    assert owners_page.evaluate("document.cookie") == ""


def test_the_bar_works_by_keyboard(owners_page: Page, live: RunningService) -> None:
    owners_page.goto(f"{live.url}{SITE}/settings")
    owners_page.keyboard.press("Tab")
    skip = owners_page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    account = owners_page.locator("summary", has_text=EMAIL)
    account.focus()
    owners_page.keyboard.press("Enter")
    expect(owners_page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()
    owners_page.keyboard.press("Tab")
    expect(owners_page.get_by_role("link", name="Account")).to_be_focused()
    owners_page.keyboard.press("Escape")
    expect(owners_page.get_by_role("button", name="Sign out", exact=True)).to_be_hidden()
    expect(account).to_be_focused()
    owners_page.keyboard.press("Enter")
    owners_page.get_by_role("heading", level=1).click()
    expect(owners_page.get_by_role("button", name="Sign out", exact=True)).to_be_hidden()


def test_the_place_where_one_is_is_marked(owners_page: Page, live: RunningService) -> None:
    owners_page.goto(f"{live.url}{SITE}/owners")
    places = owners_page.get_by_role("navigation", name="Site")
    expect(places.locator("[aria-current=page]")).to_have_text("Owners")


def test_no_place_in_the_bar_is_cut_off(owners_page: Page, live: RunningService) -> None:
    owners_page.goto(f"{live.url}{SITE}/owners")
    places = owners_page.get_by_role("navigation", name="Site")
    for width in (768, 1000, 1024, 1280):
        owners_page.set_viewport_size({"width": width, "height": 600})
        assert places.evaluate("bar => bar.scrollWidth - bar.clientWidth") == 0, width
        expect(places.get_by_role("link", name="Audit log")).to_be_in_viewport(ratio=1)
        expect(owners_page.locator("summary", has_text=EMAIL)).to_be_in_viewport(ratio=1)
        assert not is_wide(owners_page), width


@pytest.mark.parametrize(
    ("path", "bar", "place"),
    [
        (f"{SITE}/audit", "Site", "Audit log"),
        (f"{SITE}/polls/region-interest/embed", "Poll", "Embed"),
    ],
)
def test_on_a_phone_the_place_where_one_is_is_in_sight(
    owners_page: Page, live: RunningService, path: str, bar: str, place: str
) -> None:
    owners_page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    owners_page.goto(live.url + path)
    here = owners_page.get_by_role("navigation", name=bar).get_by_role("link", name=place)
    expect(here).to_be_in_viewport(ratio=0.95)  # scrolling knows whole pixels only


def test_what_can_be_pressed_is_not_printed(owners_page: Page, live: RunningService) -> None:
    owners_page.goto(f"{live.url}{SITE}/polls/region-interest/results")
    owners_page.emulate_media(media="print")
    expect(owners_page.get_by_role("heading", level=1)).to_be_visible()
    for way in (".bar-top", ".crumbs", ".tabs", ".exports"):
        expect(owners_page.locator(way)).to_be_hidden()


def test_signing_out_leaves_nothing_to_go_back_to(page: Page, live: RunningService) -> None:
    make_owner(live)
    sign_in(page, live)  # a session of its own: other tests share theirs
    page.goto(f"{live.url}/admin/account")
    page.locator("summary", has_text=EMAIL).click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_an_owner_is_added_given_a_role_and_removed(
    owners_page: Page, live: RunningService, browser: Browser, axe: Axe
) -> None:
    owners_page.goto(f"{live.url}{SITE}/owners")
    owners_page.get_by_label("E-mail address", exact=True).fill("bob@news.test")
    owners_page.get_by_label("Role", exact=True).select_option("viewer")
    owners_page.get_by_role("button", name="Add", exact=True).click()
    password = owners_page.locator(".once code").inner_text()
    assert violations(axe, owners_page) == []

    context = browser.new_context()
    bobs = context.new_page()
    bobs.goto(f"{live.url}{SITE}/")
    bobs.get_by_label("E-mail address").fill("bob@news.test")
    bobs.get_by_label("Password").fill(password)
    bobs.get_by_role("button", name="Sign in").click()
    expect(bobs.get_by_role("navigation", name="Site").get_by_role("link")).to_have_text(["Polls"])

    owners_page.get_by_label("Role of bob@news.test").select_option("admin")
    owners_page.get_by_role("button", name="Save the role of bob@news.test").click()
    expect(owners_page.get_by_role("status")).to_have_text("The role is admin now.")
    bobs.reload()
    expect(bobs.get_by_role("link", name="Audit log")).to_be_visible()

    owners_page.get_by_role("link", name="Remove bob@news.test").click()
    expect(owners_page.get_by_role("heading", name="Remove bob@news.test?")).to_be_visible()
    assert violations(axe, owners_page) == []
    owners_page.get_by_role("button", name="Remove").click()
    expect(owners_page.get_by_text("bob@news.test was removed.")).to_be_visible()
    expect(owners_page.get_by_role("row", name="bob@news.test")).to_have_count(0)
    bobs.reload()
    expect(bobs.get_by_text("There is no such site.")).to_be_visible()
    context.close()


def test_a_fault_in_the_settings_leads_to_its_field(
    owners_page: Page, live: RunningService, axe: Axe
) -> None:
    owners_page.goto(f"{live.url}{SITE}/settings")
    origins = owners_page.get_by_label("Origins")
    before = origins.input_value()
    origins.fill(f"{before}\nnews.test/page")
    owners_page.get_by_role("button", name="Save").click()
    alert = owners_page.get_by_role("alert")
    expect(alert).to_be_focused()
    assert violations(axe, owners_page) == []
    alert.get_by_role("link").press("Enter")
    expect(origins).to_be_focused()
    expect(origins).to_have_accessible_description(re.compile("news.test/page: Must be an origin"))
    origins.fill(f"{before}\nhttps://news.test")
    owners_page.get_by_role("button", name="Save").click()
    expect(owners_page.get_by_role("status")).to_have_text("The settings are saved.")
    errors: list[str] = getattr(owners_page, "voxpop_errors")  # noqa: B009 - set by the fixture
    assert all("422" in error for error in errors), errors
    errors.clear()


def test_without_scripts_one_can_sign_in_and_work(browser: Browser, live: RunningService) -> None:
    make_owner(live)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live)
    page.goto(f"{live.url}{SITE}/settings")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The settings are saved.")).to_be_visible()
    context.close()
