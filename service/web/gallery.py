"""The gallery: ways onto a page, live, with what was pasted beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import dedent

from flask import Blueprint, Response, abort, request
from markupsafe import Markup

from service.web import current, headers, html
from service.web.gallery_examples import EXAMPLES, Example
from service.web.pages import PLAIN_CACHE

FRAMES = f"{headers.POLICY}; frame-src 'self'"
FRAMED = FRAMES.replace("frame-ancestors 'none'", "frame-ancestors 'self'")

blueprint = Blueprint("gallery", __name__, url_prefix="/demo/gallery")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of what is pasted, as it is shown."""

    name: str
    code: str


@blueprint.get("")
def show_gallery() -> Response:
    """All examples."""
    response = html.page("demo/gallery.html", cache_control=PLAIN_CACHE, examples=EXAMPLES)
    response.headers["Content-Security-Policy"] = FRAMES
    return response


@blueprint.get("/<slug>")
def show_apart(slug: str) -> Response:
    """An example on a page for itself, to be framed by the gallery."""
    response = html.page("demo/example.html", cache_control=PLAIN_CACHE, example=_apart(slug))
    response.headers["Content-Security-Policy"] = FRAMED
    return response


@blueprint.get("/<slug>.css")
def show_styles_apart(slug: str) -> Response:
    """The styles of that page."""
    return _code(_apart(slug).css, "text/css")


@blueprint.get("/examples.css")
def show_styles() -> Response:
    """The styles of all other examples."""
    return _code("\n".join(each.css for each in EXAMPLES if not each.apart), "text/css")


@blueprint.get("/examples.js")
def show_scripts() -> Response:
    """The examples' scripts."""
    return _code("\n".join(each.js for each in EXAMPLES), "text/javascript")


@blueprint.app_template_filter("live")
def live(example: Example) -> Markup:
    """The example as it stands on the gallery's own page."""
    return Markup(example.html.replace("{service}", ""))  # noqa: S704 - our own constants


@blueprint.app_template_filter("pieces")
def pieces(example: Example) -> Sequence[Piece]:
    """What a publisher pastes: the HTML, and styles and a script of the page's own."""
    written = example.html.replace("{service}", current.settings().public_url)
    whole = {"HTML": written, "CSS": example.css, "JavaScript": example.js}
    return [Piece(name, dedent(code).strip()) for name, code in whole.items() if code]


def _apart(slug: str) -> Example:
    found = next((each for each in EXAMPLES if each.apart and each.slug == slug), None)
    return found or abort(404)


def _code(text: str, mimetype: str) -> Response:
    """What stands beside the examples, as the browser runs it."""
    response = Response(text, mimetype=mimetype)
    response.headers["Cache-Control"] = PLAIN_CACHE
    response.add_etag()
    response.make_conditional(request)
    return response
