"""Owners in a real browser."""

from functools import cache

from playwright.sync_api import Browser, BrowserContext, Page, StorageState

from tests.support.service import RunningService

EMAIL = "ann@news.test"
PASSWORD = "correct horse battery"
VIEWS = {
    "phone": {"viewport": {"width": 390, "height": 844}},
    "desk": {"viewport": {"width": 1280, "height": 800}},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "dark phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}


@cache
def make_owner(live: RunningService) -> None:
    """Let the demo site's admin sign in to the running service."""
    words = ("owner", "create", EMAIL, "--site", "demo", "--role", "admin", "--password-stdin")
    live.command(*words, typed=f"{PASSWORD}\n")


def sign_in(page: Page, live: RunningService, email: str = EMAIL) -> None:
    """Sign in as a person does."""
    page.goto(f"{live.url}/admin")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/sites**")


def signed_in(browser: Browser, live: RunningService, view: str = "desk") -> BrowserContext:
    """A browser of its own in which the demo site's admin is signed in, on one of VIEWS."""
    return browser.new_context(storage_state=_session(browser, live), **VIEWS[view])  # type: ignore[arg-type]


@cache
def _session(browser: Browser, live: RunningService) -> StorageState:
    """The cookies of the demo site's admin."""
    make_owner(live)
    context = browser.new_context()
    sign_in(context.new_page(), live)
    cookies = context.storage_state()
    context.close()
    return cookies
