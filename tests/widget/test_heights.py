"""In each of our languages one state of the widget takes another's place at the same height."""

import pytest
from playwright.sync_api import Route

from service.web import catalogues
from tests.widget.newsroom import Newsroom
from tests.widget.reader import Reader, problem

PHONES = (320, 390)
BUSY = problem(503, "temporarily_unavailable", **{"Retry-After": "30"})
# What is on the page is as high as on phones of these widths: no rule of the widget asks for the
# window's own width, and to set the window's takes as long as ten looks.
HEIGHTS = """(element, phones) => phones.map(width => {
    document.body.style.width = `${width - 16}px`;
    return Math.round(element.getBoundingClientRect().height);
})"""
NOTE = "(element, text) => element.shadowRoot.querySelector('.note').textContent = text"


class Scene:
    """A poll on phones, and how high it is on them in the states that a reader brings about."""

    def __init__(self, reader: Reader, newsroom: Newsroom, locale: str) -> None:
        reader.page.set_viewport_size({"width": max(PHONES), "height": 900})
        self.texts = newsroom.words(locale)
        self.heights: dict[str, list[int]] = {}
        slug = newsroom.poll()
        reader.answers(slug, self.sending)
        self.widget = reader.reads(f'<vox-pop poll="{slug}"></vox-pop>', lang=locale)

    def presses(self, key: str) -> None:
        self.widget.button(self.word(key)).click()

    def word(self, key: str) -> str:
        text = self.texts[key]
        assert isinstance(text, str)
        return text

    def sees(self, state: str) -> None:
        self.heights[state] = self.widget.element.evaluate(HEIGHTS, PHONES)

    def sending(self, route: Route) -> None:
        self.sees("sending")
        BUSY(route)


def votes(scene: Scene) -> None:
    """All that may happen on the way from the form to the results."""
    widget = scene.widget
    widget.button(scene.word("vote")).wait_for()
    scene.sees("form")
    scene.presses("vote")
    widget.says(scene.word("nothingChosen"))
    scene.sees("nothing chosen")
    scene.presses("viewResults")
    widget.says(scene.word("nobody"))
    scene.sees("results")
    scene.presses("backToVote")
    widget.choose("Eurasia")
    scene.presses("vote")
    widget.button(scene.word("tryAgain")).wait_for()
    scene.sees("busy")
    for key in ("notSent", "waiting", "notTaken"):
        widget.element.evaluate(NOTE, scene.word(key))
        scene.sees(key)
    scene.presses("tryAgain")
    widget.says(scene.word("voted"))
    scene.sees("voted")
    widget.element.evaluate(NOTE, scene.word("alreadyVoted"))
    scene.sees("alreadyVoted")


@pytest.mark.parametrize("locale", catalogues.LOCALES)
def test_nothing_on_a_phone_changes_its_height_on_the_way_to_the_results(
    reader: Reader, newsroom: Newsroom, locale: str
) -> None:
    scene = Scene(reader, newsroom, locale)
    votes(scene)
    form = scene.heights["form"]
    assert {state: high for state, high in scene.heights.items() if high != form} == {}
    assert len(scene.heights) == 10
    reader.expects_trouble()
