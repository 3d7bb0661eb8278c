"""The widget speaks the language of the page it is on."""

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.widget.newsroom import Newsroom, question, several
from tests.widget.reader import Reader, come, unreachable

ARABIC_VOTE = "تصويت"


def language(reader: Reader) -> str | None:
    """The language that the widget says it speaks."""
    return reader.widget().element.locator("[lang]").first.get_attribute("lang")


def test_arabic_page_has_arabic_words_plurals_and_direction(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll(several("Which?", ["A", "B", "C"], most=2))
    widget = reader.reads(f'<vox-pop poll="{slug}"></vox-pop>', lang="ar-EG", direction="rtl")
    widget.choose("A")
    vote = widget.button(ARABIC_VOTE)
    assert vote.evaluate("button => getComputedStyle(button).direction") == "rtl"
    vote.click()
    row = widget.results.get_by_role("listitem").first
    unit = newsroom.words("ar")["votes"]
    assert not isinstance(unit, str)
    expect(row).to_contain_text(unit["one"])
    expect(widget.results.get_by_role("listitem").last).to_contain_text(unit["zero"])
    box, share = row.locator("bdi").first.bounding_box(), row.locator(".percent").bounding_box()
    assert box
    assert share
    assert share["x"] < box["x"]


def test_readers_regional_digits_are_used_where_they_fit_the_language(
    browser: Browser, newsroom: Newsroom
) -> None:
    with browser.new_context(locale="ar-EG") as context:
        reader = Reader(context.new_page(), newsroom)
        slug = newsroom.poll(question("Tea?", ["Yes", "No"]))
        widget = reader.reads(f'<vox-pop poll="{slug}"></vox-pop>', lang="ar")
        widget.choose("Yes")
        widget.button(ARABIC_VOTE).click()
        expect(widget.results.get_by_role("listitem").first).to_contain_text("\u0661\u0660\u0660")


@pytest.mark.parametrize(
    ("body", "spoken"),
    [
        ('<vox-pop poll="{}" locale="tr" lang="fr"></vox-pop>', "tr"),
        ('<vox-pop poll="{}" lang="fr"></vox-pop>', "fr"),
        ('<section lang="id"><div><vox-pop poll="{}"></vox-pop></div></section>', "id"),
        ('<div data-voxpop="{}" data-voxpop-locale="es"></div>', "es"),
        ('<vox-pop poll="{}" lang="not a language"></vox-pop>', "en"),
    ],
)
def test_language_is_that_of_the_element_or_of_what_it_stands_in(
    reader: Reader, newsroom: Newsroom, body: str, spoken: str
) -> None:
    widget = reader.reads(body.format(newsroom.poll()), lang="ru")
    expect(widget.element.get_by_role("radio")).to_have_count(8)
    assert language(reader) == spoken


def test_language_is_found_through_a_shadow_root(reader: Reader, newsroom: Newsroom) -> None:
    reader.reads('<article lang="ms"></article>')
    reader.page.evaluate(
        """poll => {
            const root = document.querySelector("article").attachShadow({ mode: "open" });
            const element = document.createElement("vox-pop");
            element.setAttribute("poll", poll);
            root.append(element);
        }""",
        newsroom.poll(),
    )
    expect(reader.widget().element.get_by_role("radio")).to_have_count(8)
    assert language(reader) == "ms"


def test_page_without_a_language_is_spoken_to_in_the_browsers(
    browser: Browser, newsroom: Newsroom
) -> None:
    with browser.new_context(locale="hi-IN") as context:
        reader = Reader(context.new_page(), newsroom)
        widget = reader.reads(f'<vox-pop poll="{newsroom.poll()}"></vox-pop>', lang="")
        expect(widget.button(str(newsroom.words("hi")["vote"]))).to_be_visible()
        assert language(reader) == "hi"


def test_changed_language_starts_anew(reader: Reader, newsroom: Newsroom) -> None:
    widget = reader.opens(newsroom.poll())
    widget.shows_form()
    widget.element.evaluate("element => element.lang = 'fr'")
    expect(widget.button(str(newsroom.words("fr")["vote"]))).to_be_visible()


@pytest.mark.parametrize("locale", ["fa", "zh", "ru"])
def test_that_a_poll_loads_is_said_in_the_language_and_that_it_failed_in_english(
    reader: Reader, newsroom: Newsroom, locale: str
) -> None:
    held: list[Route] = []
    slug = newsroom.poll()
    reader.answers(slug, held.append, unreachable, path="")
    widget = reader.reads(f'<vox-pop poll="{slug}"></vox-pop>', lang=locale)
    words = newsroom.words(locale)
    widget.says(str(words["loading"]))
    come(reader.page, held).abort("connectionrefused")
    widget.says("This poll could not be loaded.")
    widget.button("Try again").click()
    expect(widget.button(str(words["vote"]))).to_be_visible()
    reader.expects_trouble()
