"""A reader of a page with a poll: what they see and do."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, Route, expect

from tests.support.voters import Remote
from tests.widget.newsroom import Newsroom

Answer = Callable[[Route], None]


class Widget:
    """One poll on a page."""

    def __init__(self, page: Page, element: Locator) -> None:
        self.page = page
        self.element = element
        self.vote_button = self.button("Vote")
        self.results = element.get_by_role("list")

    def button(self, name: str) -> Locator:
        """The button with exactly this name."""
        return self.element.get_by_role("button", name=name, exact=True)

    def says(self, text: str) -> None:
        """The reader can see the words."""
        expect(self.element.get_by_text(text, exact=True)).to_be_visible()

    def choose(self, *texts: str) -> None:
        """Click choices."""
        for text in texts:
            self.element.get_by_text(text, exact=True).click()

    def vote(self, *texts: str) -> None:
        """Choose, and press Vote."""
        self.choose(*texts)
        self.vote_button.click()

    def row(self, text: str) -> Locator:
        """A choice's row in the results."""
        own = re.compile(rf"^(Your choice: )?{re.escape(text)}")
        return self.results.get_by_role("listitem").filter(has_text=own)

    def shows_form(self) -> None:
        """The reader can vote."""
        expect(self.vote_button).to_be_visible()
        expect(self.results).to_have_count(0)

    def shows_results(self, **rows: str) -> None:
        """The reader sees figures."""
        expect(self.results.first).to_be_visible()
        expect(self.element.locator(".percent").last).to_be_visible()


class Reader:
    """Somebody with a browser of their own, at a newsroom's pages."""

    def __init__(self, page: Page, newsroom: Newsroom) -> None:
        self.page = page
        self.newsroom = newsroom

    def reads(self, body: str, **options: Any) -> Widget:
        """Open a new page with this body; the first poll on it."""
        self.page.goto(self.newsroom.page(body, **options))
        return self.widget()

    def opens(self, slug: str) -> Widget:
        """Open a new page with the poll on it."""
        self.page.goto(self.newsroom.page_with(slug))
        return self.widget()

    def widget(self, place: int = 0) -> Widget:
        """One of the polls on the page."""
        return Widget(self.page, self.page.locator("vox-pop").nth(place))

    def expects_trouble(self, named: str = "Failed to load resource") -> None:
        """What the browser has logged about failed requests was meant to happen."""
        errors: list[str] = getattr(self.page, "voxpop_errors")  # noqa: B009 - set by the fixture
        assert any(named in error for error in errors), errors
        assert all("load" in error or named in error for error in errors), errors
        errors.clear()

    def answers(self, slug: str, *answers: Answer, path: str = "/ballots") -> None:
        """Let the network answer the first requests so, and the service all others."""
        left = list(answers)

        def handle(route: Route) -> None:
            if left and route.request.method != "OPTIONS":
                left.pop(0)(route)
            else:
                route.continue_()

        asked = f"/v1/polls/{slug}{path}"
        self.page.route(lambda url: urlsplit(url).path == asked, handle)

    def ballots(self, slug: str) -> int:
        """How many ballots the service has counted."""
        return int(Remote(self.newsroom.service.url, slug).results()["ballots"])


def come(page: Page, held: list[Route]) -> Route:
    """The request that is held back, as soon as the page has made it."""
    for _ in range(1000):
        if held:
            return held.pop()
        page.wait_for_timeout(10)
    raise AssertionError("the page has not asked")


def problem(status: int, code: str, detail: str = "", **headers: str) -> Answer:
    """The service's error answer."""

    def answer(route: Route) -> None:
        route.fulfill(
            status=status,
            json={"status": status, "code": code, "detail": detail},
            headers={
                "Access-Control-Allow-Origin": "*",
                "Access-Control-Expose-Headers": "Retry-After",
                **headers,
            },
        )

    return answer


def lost(route: Route) -> None:
    """The service takes the request, the answer does not come through."""
    route.fetch()
    route.abort("connectionreset")


def unreachable(route: Route) -> None:
    """The request does not get through."""
    route.abort("connectionrefused")
