"""A publisher with pages of its own, on another origin than the service."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

from service.app import create_app
from service.config import Settings
from service.domain import polls, sites
from service.records import OPERATOR, Choice, PollDraft, Question, QuestionType
from service.stores import Stores
from service.stores.sql.db import db
from service.web import current
from service.web.words import Texts, of_widget
from tests.support.service import SECRET_KEY, RunningService

SITE = "widget-tests"
NEIGHBOUR = "widget-neighbour"
REGIONS = (
    "Middle East",
    "South Asia",
    "Southeast Asia",
    "East Asia",
    "Central Asia",
    "Caucasus",
    "Eurasia",
    "Asia-Pacific",
)
PAGE = """<!doctype html>
<html lang="{lang}" dir="{direction}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>News</title>
<script async src="{service}/{script}"></script>
<body><main><h1>News</h1>{body}<p id="after">The story goes on.</p></main>
"""


def question(
    text: str = "Which region news you interested in most?",
    choices: Sequence[str] = REGIONS,
    *,
    code: str = "q1",
    **fields: Any,
) -> Question:
    """A question; its choices get the codes c1, c2 and so on."""
    offered = tuple(Choice(f"c{place}", text) for place, text in enumerate(choices, start=1))
    return Question(code=code, text=text, choices=offered, **fields)


def several(
    text: str, choices: Sequence[str], *, least: int = 1, most: int, **fields: Any
) -> Question:
    """A question that takes several choices."""
    multiple = QuestionType.MULTIPLE_CHOICE
    return question(text, choices, type=multiple, min_choices=least, max_choices=most, **fields)


class Newsroom:
    """Makes polls on the running service and puts them on pages under a strict policy.

    The pages allow nothing but the service's script, requests to the service and its frames.
    """

    def __init__(self, service: RunningService) -> None:
        self.service = service
        self.images = ""  # whose pictures the pages may show
        self._numbers = count(1)
        self._bodies: dict[str, str] = {}
        self._headers: dict[str, Mapping[str, str]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        # The same pages under another name, where another publisher's polls take votes.
        self.neighbours_origin = f"http://localhost:{self._server.server_port}"
        self._sites: dict[str, int] = {}
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._app = create_app(
            Settings(
                database_url=service.environment["DATABASE_URL"],
                redis_url=service.environment["REDIS_URL"],
                secret_key=SECRET_KEY,
                public_url=service.url,
            )
        )

    @contextmanager
    def open(self) -> Iterator["Newsroom"]:
        """The newsroom at work."""
        self._thread.start()
        with self._app.app_context():
            self._stores = current.stores()
            now = datetime.now(UTC)
            for slug, origin in ((SITE, self.origin), (NEIGHBOUR, self.neighbours_origin)):
                self._sites[slug] = self._stores.sites.ensure(slug, "News", "en", "UTC", now)
                sites.allow(self._stores, OPERATOR, slug, [origin], now)
            yield self
            db.engine.dispose()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def stores(self) -> Stores:
        """Where the service keeps the polls."""
        return self._stores

    def poll(self, *questions: Question, site: str = SITE, **fields: Any) -> str:
        """The slug of a new poll; it asks for the region unless told otherwise."""
        slug = f"widget-{next(self._numbers)}"
        asked = questions or (question(),)
        draft = PollDraft(slug=slug, title=slug, questions=asked, **fields)
        polls.create(self._stores, self._sites[site], draft, datetime.now(UTC) - timedelta(days=2))
        return slug

    @staticmethod
    def words(locale: str) -> Texts:
        """What the widget says in the language."""
        return of_widget(locale)

    def theme(self, colours: Mapping[str, str]) -> None:
        """Give the site its colours."""
        site = sites.find(self._stores, OPERATOR, SITE)
        draft = replace(sites.draft_of(site), theme=colours)
        sites.edit(self._stores, OPERATOR, site.slug, draft, datetime.now(UTC))

    def page(self, body: str, **options: str) -> str:
        """The address of a new page, in English unless told otherwise."""
        usual = {"lang": "en", "direction": "ltr", "script": "widget.js"}
        html = PAGE.format(service=self.service.url, body=body, **{**usual, **options})
        return self.document(html)

    def document(self, html: str, **headers: str) -> str:
        """The address of a new page, all of it as given."""
        path = f"/story-{next(self._numbers)}"
        self._bodies[path] = html
        self._headers[path] = headers
        return self.origin + path

    def page_with(self, slug: str) -> str:
        """The address of a new page with the poll on it."""
        return self.page(f'<vox-pop poll="{slug}"><a href="/">To the poll</a></vox-pop>')

    def html(self, path: str) -> str | None:
        """What stands at the path."""
        return self._bodies.get(path)

    def headers(self, path: str) -> Mapping[str, str]:
        """What is said of it besides."""
        return {"Content-Security-Policy": self.policy, **self._headers.get(path, {})}

    @property
    def policy(self) -> str:
        """The pages' Content-Security-Policy."""
        service = self.service.url
        images = f"; img-src {self.images}" if self.images else ""
        allowed = f"script-src {service}; connect-src {service}; frame-src {service}"
        return f"default-src 'none'; {allowed}{images}"


def _handler(newsroom: Newsroom) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            html = newsroom.html(path)
            self.send_response(200 if html else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            for name, value in newsroom.headers(path).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write((html or "").encode())

        def log_message(self, *_: object) -> None:
            pass

    return Handler
