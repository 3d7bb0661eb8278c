"""The widget's script and the pages' own files: small, cacheable, never stale."""

import gzip
import hashlib
import re
from base64 import b64decode
from pathlib import Path
from typing import Any

import brotli
import pytest
from flask.testing import FlaskClient

from service.web import assets, catalogues, words

DECODERS = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


def get(client: FlaskClient, path: str, encodings: str = "", **headers: str) -> Any:
    return client.get(path, headers={"Accept-Encoding": encodings, **headers})


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("*", "br"),
        ("zstd", None),
        ("identity", None),
        ("", None),
    ],
)
def test_the_best_encoding_that_the_browser_takes_is_sent(
    client: FlaskClient, asked: str, answered: str | None
) -> None:
    answer = get(client, "/widget.js", asked)
    assert answer.headers.get("Content-Encoding") == answered
    assert answer.headers["Vary"] == "Accept-Encoding"
    plain = get(client, "/widget.js").data
    assert DECODERS[answered](answer.data) == plain


def test_the_encodings_have_entity_tags_of_their_own(client: FlaskClient) -> None:
    tags = {get(client, "/widget.js", code).headers["ETag"] for code in ("br", "gzip", "")}
    assert len(tags) == 3


def test_a_browser_that_has_the_widget_is_not_sent_it_again(client: FlaskClient) -> None:
    first = get(client, "/widget.js", "br")
    again = get(client, "/widget.js", "br", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
    assert again.headers["Vary"] == "Accept-Encoding"


def test_any_page_may_load_the_widget_and_check_its_integrity(client: FlaskClient) -> None:
    answer = get(client, "/widget.js")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert re.match(r"public, max-age=\d+", answer.headers["Cache-Control"])
    assert "Set-Cookie" not in answer.headers


def test_the_widget_is_one_script_in_a_scope_of_its_own(client: FlaskClient) -> None:
    script = get(client, "/widget.js").text
    assert script.startswith("(()=>{")
    assert script.endswith("})();")
    assert script.count('customElements.define("vox-pop"') == 1


def test_the_widget_is_made_of_its_sources_as_they_are() -> None:
    """`make widget` notes what it made the script of, so that this needs no node."""
    widget = assets.SERVICE / "widget"
    lines = (widget / "dist" / "SHA256SUMS").read_text().splitlines()
    noted = {name: digest for digest, name in (line.split("  ") for line in lines)}
    sources = [file for end in ("js", "mjs", "json", "css") for file in widget.glob(f"*.{end}")]
    made = {
        str(file.relative_to(widget)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in (*sources, *(widget / "dist").glob("*.js"))
    }
    assert noted == made, "the widget's sources have changed: make widget"


@pytest.mark.parametrize("locale", catalogues.LOCALES)
@pytest.mark.parametrize("name", ["loading"])
def test_the_widget_knows_what_is_said_before_a_poll_is_there_in_every_language(
    client: FlaskClient, locale: str, name: str
) -> None:
    assert str(words.of_widget(locale)[name]) in get(client, "/widget.js").text, "make widget"


def test_a_pinned_widget_is_the_present_one_and_kept_for_ever(client: FlaskClient) -> None:
    evergreen = get(client, "/widget.js").data
    tag = assets.pinned_script("https://news.test/voxpop")
    address, digest = re.findall(
        r'src="https://news.test/voxpop(.*?)" integrity="sha384-(.*?)"', tag
    )[0]
    answer = get(client, address)
    assert answer.data == evergreen
    assert b64decode(digest) == hashlib.sha384(evergreen).digest()
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_released_widget_is_still_sent_and_any_other_is_not_looked_for_long(
    client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "2026-11-24.js").write_text("old()")
    monkeypatch.setattr(assets, "RELEASED", tmp_path)
    assets.pinned.cache_clear()
    version = hashlib.sha256(b"old()").hexdigest()[:16]
    assert get(client, f"/widget-{version}.js").data == b"old()"
    gone = get(client, "/widget-0123456789abcdef.js")
    assert (gone.status_code, gone.headers["Cache-Control"]) == (404, "public, max-age=60")
    assert gone.headers["Access-Control-Allow-Origin"] == "*"
    assets.pinned.cache_clear()


def test_a_file_of_a_page_is_kept_for_ever_under_the_address_with_its_version(
    client: FlaskClient, app: Any
) -> None:
    address = app.jinja_env.globals["static"]("icon.svg")
    assert re.fullmatch(r"/static/icon\.svg\?v=[0-9a-f]{16}", address)
    assert get(client, address).headers["Cache-Control"] == assets.VERSIONED_CACHE


@pytest.mark.parametrize("query", ["", "?v=", "?v=0123456789abcdef"])
def test_a_file_under_another_version_is_kept_for_a_minute(client: FlaskClient, query: str) -> None:
    answer = get(client, f"/static/icon.svg{query}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize(
    "name", ["nothing.css", "widget.js", "..%2fconfig.py", "%2e%2e/config.py", "../config.py", ""]
)
def test_nothing_but_the_static_files_is_sent(client: FlaskClient, name: str) -> None:
    assert get(client, f"/static/{name}").status_code == 404


def test_every_static_file_has_a_known_type(client: FlaskClient) -> None:
    for name in assets.catalogue():
        answer = get(client, f"/static/{name}")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].endswith("; charset=utf-8")
