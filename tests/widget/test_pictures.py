"""The pictures of docs/embed.md, taken of real widgets: UPDATE_PICTURES=1 writes them anew."""

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from service.records import ResultsVisibility
from tests.support.service import ROOT
from tests.support.voters import Remote, ballot
from tests.widget.measures import dress
from tests.widget.newsroom import Newsroom, question
from tests.widget.reader import Reader, Widget, unreachable
from tests.widget.test_accessibility import LATER
from tests.widget.test_states import OVER

FERRY = "Should the ferry run at night?"
NIGHTS = ["Yes, every night", "At weekends", "No"]
ARABIC = "ما المنطقة التي تهمك أخبارها أكثر؟"
REGIONS = ["الشرق الأوسط", "جنوب آسيا", "شرق آسيا", "آسيا الوسطى"]
VOTES = {"c1": 21, "c2": 34, "c3": 12}
SHEET = """
body { margin: 0; color: #1b1d20; background: #fff; font: 16px/1.5 "Noto Serif", Georgia, serif }
h1, #after { display: none }
main { display: grid; grid-template-columns: repeat(3, 1fr); align-items: start }
section { padding: 20px 24px 28px }
p { margin: 0 0 14px; padding-block-end: 4px; border-block-end: 1px solid; font: 13px sans-serif }
.dark { color: #dfe1e4; background: #14171a; color-scheme: dark }
.own { --voxpop-accent: #7a1f3d; --voxpop-radius: 22px; background: #fbf6ef }
.side { inline-size: 220px }
"""


@pytest.fixture
def painter(browser: Browser, newsroom: Newsroom) -> Iterator[Reader]:
    """A reader with a wide screen, where nothing moves."""
    context = browser.new_context(viewport={"width": 1180, "height": 900}, reduced_motion="reduce")
    yield Reader(context.new_page(), newsroom)
    context.close()


def ferry(newsroom: Newsroom, **fields: Any) -> str:
    """A poll that has votes."""
    slug = newsroom.poll(question(FERRY, NIGHTS), **fields)
    remote = Remote(newsroom.service.url, slug)
    if "schedule" not in fields:
        for choice, votes in VOTES.items():
            for _ in range(votes // 4):
                remote.cast(ballot(choice))
    return slug


def cells(*shown: tuple[str, str, str]) -> str:
    """Widgets beside one another, each with what it shows above it."""
    return "".join(
        f'<section class="{place}"><p>{caption}</p><vox-pop {attributes}></vox-pop></section>'
        for caption, place, attributes in shown
    )


def poll(slug: str, more: str = "") -> str:
    return f'poll="{slug}" choices="3" loading="eager" {more}'


def picture(page: Page, folder: Path, name: str) -> None:
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    written = bool(os.environ.get("UPDATE_PICTURES"))
    file = (ROOT / "docs" / "pictures" if written else folder) / f"{name}.png"
    taken = page.locator("main").screenshot(path=file, animations="disabled", caret="hide")
    width, _ = struct.unpack(">II", taken[16:24])
    assert width == 1180
    assert 15_000 < len(taken) < 400_000


def held(_: Route) -> None:
    """The answer does not come."""


def test_its_states_can_be_pictured(painter: Reader, newsroom: Newsroom, tmp_path: Path) -> None:
    hidden = ResultsVisibility.AFTER_CLOSE
    slugs = {
        "loading": ferry(newsroom),
        "the form": ferry(newsroom),
        "nothing chosen": ferry(newsroom),
        "results": ferry(newsroom),
        "voted": ferry(newsroom),
        "voted, results hidden": ferry(newsroom, results_visibility=hidden),
        "the service is away": ferry(newsroom),
        "cannot be loaded": ferry(newsroom),
        "closed": ferry(newsroom, schedule=OVER),
        "not open yet": ferry(newsroom, schedule=LATER),
    }
    painter.answers(slugs["loading"], *[held] * 9, path="")
    painter.answers(slugs["cannot be loaded"], *[unreachable] * 9, path="")
    painter.answers(slugs["the service is away"], *[unreachable] * 9)
    painter.reads(cells(*((state, "", poll(slug)) for state, slug in slugs.items())))
    dress(painter.page, SHEET)
    widgets = dict(zip(slugs, map(painter.widget, range(len(slugs))), strict=True))
    _act(widgets)
    picture(painter.page, tmp_path, "widget-states")


def _act(widgets: dict[str, Widget]) -> None:
    widgets["loading"].says("Loading ...")
    widgets["the form"].shows_form()
    widgets["nothing chosen"].vote()
    widgets["results"].button("View Results").click()
    widgets["results"].shows_results()
    for state in ("voted", "voted, results hidden", "the service is away"):
        widgets[state].vote("At weekends")
    widgets["voted"].says("You have voted")
    widgets["voted, results hidden"].says("You have voted")
    widgets["the service is away"].button("Try again").wait_for()
    widgets["cannot be loaded"].says("This poll could not be loaded.")
    widgets["closed"].says("Voting has closed")


def test_its_looks_can_be_pictured(painter: Reader, newsroom: Newsroom, tmp_path: Path) -> None:
    slug = ferry(newsroom)
    shown = [
        ("on a light page", "", ""),
        ("on a dark page", "dark", ""),
        ("in the site's colours", "own", ""),
        ("compact, in a side column", "side", "compact"),
        ("compact, on a dark page", "dark side", "compact"),
        ("results in the site's colours", "own", ""),
    ]
    painter.reads(cells(*((said, place, poll(slug, more)) for said, place, more in shown)))
    dress(painter.page, SHEET)
    for place in range(len(shown)):
        widget = painter.widget(place)
        widget.shows_form()
        if place in (1, 3, 5):
            widget.button("View Results").click()
            widget.shows_results()
        else:
            widget.choose("At weekends")
    picture(painter.page, tmp_path, "widget-looks")


def test_it_can_be_pictured_in_arabic(painter: Reader, newsroom: Newsroom, tmp_path: Path) -> None:
    slug = newsroom.poll(question(ARABIC, REGIONS))
    remote = Remote(newsroom.service.url, slug)
    for choice, votes in {"c1": 9, "c2": 5, "c3": 6}.items():
        for _ in range(votes):
            remote.cast(ballot(choice))
    shown = [
        ("الاستطلاع", "", poll(slug)),
        ("بعد التصويت", "", poll(slug)),
        ("النتائج", "dark", poll(slug)),
    ]
    painter.reads(cells(*shown), lang="ar", direction="rtl")
    dress(painter.page, SHEET)
    form, voted, results = map(painter.widget, range(3))
    form.choose(REGIONS[0])
    results.button("عرض النتائج").click()
    results.shows_results()
    voted.choose(REGIONS[0])
    voted.button("تصويت").click()
    voted.shows_results()
    picture(painter.page, tmp_path, "widget-arabic")
