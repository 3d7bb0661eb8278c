"""The widget on a page whose styles would undo it: nothing of them reaches in."""

import pytest
from playwright.sync_api import expect

from tests.widget.measures import dress, is_as_wide_as_its_window
from tests.widget.newsroom import Newsroom
from tests.widget.reader import Reader, Widget, unreachable

# What a page has good reason to set, and the widget takes up.
CALM = """
html { color-scheme: light }
body { margin: 8px; font: 300 16px / 1.5 serif; color: rgb(20, 30, 40) }
"""
HOSTILE = """
:not(html, body) { all: unset !important }
html { font-size: 40px !important }
button, input, label, fieldset, legend, form, section, ul, li, p, h2, bdi, span {
  display: none !important
}
body {
  letter-spacing: 1em; word-spacing: 2em; text-indent: 8em; line-height: 0; tab-size: 9;
  text-transform: uppercase; font-style: italic; font-variant: small-caps; text-align: right;
  text-align-last: center; white-space: nowrap; word-break: break-all; hyphens: auto;
  text-shadow: 3px 3px red; text-emphasis: "x"; -webkit-text-stroke: 2px red;
  -webkit-text-fill-color: red; -webkit-text-security: disc; cursor: none; pointer-events: none;
  list-style: square; border-collapse: collapse; quotes: "<" ">"; caret-color: red;
  accent-color: red; user-select: none; orphans: 9
}
"""
# Everything in the widget with where it stands and all that is styled of it. Insets are left out:
# they are the same as where it stands, measured from the page where that undoes `position`.
LOOK = """element => {
    const start = element.shadowRoot.querySelector(".field, .board").getBoundingClientRect();
    return [...element.shadowRoot.querySelectorAll("*")].map(node => {
        const { x, y, width, height } = node.getBoundingClientRect();
        const style = getComputedStyle(node);
        const styled = [...style].filter(name => !/^inset|^(top|bottom|left|right)$/.test(name));
        return {
            name: `${node.localName}.${node.className}`,
            box: [x - start.x, y - start.y, width, height].map(Math.round).join(),
            ...Object.fromEntries(styled.map(name => [name, style.getPropertyValue(name)])),
        };
    });
}"""

NARROWEST = 128  # pixels: 8em
# Puts the poll into a place, instead of an <i>; how wide its form is there.
PUT = """place => {
    const poll = document.querySelector("vox-pop");
    const section = document.querySelector("section");
    section.after(poll);
    section.innerHTML = place;
    section.querySelector("i").replaceWith(poll);
    return poll.shadowRoot.querySelector("form").offsetWidth;
}"""


def differences(widget: Widget) -> list[tuple[str, str, str, str]]:
    """What the hostile styles change in the widget: where, which property, from what to what."""
    looks: list[list[dict[str, str]]] = []
    widget.page.mouse.move(0, 0)
    for css in (CALM, CALM + HOSTILE):
        dress(widget.page, css)
        looks.append(widget.element.evaluate(LOOK))
    return [
        (calm["name"], name, calm[name], hostile[name])
        for calm, hostile in zip(*looks, strict=True)
        for name in calm
        if calm[name] != hostile[name]
    ]


def test_no_rule_of_the_page_reaches_in(reader: Reader, newsroom: Newsroom) -> None:
    reader.page.emulate_media(reduced_motion="reduce")
    slug = newsroom.poll()
    reader.answers(slug, unreachable)
    widget = reader.opens(slug)
    widget.shows_form()
    assert differences(widget) == []
    widget.vote("Eurasia")
    widget.says("Your vote did not get through. Try again.")
    assert differences(widget) == []
    widget.button("Try again").click()
    widget.says("You have voted")
    assert differences(widget) == []
    reader.expects_trouble()


def test_poll_that_cannot_be_shown_says_so_on_a_hostile_page_too(
    reader: Reader, newsroom: Newsroom
) -> None:
    slug = newsroom.poll()
    reader.answers(slug, *[unreachable] * 9, path="")
    widget = reader.opens(slug)
    dress(reader.page, CALM + HOSTILE)
    widget.says("This poll could not be loaded.")
    expect(widget.button("Try again")).to_be_in_viewport()
    reader.expects_trouble()


# Places that are as wide as what stands in them asks for, on a page 320 pixels wide.
PLACES = {
    "table's cell": "<table><tr><td><i></i></table>",
    "table of 300 px": '<table width="300"><tr><td><i></i><td>Aside</table>',
    "flex item": '<div class="flex"><div><i></i></div><p>Aside</p></div>',
    "flex item beside a story": f'<div class="flex"><div><i></i></div><p>{"Story " * 50}</p></div>',
    "figure": "<figure><i></i></figure>",
    "float": '<div class="float"><i></i></div>',
    "flex column": '<div class="flex column"><div><i></i></div></div>',
    "column": '<div class="column"><i></i></div>',
}
STYLES = """
.flex { display: flex }
figure { display: inline-block; margin: 0 }
.float { float: left }
.column { inline-size: 160px }
"""


@pytest.mark.parametrize("host", ["", "display: block", "display: flex", "display: grid"])
def test_poll_is_wide_enough_where_its_place_asks_it_how_wide_to_be(
    reader: Reader, newsroom: Newsroom, host: str
) -> None:
    reader.page.set_viewport_size({"width": 320, "height": 900})
    widget = reader.reads(f'<section></section><vox-pop poll="{newsroom.poll()}"></vox-pop>')
    dress(reader.page, f"{STYLES} vox-pop {{ {host} }}")
    widget.shows_form()
    widths = {}
    for name, place in PLACES.items():
        widths[name] = reader.page.evaluate(PUT, place)
        assert is_as_wide_as_its_window(reader.page), name
    assert {name: width for name, width in widths.items() if width < NARROWEST} == {}
    assert widths["column"] == widths["flex column"] == 160
