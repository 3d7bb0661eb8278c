"""Pages of owners."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.browser.owners import VIEWS, signed_in
from tests.support.service import RunningService


@pytest.fixture(params=VIEWS)
def view(request: pytest.FixtureRequest) -> str:
    """A phone, a desk, and both in the dark."""
    return str(request.param)


@pytest.fixture
def owners_page(browser: Browser, live: RunningService) -> Iterator[Page]:
    """A page of the demo site's admin, signed in; a test fails where it logs an error."""
    yield from _page(browser, live, "desk")


@pytest.fixture
def viewed_page(browser: Browser, live: RunningService, view: str) -> Iterator[Page]:
    """The same on each of VIEWS."""
    yield from _page(browser, live, view)


def _page(browser: Browser, live: RunningService, view: str) -> Iterator[Page]:
    context = signed_in(browser, live, view)
    page, errors = context.new_page(), list[str]()
    page.voxpop_errors = errors  # type: ignore[attr-defined]

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            errors.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []
