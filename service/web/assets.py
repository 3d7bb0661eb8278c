"""Scripts, style sheets and pictures: read and compressed once, then sent from memory."""

import gzip
import hashlib
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import brotli
import rcssmin
from flask import Blueprint, Response, abort, request

SERVICE = Path(__file__).resolve().parent.parent
WIDGET = "widget.js"
SCRIPTS = SERVICE / "widget"
# What stands at an address of its own: the widget, the same as a module, and with previews.
EVERGREEN = {
    WIDGET: SCRIPTS / "dist" / WIDGET,
    "widget.mjs": SCRIPTS / "widget.mjs",
    "widget-preview.js": SCRIPTS / "dist" / "widget-preview.js",
}
# Older scripts that pages have pinned; `make pin` puts the present one there.
RELEASED = SCRIPTS / "released"
# The widget's address never changes, so browsers look again after a while; a page's own files
# carry their version in the address and never need to.
WIDGET_CACHE = "public, max-age=3600, stale-while-revalidate=86400"
VERSIONED_CACHE = "public, max-age=31536000, immutable"
UNVERSIONED_CACHE = "public, max-age=60"
GONE = "This version of the widget is not kept here. /widget.js is the present one.\n"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
STATIC = SERVICE / "static"
OWN = ("tokens.css", "ground.css", "house.css")
LAYERED = "vendor/pico.min.css"
PUBLIC = ("results", "docs", "confirming", "print")
ADMIN = ("bar", "screen", "forms", "lists")
POLLS = ("questions", "options", "preview", "list", "snippets", "versions", "languages")


def _of(folder: str, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{folder}/{name}.css" for name in names)


# Style sheets made of several files. Pico stands in a layer, so that any rule of ours goes before
# any of its own.
TOGETHER = {
    "demo.css": ("ground.css", "demo.css"),
    "gallery.css": (*OWN, "gallery.css"),
    "voxpop.css": (
        *(*OWN, "charts.css", "voxpop.css", "public/voting.css", "messages.css"),
        *_of("public", PUBLIC),
    ),
    "admin.css": (
        *(LAYERED, *OWN, "charts.css", "admin.css"),
        *(*_of("admin", ADMIN), "messages.css", "admin/messages.css"),
        *("figures.css", "admin/print.css"),
    ),
    "polls.css": ("polls.css", *_of("polls", POLLS)),
}
PREFERRED = ("br", "gzip", "identity")

blueprint = Blueprint("assets", __name__)


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent, in each encoding; `version` names its content, and by `integrity` a
    browser knows that nobody has changed it."""

    kind: str
    version: str
    integrity: str
    bodies: Mapping[str, bytes]


@blueprint.get("/widget.js", defaults={"name": "widget.js"})
@blueprint.get("/widget.mjs", defaults={"name": "widget.mjs"})
@blueprint.get("/widget-preview.js", defaults={"name": "widget-preview.js"})
def show_widget(name: str) -> Response:
    """The widget for any page of any site, always the newest."""
    return _for_any_page(_answer(widgets()[name], WIDGET_CACHE))


@blueprint.get("/widget-<version>.js")
def show_pinned_widget(version: str) -> Response:
    """The widget as it was when a page took this address: it never changes, and is kept."""
    asset = pinned().get(version)
    if asset is not None:
        return _for_any_page(_answer(asset, VERSIONED_CACHE))
    gone = Response(GONE, 404, {"Cache-Control": UNVERSIONED_CACHE}, mimetype="text/plain")
    return _for_any_page(gone)


@blueprint.get("/static/<path:name>")
def show_static(name: str) -> Response:
    """A style sheet or picture of our own pages."""
    asset = catalogue().get(name)
    if asset is None:
        abort(404)
    current = request.args.get("v") == asset.version
    return _answer(asset, VERSIONED_CACHE if current else UNVERSIONED_CACHE)


@blueprint.app_template_global("static")
def address(name: str) -> str:
    """The address of a static file, with its version: `{{ static("voxpop.css") }}`."""
    return f"/static/{name}?v={catalogue()[name].version}"


@cache
def catalogue() -> Mapping[str, Asset]:
    """The files of our own pages."""
    files = [file for file in sorted(STATIC.rglob("*")) if file.is_file()]
    names = {file.relative_to(STATIC).as_posix(): TYPES[file.suffix] for file in files}
    return {name: _make(kind, _file(name)) for name, kind in names.items()}


@cache
def widgets() -> Mapping[str, Asset]:
    """The scripts for other people's pages, by their names."""
    return {name: _script(file) for name, file in EVERGREEN.items()}


@cache
def pinned() -> Mapping[str, Asset]:
    """The widget as it is and as it was, by version."""
    scripts = [widgets()[WIDGET], *map(_script, RELEASED.glob("*.js"))]
    return {script.version: script for script in scripts}


def pinned_script(base: str) -> str:
    """The tag by which a page loads this widget and no other, wherever it is cached."""
    script = widgets()[WIDGET]
    source = f"{base}/widget-{script.version}.js"
    return f'<script async src="{source}" integrity="{script.integrity}" crossorigin></script>'


def _script(file: Path) -> Asset:
    return _make(TYPES[file.suffix], file.read_text(encoding="utf-8"))


def _for_any_page(response: Response) -> Response:
    """What pages with `crossorigin`, `integrity` or an embedder policy ask of a foreign script."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _file(name: str) -> str:
    """The file as it is sent; a style sheet that needs others has them in it."""
    return "\n".join(_part(part) for part in TOGETHER.get(name, (name,)))


def _part(name: str) -> str:
    text = _minified(STATIC / name)
    if name == LAYERED:
        return "@layer vendor{" + text.removeprefix('@charset "UTF-8";') + "}"
    return text


def _minified(file: Path) -> str:
    text = file.read_text(encoding="utf-8")
    return str(rcssmin.cssmin(text)) if file.suffix == ".css" else text


def _make(kind: str, text: str) -> Asset:
    body = text.encode()
    bodies = {
        "br": brotli.compress(body, brotli.MODE_TEXT),
        "gzip": gzip.compress(body, mtime=0),
        "identity": body,
    }
    integrity = f"sha384-{b64encode(hashlib.sha384(body).digest()).decode()}"
    return Asset(kind, hashlib.sha256(body).hexdigest()[:16], integrity, bodies)


def _answer(asset: Asset, cache_control: str) -> Response:
    encoding = _negotiated()
    response = Response(asset.bodies[encoding], content_type=asset.kind)
    response.headers["Cache-Control"] = cache_control
    response.vary.add("Accept-Encoding")
    if encoding != "identity":
        response.content_encoding = encoding
    response.set_etag(f"{asset.version}-{encoding}")
    response.make_conditional(request)
    return response


def _negotiated() -> str:
    """The smallest encoding that the browser takes."""
    takes = request.accept_encodings
    return next(code for code in PREFERRED if code == "identity" or takes.quality(code) > 0)
