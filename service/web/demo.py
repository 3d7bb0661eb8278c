"""The demo: a few pages of a news site, each with the same poll."""

from typing import NamedTuple

from flask import Blueprint, Response, abort

from service.web import html
from service.web.pages import PLAIN_CACHE

blueprint = Blueprint("demo", __name__, url_prefix="/demo")


class Story(NamedTuple):
    """What the other pages say of a story; the text itself is the template of its name."""

    slug: str
    section: str
    headline: str
    teaser: str

    @property
    def address(self) -> str:
        """Where the story stands."""
        return "/demo" if self.slug == "front" else f"/demo/{self.slug}"


STORIES = (
    Story(
        "front",
        "Essay",
        "The map in the reader\u2019s head is never to scale",
        "Some regions fill the front page for weeks while others pass a year unread.",
    ),
    Story(
        "river",
        "Environment",
        "A river has more readers than any newspaper",
        "Those who live along shared water study it every morning.",
    ),
    Story(
        "routes",
        "Economy",
        "How to read a map of trade routes",
        "The bold arrow across a continent is a promise. Look at the dots.",
    ),
    Story(
        "alphabet",
        "Society",
        "The case for learning one more alphabet",
        "A fortnight is enough to stop being a stranger to a street.",
    ),
)


@blueprint.get("")
def front() -> Response:
    """The essay that opens the site."""
    return _page("front")


@blueprint.get("/<slug>")
def show_story(slug: str) -> Response:
    """One of the other stories."""
    if slug not in {story.slug for story in STORIES[1:]}:
        abort(404)
    return _page(slug)


def _page(slug: str) -> Response:
    return html.page(
        f"demo/{slug}.html", cache_control=PLAIN_CACHE, stories=STORIES, current_story=slug
    )
