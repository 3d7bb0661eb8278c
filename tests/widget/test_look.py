"""How the widget looks and sits on a page."""

import pytest
from playwright.sync_api import Route, expect

from tests.widget.measures import MARGIN, WIDTHS, dress, height
from tests.widget.newsroom import Newsroom, question, several
from tests.widget.reader import Reader

LONG = several(
    "Which of these should the city council build next, now that the tunnel is paid for?",
    [
        "A tram line along the northern embankment from the station to the hospital",
        "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenfabrik",
        "Homes",
    ],
    most=2,
)


def test_room_is_kept_for_as_many_choices_as_the_page_says(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll(question("Tea?", ["Yes", "No", "Sometimes"]))
    heights: list[float] = []

    def measured(route: Route) -> None:
        heights.append(height(reader.widget().element))
        route.continue_()

    reader.answers(slug, measured, path="")
    widget = reader.reads(f'<vox-pop poll="{slug}" choices="3"></vox-pop>')
    widget.shows_form()
    assert heights == [pytest.approx(height(widget.element), abs=0.5)]


@pytest.mark.parametrize("width", WIDTHS)
def test_results_are_as_high_as_the_form_with_long_texts_too(
    reader: Reader, newsroom: Newsroom, width: int
) -> None:
    reader.page.set_viewport_size({"width": width + MARGIN, "height": 900})
    widget = reader.opens(newsroom.poll(LONG))
    widget.shows_form()
    before = height(widget.element)
    widget.button("View Results").click()
    widget.says("No reader has voted yet")
    assert height(widget.element) == pytest.approx(before, abs=0.5)
    assert reader.page.evaluate("document.documentElement.scrollWidth") == width + MARGIN


@pytest.mark.parametrize("width", WIDTHS)
def test_targets_are_large_enough_for_a_thumb(
    reader: Reader, newsroom: Newsroom, width: int
) -> None:
    reader.page.set_viewport_size({"width": width + MARGIN, "height": 900})
    widget = reader.opens(newsroom.poll())
    widget.shows_form()
    targets = widget.element.locator("button, label").all()
    assert len(targets) == 10
    assert min(height(target) for target in targets) >= 44


def test_bars_are_as_long_as_their_shares(reader: Reader, newsroom: Newsroom) -> None:
    reader.page.emulate_media(reduced_motion="reduce")
    widget = reader.opens(newsroom.poll(several("What?", ["A", "B", "C"], most=2)))
    widget.vote("A", "C")
    widget.says("You have voted")
    for text, share in (("A", 1.0), ("B", 0.0), ("C", 1.0)):
        row = widget.row(text)
        box, bar = row.bounding_box(), row.locator(".bar").bounding_box()
        assert box
        assert bar
        assert bar["width"] == pytest.approx(share * box["width"], abs=0.5)


@pytest.mark.parametrize(("motion", "longest"), [("no-preference", 0.2), ("reduce", 0.0)])
def test_motion_is_short_and_none_where_the_reader_asks_for_none(
    reader: Reader, newsroom: Newsroom, motion: str, longest: float
) -> None:
    reader.page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]
    widget = reader.opens(newsroom.poll())
    widget.vote("Eurasia")
    widget.says("You have voted")
    durations: list[str] = widget.element.evaluate(
        """element => [...element.shadowRoot.querySelectorAll("*")].map(getComputedStyle)
            .flatMap(style => [style.transitionDuration, style.animationDuration])"""
    )
    assert max(float(duration.removesuffix("s")) for duration in durations) <= longest


def test_page_gives_the_accent_by_a_property_even_from_one_named_accent(
    reader: Reader, newsroom: Newsroom
) -> None:
    widget = reader.opens(newsroom.poll())
    widget.shows_form()
    reader.page.evaluate(
        """() => {
            document.documentElement.style.setProperty("--accent", "rgb(120, 20, 60)");
            document.body.style.setProperty("--voxpop-accent", "var(--accent)");
        }"""
    )
    expect(widget.vote_button).to_have_css("background-color", "rgb(120, 20, 60)")


def test_site_gives_its_colours_and_the_page_has_the_last_word(
    reader: Reader, newsroom: Newsroom
) -> None:
    newsroom.theme({"--voxpop-accent": "rgb(0, 90, 60)"})
    widget = reader.opens(newsroom.poll())
    expect(widget.vote_button).to_have_css("background-color", "rgb(0, 90, 60)")
    dress(reader.page, "vox-pop { --voxpop-accent: rgb(120, 20, 60) }")
    expect(widget.vote_button).to_have_css("background-color", "rgb(120, 20, 60)")
    newsroom.theme({})


def test_right_to_left_pages_are_mirrored(reader: Reader, newsroom: Newsroom) -> None:
    widget = reader.reads(
        f'<vox-pop poll="{newsroom.poll()}"></vox-pop>', lang="ar", direction="rtl"
    )
    widget.choose("Eurasia")
    widget.button("تصويت").click()
    row = widget.results.get_by_role("listitem").filter(has_text="Eurasia")
    label, share = row.locator("bdi").first.bounding_box(), row.locator(".percent").bounding_box()
    assert label
    assert share
    assert share["x"] < label["x"]
