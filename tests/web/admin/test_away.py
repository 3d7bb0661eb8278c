"""The owners' pages while the database is away, and where it goes away under them."""

from collections.abc import Iterator

import pytest
from flask import Flask

from service.app import create_app
from service.config import Settings
from service.errors import TemporarilyUnavailable
from service.stores.sql.db import db
from service.stores.sql.sites import SiteStore
from tests.web.admin.conftest import DEMO, Browser

NOWHERE = "postgresql+psycopg://voxpop@127.0.0.1:1/voxpop"


@pytest.fixture
def lost(settings: Settings) -> Iterator[Flask]:
    """The service with no database where it should be."""
    fields = {name: getattr(settings, name) for name in settings.__slots__}
    app = create_app(Settings(**{**fields, "database_url": NOWHERE}))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("path", ["/admin", "/admin/account", f"{DEMO}/", f"{DEMO}/owners"])
def test_without_the_database_a_page_says_so(lost: Flask, path: str) -> None:
    browser = Browser(lost)
    with browser.session() as session:
        session["_user_id"] = "0123456789abcdef0123456789abcdef.1"
    answer = browser.get(path)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "Please try again in a moment" in answer.text


def test_a_database_that_goes_away_while_a_page_is_made_is_503(
    admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise TemporarilyUnavailable(1)

    monkeypatch.setattr(SiteStore, "list_all", away)
    answers = {path: admin.get(path) for path in ("/admin/account", "/admin/sites", f"{DEMO}/")}
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(
        answers, 503
    )
    assert all("admin@news.test" in answer.text for answer in answers.values())


def test_an_error_page_asks_for_nothing_that_is_in_the_database(
    admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(SiteStore, "list_all")
    answer = admin.get("/admin/sites/nothing/settings")
    assert answer.status_code == 404
    assert "admin@news.test" in answer.text
