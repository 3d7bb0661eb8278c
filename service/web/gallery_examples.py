# ruff: noqa: RUF001 (typographic apostrophes)
"""What the gallery shows. The address of the service stands for `{service}`."""

import re
from dataclasses import dataclass

SCRIPT = '<script async src="{service}/widget.js"></script>\n'


@dataclass(frozen=True, slots=True)
class Example:
    """A way onto a page, as it is pasted, with styles and a script of the page's own; `apart` for
    one that has to have a page for itself."""

    slug: str
    title: str
    text: str
    html: str
    css: str = ""
    js: str = ""
    apart: bool = False


def _element(poll: str, attributes: str = "", before: str = "", after: str = "") -> str:
    named = f'poll="{poll}" {attributes}'.strip()
    return (
        f"{SCRIPT}{before}<vox-pop {named}>\n"
        f'  <a href="{{service}}/polls/{poll}">Vote in our poll</a>\n</vox-pop>{after}'
    )


EXAMPLES = (
    Example(
        "element",
        "Script and element",
        "The usual way. What stands inside is for readers without JavaScript.",
        _element("region-interest"),
    ),
    Example(
        "div",
        "Script and div",
        "Where a CMS strips elements that it does not know.",
        SCRIPT + '<div data-voxpop="gallery-summit" data-voxpop-choices="3">\n'
        '  <a href="{service}/polls/gallery-summit">Vote in our poll</a>\n</div>',
    ),
    Example(
        "place",
        "A place that outlives a poll",
        "It names the site, and shows the poll that an editor has made the current one, else the "
        "latest.",
        SCRIPT + '<vox-pop poll="current" site="demo">\n'
        '  <a href="{service}/sites/demo/current">Vote in our poll</a>\n</vox-pop>',
    ),
    Example(
        "frame",
        "Frame",
        "Where no script may stand. The page may follow the height that the frame tells it.",
        '<iframe src="{service}/embed/region-interest" title="Which region news ...?"\n'
        '  width="100%" height="640" frameborder="0" loading="lazy"></iframe>',
    ),
    Example(
        "picture",
        "Picture and links",
        "For newsletters and feeds. The picture is always new; a link casts nothing, it opens a "
        "page with the choice and one button.",
        '<a href="{service}/polls/region-interest"><img width="600"\n'
        '  src="{service}/polls/region-interest/picture.png" alt="Which region news ...?"></a>\n'
        '<a href="{service}/polls/region-interest/confirm?q1=c1">Middle East</a>\n'
        '<a href="{service}/polls/region-interest/confirm?q1=c2">South Asia</a>',
    ),
    Example(
        "several",
        "Several choices, and the reader’s own words",
        "Up to three of five; one of them asks for words. Results are listed by votes, and the "
        "poll says thanks.",
        _element("gallery-sources", 'choices="5"'),
    ),
    Example(
        "hidden",
        "Results that wait",
        "Nobody sees figures before voting closes: the poll says so, and who voted sees that it "
        "counted.",
        _element("gallery-summit", 'choices="3"'),
    ),
    Example(
        "closed",
        "Closed, percentages only",
        "A poll that is over shows its results; this one without any count. (Its votes are made "
        "up.)",
        _element("gallery-homework", 'choices="3"'),
    ),
    Example(
        "arabic",
        "Arabic",
        "The words come from the poll’s translations and ours; lines, bars and figures run as the "
        "page does.",
        _element("gallery-alphabet", 'choices="3"', '<div lang="ar" dir="rtl">\n', "\n</div>"),
    ),
    Example(
        "chinese",
        "Chinese",
        "The same poll, the same votes.",
        _element("gallery-alphabet", 'choices="3"', '<div lang="zh">\n', "\n</div>"),
    ),
    Example(
        "hindi",
        "Hindi",
        "The language may be named on the element, too.",
        _element("gallery-alphabet", 'choices="3" locale="hi"'),
    ),
    Example(
        "dark",
        "On a dark page",
        "Text and rules follow the page’s colour. The accent is the page’s to lighten.",
        _element("gallery-summit", 'choices="3"', '<div class="night">\n', "\n</div>"),
        css="""
        .night { background: #14171c; color: #e8eaee; padding: 1.5rem; }
        .night vox-pop { --voxpop-accent: #8fb6f7; --voxpop-on-accent: #0d1a30; }
        """,
    ),
    Example(
        "compact",
        "In a narrow column",
        "Closer rows and smaller words for a side column of 18 rem.",
        _element("region-interest", "compact", '<div class="column">\n', "\n</div>"),
        css="""
        .column { inline-size: 18rem; }
        """,
    ),
    Example(
        "own-look",
        "In the page’s own look",
        "Custom properties for colours and corners, ::part for whatever else.",
        _element("gallery-summit", 'class="own-look" choices="3"'),
        css="""
        .own-look {
          --voxpop-accent: #96281b;
          --voxpop-bar: #e2b7b1;
          --voxpop-radius: 99px;
          font-family: Georgia, serif;
        }
        .own-look::part(question) { font-size: 1.6em; font-weight: 400; }
        .own-look::part(vote) { letter-spacing: 0.04em; text-transform: uppercase; }
        """,
    ),
    Example(
        "hostile",
        "On a page that respects nothing",
        "Its style sheet unsets everything, spaces out all letters and hides buttons. The poll "
        "stands in a shadow root and stays whole.",
        _element("gallery-sources", 'choices="5"'),
        css="""
        body * { all: unset !important; }
        body { letter-spacing: 0.4em; line-height: 3; text-transform: uppercase; }
        button, input, label { display: none !important; }
        """,
        apart=True,
    ),
    Example(
        "events",
        "What the page hears",
        "The element tells the page when it is ready, when a vote is counted, when results are "
        "shown and when something fails.",
        _element("region-interest", 'id="told"') + '\n<ol id="heard"></ol>',
        js="""
        for (const name of ["ready", "voted", "results", "error"]) {
          document.querySelector("#told").addEventListener(`voxpop:${name}`, ({ type, detail }) => {
            const line = document.createElement("li");
            line.textContent = `${type}: ${Object.keys(detail).join(", ")}`;
            document.querySelector("#heard").append(line);
          });
        }
        """,
    ),
)
# The polls that are made for the gallery alone; a deployment may be without them.
POLLS = frozenset(
    slug for each in EXAMPLES for slug in re.findall(r'"(gallery-[a-z]+)"', each.html)
)
