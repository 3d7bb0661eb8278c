"""Owners at their pages, without the pages' look."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.sessions import SessionMixin
from werkzeug.test import TestResponse

from service.domain import passwords, sessions
from service.records import OPERATOR, Owner, Role
from service.stores import Stores
from service.web import current
from tests.conftest import NOON
from tests.support.voters import OWN_ORIGIN

PASSWORD = "correct horse battery"
KEPT = passwords.digest(PASSWORD)
DEMO = "/admin/sites/demo"
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


class Browser:
    """Somebody's browser: keeps the cookie, sends forms with their token from our own origin."""

    def __init__(self, app: Flask, origin: str = OWN_ORIGIN) -> None:
        self.app = app
        self.origin = origin
        self.client = app.test_client()

    def open(self, path: str, **request: Any) -> TestResponse:
        """The answer; each request has a context of its own, as it has in production."""
        headers = {"Accept": "text/html", **request.pop("headers", {})}
        with self.app.app_context():
            return self.client.open(
                path, base_url=self.origin, headers=headers, buffered=True, **request
            )

    def get(self, path: str, **request: Any) -> TestResponse:
        return self.open(path, **request)

    def post(self, path: str, data: dict[str, Any] | None = None, **request: Any) -> TestResponse:
        """Send the form as its page would."""
        headers = {"Origin": self.origin, **request.pop("headers", {})}
        form = {"csrf_token": self.token(), **(data or {})}
        request.setdefault("method", "POST")
        return self.open(path, data=form, headers=headers, **request)

    def token(self) -> str:
        """The form token of the session."""
        page = self.get("/admin/sign-in", follow_redirects=True).text
        found = TOKEN.search(page)
        assert found, page
        return found[1]

    def sign_in(self, email: str, password: str = PASSWORD, **form: str) -> TestResponse:
        """Sign in as a person does."""
        return self.post("/admin/sign-in", {"email": email, "password": password, **form})

    def become(self, owner: Owner) -> "Browser":
        """Have a session of the owner's without the password, which costs time."""
        with self.app.app_context():
            name = sessions.begin(current.stores(), owner, current.now())
        with self.session() as session:
            session["_user_id"] = name
            session.permanent = True
        return self

    @contextmanager
    def session(self) -> Iterator[SessionMixin]:
        """What the cookie holds."""
        with (
            self.app.app_context(),
            self.client.session_transaction("/admin", base_url=self.origin) as session,
        ):
            yield session


SignedIn = Callable[[Role], Browser]


@pytest.fixture
def site_id(stores: Stores) -> int:
    return stores.sites.find("demo").id


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Nobody's browser."""
    return Browser(app)


@pytest.fixture
def make_owner(stores: Stores, site_id: int) -> Callable[..., Owner]:
    """Makes owners; of the demo site unless another is given."""

    def make(role: Role = Role.ADMIN, email: str = "", site: int = site_id) -> Owner:
        address = email or f"{role}@news.test"
        return stores.owners.create(OPERATOR, address, KEPT, {site: role}, NOON)

    return make


@pytest.fixture
def signed_in(app: Flask, make_owner: Callable[..., Owner]) -> SignedIn:
    """The browser of a new owner who is this on the demo site."""
    return lambda role: Browser(app).become(make_owner(role))


@pytest.fixture
def admin(signed_in: SignedIn) -> Browser:
    return signed_in(Role.ADMIN)


@pytest.fixture
def editor(signed_in: SignedIn) -> Browser:
    return signed_in(Role.EDITOR)


@pytest.fixture
def viewer(signed_in: SignedIn) -> Browser:
    return signed_in(Role.VIEWER)


@pytest.fixture
def stranger(app: Flask, stores: Stores, make_owner: Callable[..., Owner]) -> Browser:
    """The browser of the admin of another site."""
    site = stores.sites.ensure("other", "Other", "en", "UTC", NOON)
    return Browser(app).become(make_owner(email="stranger@news.test", site=site))
