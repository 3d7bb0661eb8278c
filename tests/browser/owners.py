"""Owners in a real browser."""

from playwright.sync_api import Browser, BrowserContext, Page

from tests.support.service import RunningService

EMAIL = "ann@news.test"
PASSWORD = "correct horse battery"
VIEWS = {
    "phone": {"viewport": {"width": 390, "height": 844}},
    "desk": {"viewport": {"width": 1280, "height": 800}},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
}


def make_owner(live: RunningService, email: str = EMAIL, role: str = "admin") -> None:
    """Let somebody sign in to the running service; who may already stays as they are."""
    if email not in live.command("owner", "list"):
        words = ("owner", "create", email, "--site", "demo", "--role", role, "--password-stdin")
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
    make_owner(live)
    context = browser.new_context(**VIEWS[view])  # type: ignore[arg-type]
    page = context.new_page()
    sign_in(page, live)
    page.close()
    return context
