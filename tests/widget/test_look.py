"""What the widget weighs, how it sits on a page, and whether everybody can use it."""

import urllib.request
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Route, expect

from service.records import ResultsVisibility, Schedule, Status
from tests.widget.newsroom import Newsroom, question, several
from tests.widget.reader import Reader, Widget, problem, unreachable
from tests.widget.test_states import OVER
from tests.widget.test_voting import TWO_QUESTIONS

BROTLI_LIMIT = 8192
MARGIN = 16
WIDTHS = [280, 343, 700]
LONG = several(
    "Which of these should the city council build next, now that the tunnel is paid for?",
    [
        "A tram line along the northern embankment from the station to the hospital",
        "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenfabrik",
        "Homes",
    ],
    most=2,
)
PAINTED = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
LAYOUT_SHIFTS = """window.shifts = [];
window.watch = () => new PerformanceObserver(list => list.getEntries().forEach(
    ({ value, sources }) => shifts.push(
        [value, ...sources.map(({ node }) => node?.outerHTML ?? "in the widget")])))
    .observe({ type: "layout-shift" });"""
KEEPS_ROOM = """const sheet = new CSSStyleSheet();
sheet.replaceSync("vox-pop { display: block; min-block-size: 600px }");
document.adoptedStyleSheets = [sheet];"""


def after_a_paint(route: Route) -> None:
    """An answer slow enough for the reader to see what stands there meanwhile."""
    route.request.frame.page.evaluate(PAINTED)
    route.continue_()


def height(locator: Locator) -> float:
    box = locator.bounding_box()
    assert box
    return box["height"]


def finds_nothing(axe: Axe, page: Page) -> None:
    violations = axe.run(page).response["violations"]
    assert [(rule["id"], node["html"]) for rule in violations for node in rule["nodes"]] == []


def test_script_and_style_together_are_small(newsroom: Newsroom) -> None:
    request = urllib.request.Request(
        f"{newsroom.service.url}/widget.js", headers={"Accept-Encoding": "br"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.headers["Content-Encoding"] == "br"
        assert len(answer.read()) <= BROTLI_LIMIT


def looks_and_votes(page: Page, widget: Widget) -> None:
    widget.choose("Eurasia")
    widget.button("View Results").click()
    widget.button("Back to vote").click()
    widget.vote_button.click()
    widget.says("You have voted")
    page.evaluate(PAINTED)


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_jumps_from_loading_to_results(
    reader: Reader, newsroom: Newsroom, width: int
) -> None:
    page, slug = reader.page, newsroom.poll()

    def watched(route: Route) -> None:
        page.evaluate(PAINTED)
        page.evaluate("watch()")
        route.continue_()

    page.add_init_script(LAYOUT_SHIFTS)
    page.set_viewport_size({"width": width + MARGIN, "height": 900})
    reader.answers(slug, watched, path="")
    for path in ("/ballots", "/results"):
        reader.answers(slug, after_a_paint, path=path)
    looks_and_votes(page, reader.opens(slug))
    assert page.evaluate("shifts") == []


@pytest.mark.parametrize("width", WIDTHS)
def test_page_that_keeps_room_for_the_widget_never_jumps(
    reader: Reader, newsroom: Newsroom, width: int
) -> None:
    page = reader.page
    page.add_init_script(f"{LAYOUT_SHIFTS} {KEEPS_ROOM} watch();")
    page.set_viewport_size({"width": width + MARGIN, "height": 900})
    page.route("**/widget.js", after_a_paint)
    looks_and_votes(page, reader.opens(newsroom.poll()))
    assert page.evaluate("shifts") == []


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
    reader.page.evaluate(
        """() => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync("vox-pop { --voxpop-accent: rgb(120, 20, 60) }");
            document.adoptedStyleSheets = [sheet];
        }"""
    )
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


def form(widget: Widget) -> None:
    widget.shows_form()


def nothing_chosen(widget: Widget) -> None:
    widget.vote()
    widget.says("Choose an answer, then vote")


def results(widget: Widget) -> None:
    widget.button("View Results").click()
    widget.says("No reader has voted yet")


def thanks(widget: Widget) -> None:
    widget.vote("Eurasia")
    widget.says("You have voted")


def not_sent(widget: Widget) -> None:
    widget.vote("Eurasia")
    widget.says("Your vote did not get through. Try again.")


def busy(widget: Widget) -> None:
    widget.vote("Eurasia")
    widget.says("Voting is very busy. Your choice is kept; try again in a moment.")


@pytest.mark.parametrize(
    ("ink", "paper"), [("#111", "#fff"), ("#333", "#f7f3ea"), ("#ddd", "#121416")]
)
@pytest.mark.parametrize("state", [form, nothing_chosen, results, thanks])
def test_axe_finds_nothing_on_light_and_dark_pages(
    reader: Reader,
    newsroom: Newsroom,
    axe: Axe,
    state: Callable[[Widget], None],
    ink: str,
    paper: str,
) -> None:
    reader.page.emulate_media(reduced_motion="reduce")
    widget = reader.opens(newsroom.poll())
    reader.page.evaluate(
        "([ink, paper]) => Object.assign(document.body.style, { color: ink, background: paper })",
        [ink, paper],
    )
    state(widget)
    finds_nothing(axe, reader.page)


@pytest.mark.parametrize("state", [not_sent, busy])
def test_axe_finds_nothing_where_a_vote_meets_trouble(
    reader: Reader, newsroom: Newsroom, axe: Axe, state: Callable[[Widget], None]
) -> None:
    slug = newsroom.poll()
    reader.answers(
        slug, unreachable if state is not_sent else problem(503, "temporarily_unavailable")
    )
    state(reader.opens(slug))
    finds_nothing(axe, reader.page)
    reader.expects_trouble()


def test_axe_finds_nothing_while_loading_and_where_loading_fails(
    reader: Reader, newsroom: Newsroom, axe: Axe
) -> None:
    held: list[Route] = []
    slug = newsroom.poll()
    reader.answers(slug, held.append, unreachable, path="")
    widget = reader.opens(slug)
    widget.says("Loading ...")
    finds_nothing(axe, reader.page)
    held.pop().abort("connectionrefused")
    widget.says("This poll could not be loaded.")
    finds_nothing(axe, reader.page)
    reader.expects_trouble()


def test_axe_finds_nothing_in_other_kinds_of_poll(
    reader: Reader, newsroom: Newsroom, axe: Axe
) -> None:
    later = Schedule(Status.OPEN, opens_at=OVER.closes_at and OVER.closes_at.replace(year=2199))
    kinds = {
        newsroom.poll(*TWO_QUESTIONS): "Do you read us daily?",
        newsroom.poll(LONG): "Choose up to 2",
        newsroom.poll(schedule=OVER): "Voting has closed",
        newsroom.poll(schedule=later): "Eurasia",
        newsroom.poll(results_visibility=ResultsVisibility.OWNERS, schedule=OVER): (
            "Results are not published."
        ),
    }
    reader.reads("".join(f'<vox-pop poll="{slug}"></vox-pop>' for slug in kinds))
    for place, text in enumerate(kinds.values()):
        reader.widget(place).element.scroll_into_view_if_needed()
        reader.widget(place).says(text)
    finds_nothing(axe, reader.page)
