"""The addresses of a poll's pictures."""

from collections.abc import Callable
from typing import NamedTuple, cast
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, current_app, request

from service import clock
from service.domain import polls, results, translations
from service.records import Status
from service.stores.fresh import Fresh
from service.web import current, words
from service.web import writing as writings
from service.web.pictures import rendering, scene
from service.web.pictures.drawing import CARD, COLUMN, Form
from service.web.pictures.rendering import Picture

EXTENSION = "voxpop.pictures"
SECONDS = 10.0  # a picture says how old its figures are
PICTURE_CACHE = "public, max-age=60, stale-while-revalidate=600"
# Pages of any site show pictures, those that ask for embedder policies too.
ANYWHERE = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}

blueprint = Blueprint("pictures", __name__, url_prefix="/polls/<slug>")


class _Key(NamedTuple):
    """Whose picture. What readers may see depends on the poll's row and its status, so that no
    picture outlives either."""

    slug: str
    poll_id: int
    form: Form
    locale: str | None
    row_version: int
    status: Status


def register(app: Flask) -> None:
    """Give the app its kept pictures."""
    app.extensions[EXTENSION] = Fresh(_draw, SECONDS, clock.ticks, rendering.KEPT)


@blueprint.get("/card.png")
def show_card(slug: str) -> Response:
    """What stands above a link in chats and social networks: 1200 by 630 pixels."""
    return _png(slug, CARD)


@blueprint.get("/picture.png")
def show_picture(slug: str) -> Response:
    """What stands in mails and feeds: 1200 pixels for a place of 600, as high as it needs."""
    return _png(slug, COLUMN)


@blueprint.get("/picture.svg")
def show_drawing(slug: str) -> Response:
    """The same to be scaled, for whoever has the fonts."""
    picture = _picture(slug, COLUMN)
    response = _answer(picture, "image/svg+xml", lambda: picture.svg.encode())
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response


def _png(slug: str, form: Form) -> Response:
    picture = _picture(slug, form)
    return _answer(picture, "image/png", lambda: picture.png)


def _answer(picture: Picture, mimetype: str, body: Callable[[], bytes]) -> Response:
    """The picture, or 304 to whoever has it, for whom nothing is drawn."""
    response = Response(mimetype=mimetype, headers=ANYWHERE)
    response.headers["Cache-Control"] = PICTURE_CACHE
    response.set_etag(picture.etag)
    response.make_conditional(request)
    if response.status_code == 200:
        response.data = body()
    return response


def _picture(slug: str, form: Form) -> Picture:
    """The picture, some seconds old at most. Raises PollNotFound, TemporarilyUnavailable."""
    poll = polls.find(current.stores(), slug)
    locale = translations.locale_for(poll, request.args.get("locale"))
    pictures = cast("Fresh[_Key, Picture]", current_app.extensions[EXTENSION])
    status = poll.status_at(current.now())
    return pictures.get(_Key(slug, poll.id, form, locale, poll.row_version, status))


def _draw(key: _Key) -> Picture:
    """The picture, in our own words of the language in which the poll reads."""
    original, now = polls.find(current.stores(), key.slug), current.now()
    poll = translations.reading(original, key.locale)
    shown = results.visible(poll, now, has_voted=False)
    found = results.read(current.stores(), poll, now) if shown else None
    place = urlsplit(current.settings().public_url).netloc
    tag = words.best_locale(poll.locale, original.locale)
    writing = writings.of(tag, original.locale)
    return rendering.draw(scene.of_poll(poll, found, now, place, writing), key.form)
