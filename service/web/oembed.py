"""oEmbed 1.0: what a page that is given a poll's address shows in its place."""

import re
from urllib.parse import urlencode, urlsplit

import orjson
from flask import Blueprint, Response, request
from markupsafe import escape

from service import origins
from service.domain import polls
from service.errors import FormatNotOffered, PollNotFound, ValidationError
from service.phrases import Phrase
from service.records import Poll
from service.web import current, frames, pictures, queries, reading, words, writing, xml
from service.web.addresses import page_address
from service.web.origins import READ_HEADERS

OEMBED_CACHE = "public, max-age=60, stale-while-revalidate=300"
CACHE_SECONDS = 3600
WIDEST = 704  # as wide as the widget becomes: 44em
LINK_HEIGHT = 28
OVER_HEIGHT = 90
LINK = Phrase("The poll on a page of its own")
PATH = re.compile(r"/(?:polls|embed)/(?P<slug>[^/]+)/?")
PIXELS = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)

Embed = dict[str, str | int]
"""What oEmbed answers, by the names that it has for it."""

blueprint = Blueprint("oembed", __name__)


@blueprint.get("/oembed")
def show_oembed() -> Response:
    """The poll at the address `url`, as a frame."""
    written = FORMATS.get(request.args.get("format") or "json")
    if written is None:
        raise FormatNotOffered
    slug, locale = _named(request.args.get("url"))
    poll = reading.in_language(polls.find(current.stores(), slug), locale)
    response = written(_embed(poll, _pixels("maxwidth"), _pixels("maxheight")))
    response.headers.update(READ_HEADERS)
    response.headers["Cache-Control"] = OEMBED_CACHE
    response.add_etag()
    response.make_conditional(request)
    return response


def address(public_url: str, poll_address: str, format_: str) -> str:
    """Where the oEmbed of the poll's page is."""
    return f"{public_url}/oembed?{urlencode({'url': poll_address, 'format': format_})}"


def _named(url: str | None) -> tuple[str, str | None]:
    """The slug in an address of ours, and the language that it asks for, if any. Raises
    PollNotFound, ValidationError where there is none."""
    if not url:
        raise ValidationError(queries.fault("url", "Name the address of a poll."))
    try:
        parts = urlsplit(url)
        ours = origins.normalised(f"{parts.scheme}://{parts.netloc}")
    except ValueError:
        raise PollNotFound from None
    settings = current.settings()
    match = PATH.fullmatch(parts.path.removeprefix(settings.public_path))
    if match is None or not f"{ours}{parts.path}".startswith(f"{settings.public_url}/"):
        raise PollNotFound
    return match["slug"], words.asked_locale(parts.query)


def _pixels(name: str) -> int | None:
    """What the consumer has room for. Raises ValidationError."""
    given = request.args.get(name)
    if not given:
        return None
    if not PIXELS.fullmatch(given):
        raise ValidationError(queries.fault(name, "Must be a number of pixels."))
    return int(given)


def _embed(poll: Poll, widest: int | None, highest: int | None) -> Embed:
    """The frame is as wide as its place and scrolls where that is too low. A link follows it where
    there is room, for readers of pages that may not frame the poll."""
    now, public_url = current.now(), current.settings().public_url
    speech = writing.of(words.best_locale(poll.locale, ""), poll.locale)
    width, title = min(WIDEST, widest or WIDEST), speech.said(poll.subject_at(now))
    natural = OVER_HEIGHT if poll.says_nothing_at(now) else frames.height_of(poll, width)
    below = LINK_HEIGHT if highest is None or highest > LINK_HEIGHT else 0
    height = min(natural, highest - below) if highest else natural
    frame = frames.snippet(poll, title, height, public_url)
    page = f"{page_address(poll, public_url)}{reading.query_of(poll)}"
    link = f'<a href="{page}">{speech.said(LINK)}</a>'
    return {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": "Voxpop",
        "provider_url": public_url,
        "cache_age": CACHE_SECONDS,
        "thumbnail_url": pictures.card_address(public_url, poll.slug, reading.other_locale(poll)),
        "thumbnail_width": pictures.CARD_SIZE[0],
        "thumbnail_height": pictures.CARD_SIZE[1],
        "width": width,
        "height": height + below,
        "html": f"{frame}\n{link}" if below else frame,
    }


def _json(embed: Embed) -> Response:
    return Response(orjson.dumps(embed), mimetype="application/json")


def _xml(embed: Embed) -> Response:
    """The same as XML, which cannot hold every character that a text can."""
    fields = "".join(
        f"<{name}>{escape(xml.clean(str(value)))}</{name}>" for name, value in embed.items()
    )
    head = '<?xml version="1.0" encoding="utf-8" standalone="yes"?>'
    return Response(f"{head}\n<oembed>{fields}</oembed>\n", mimetype="text/xml")


FORMATS = {"json": _json, "xml": _xml}
