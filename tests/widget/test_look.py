"""How the widget looks and sits on a page."""

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.widget.measures import MARGIN, WIDTHS, dress, height, is_as_wide_as_its_window
from tests.widget.newsroom import Newsroom, question, several
from tests.widget.reader import Reader

BACKGROUND = "node => getComputedStyle(node).backgroundColor"
# How far all that has an edge stands from where lines start, and from where they end.
BOXES = """(element, direction) => {
    for (const node of element.shadowRoot.children) node.dir = direction;
    const [far, near] = direction === "rtl" ? ["left", "right"] : ["right", "left"];
    const edges = element.getBoundingClientRect();
    const blocks = ".question, .row, .row > *, .bar, .actions, .status, .total, .note";
    return [...element.shadowRoot.querySelectorAll(blocks)].map(node => {
        const box = node.getBoundingClientRect();
        return [near, far].map(side => Math.round(Math.abs(box[side] - edges[side]))).join();
    });
}"""
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


def test_only_the_themes_that_there_are_give_a_ground(reader: Reader, newsroom: Newsroom) -> None:
    widget = reader.reads(f'<vox-pop poll="{newsroom.poll()}"></vox-pop>')
    widget.shows_form()
    grounds = {
        theme: widget.element.evaluate(
            """(element, theme) => {
                element.setAttribute("theme", theme);
                return getComputedStyle(element.shadowRoot.querySelector("div")).backgroundColor;
            }""",
            theme,
        )
        for theme in ("", "auto", "light", "dark")
    }
    none, white, black = "rgba(0, 0, 0, 0)", "rgb(255, 255, 255)", "rgb(18, 18, 18)"
    assert grounds == {"": none, "auto": none, "light": white, "dark": black}


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


@pytest.mark.parametrize(
    ("looks", "least", "row"), [("", 44, 52), ("compact", 24, 43)], ids=["usual", "compact"]
)
def test_rows_and_buttons_are_as_high_as_the_column_asks_for(
    reader: Reader, newsroom: Newsroom, looks: str, least: float, row: float
) -> None:
    widget = reader.reads(f'<vox-pop poll="{newsroom.poll()}" {looks}></vox-pop>')
    widget.shows_form()
    targets = widget.element.locator("button, label")
    assert min(height(target) for target in targets.all()) >= least
    rows = {round(height(label)) for label in widget.element.locator("label").all()}
    assert rows == {row}


def test_bars_and_the_own_choice_stand_out_in_forced_colours(
    reader: Reader, newsroom: Newsroom
) -> None:
    reader.page.emulate_media(forced_colors="active")
    widget = reader.opens(newsroom.poll(several("What?", ["A", "B"], most=2)))
    widget.shows_form()
    expect(widget.vote_button).not_to_have_css("border-style", "none")
    widget.vote("A")
    widget.says("You have voted")
    paper = widget.row("B").evaluate(BACKGROUND)
    others, own = widget.row("B").locator(".bar"), widget.row("A").locator(".bar")
    assert len({paper, others.evaluate(BACKGROUND), own.evaluate(BACKGROUND)}) == 3
    expect(widget.row("A").locator(".check")).to_be_visible()


@pytest.mark.parametrize(("width", "size"), [(320, 16), (320, 32), (160, 16)])
def test_nothing_is_scrolled_sideways_where_room_is_small(
    reader: Reader, newsroom: Newsroom, width: int, size: int
) -> None:
    reader.page.set_viewport_size({"width": width, "height": 700})
    widget = reader.opens(newsroom.poll(LONG))
    dress(reader.page, f"body {{ font-size: {size}px }}")
    widget.shows_form()
    before = height(widget.element.locator("label").first)
    assert is_as_wide_as_its_window(reader.page)
    widget.button("View Results").click()
    widget.says("No reader has voted yet")
    assert is_as_wide_as_its_window(reader.page)
    assert height(widget.results.locator("li").first) == pytest.approx(before, abs=1)


def test_all_of_it_is_mirrored_from_right_to_left(reader: Reader, newsroom: Newsroom) -> None:
    reader.page.emulate_media(reduced_motion="reduce")
    widget = reader.opens(newsroom.poll())
    widget.vote("Eurasia")
    widget.says("You have voted")
    ltr, rtl = (widget.element.evaluate(BOXES, direction) for direction in ("ltr", "rtl"))
    assert rtl == ltr


def test_poll_stands_where_no_script_runs(browser: Browser, newsroom: Newsroom) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(newsroom.page_with(newsroom.poll()))
    expect(page.get_by_role("link", name="To the poll")).to_be_visible()
    context.close()
