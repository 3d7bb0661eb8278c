"""An editor at the owners' pages, whose clicks and words are counted."""

import itertools
import re

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.support.service import RunningService

PASSWORD = re.compile(r"shown only now: (\S+)")
numbers = itertools.count(1)


def new_owner(live: RunningService, site: str, role: str = "admin") -> tuple[str, str]:
    """E-mail and password of somebody who may work on the site."""
    email = f"{role}-{next(numbers)}@{site}.example"
    said = live.command("owner", "create", email, "--site", site, "--role", role, "--make-password")
    found = PASSWORD.search(said)
    assert found, said
    return email, found[1]


class Editor:
    """Somebody who works by clicks and keys; `steps` counts them, a text typed as one."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.steps = 0

    def click(self, target: Locator) -> None:
        self.steps += 1
        target.click()

    def writes(self, text: str) -> None:
        """Type where the cursor stands."""
        self.steps += 1
        self.page.keyboard.type(text)

    def presses(self, key: str) -> None:
        self.steps += 1
        self.page.keyboard.press(key)

    def goes(self, address: str) -> None:
        self.steps += 1
        self.page.goto(address)

    def button(self, name: str) -> Locator:
        """The button with exactly this name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def link(self, name: str) -> Locator:
        """The link with exactly this name."""
        return self.page.get_by_role("link", name=name, exact=True)

    def signs_in(self, live: RunningService, email: str, password: str) -> None:
        """From the front door to the sites."""
        self.goes(f"{live.url}/admin")
        expect(self.page.get_by_label("E-mail address")).to_be_focused()
        self.writes(email)
        self.presses("Tab")
        self.writes(password)
        self.presses("Enter")
        expect(self.page).not_to_have_url(re.compile("sign-in"))


def context_of(browser: Browser, **options: object) -> BrowserContext:
    """A browser of somebody's own that may use the clipboard."""
    context = browser.new_context(**options)  # type: ignore[arg-type]
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    return context
