"""Who may open which of the owners' pages: every route, every role, every cell asserted.

A new route under /admin fails here until it has a row in ROUTES: what nobody, a viewer, an editor
and an admin of the site, and an admin of another site are answered, asked in the order nobody,
stranger, viewer, editor, admin so that what takes something away comes last. VALUES fills the
address's variables, FORMS the form of a row (an empty one otherwise: where a form is needed, 422
says that the role would do). SETUP makes what a row needs to be there first.
"""

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from service.records import (
    ApiKey,
    AuditEvent,
    Owner,
    Permission,
    Role,
    SigningAlgorithm,
    SigningKey,
)
from service.stores import Stores
from tests.conftest import NOON
from tests.web.admin.conftest import Browser

WHO = ("nobody", "viewer", "editor", "admin", "stranger")
ORDER = ("nobody", "stranger", "viewer", "editor", "admin")
ALL_SIGNED_IN = (303, 200, 200, 200, 200)
OPEN_TO_READERS = (303, 200, 200, 200, 404)
FOR_EDITORS = (303, 403, 200, 200, 404)
EDITORS_FORM = (303, 403, 422, 422, 404)
EDITORS_ACT = (303, 403, 303, 303, 404)
NO_LANGUAGE = (303, 403, 404, 404, 404)
FOR_ADMINS = (303, 403, 403, 200, 404)
ADMINS_FORM = (303, 403, 403, 422, 404)
ROUTES: dict[str, tuple[int, int, int, int, int]] = {
    # route: nobody, viewer, editor, admin, admin of another site
    "GET /admin": (303, 303, 303, 303, 303),
    "GET /admin/sign-in": (200, 303, 303, 303, 303),
    "POST /admin/sign-in": (401, 401, 401, 401, 401),
    "POST /admin/sign-out": (303, 303, 303, 303, 303),
    "GET /admin/account": ALL_SIGNED_IN,
    "POST /admin/account/password": (303, 422, 422, 422, 422),
    "POST /admin/account/sign-out-everywhere": (303, 303, 303, 303, 303),
    "GET /admin/sites": ALL_SIGNED_IN,
    "GET /admin/sites/<site>/": OPEN_TO_READERS,
    "GET /admin/sites/<site>/polls/new": FOR_EDITORS,
    "POST /admin/sites/<site>/polls/new": EDITORS_FORM,
    "POST /admin/sites/<site>/poll-preview": FOR_EDITORS,
    "GET /admin/sites/<site>/polls/<slug>": FOR_EDITORS,
    "POST /admin/sites/<site>/polls/<slug>": EDITORS_FORM,
    "POST /admin/sites/<site>/polls/<slug>/status": EDITORS_ACT,
    "POST /admin/sites/<site>/polls/<slug>/duplicate": EDITORS_ACT,
    "GET /admin/sites/<site>/polls/<slug>/delete": FOR_EDITORS,
    "POST /admin/sites/<site>/polls/<slug>/delete": EDITORS_FORM,
    "GET /admin/sites/<site>/polls/<slug>/languages": FOR_EDITORS,
    "POST /admin/sites/<site>/polls/<slug>/languages": NO_LANGUAGE,
    "POST /admin/sites/<site>/polls/<slug>/languages-preview": NO_LANGUAGE,
    "GET /admin/sites/<site>/polls/<slug>/embed": OPEN_TO_READERS,
    "GET /admin/sites/<site>/polls/<slug>/qr.svg": OPEN_TO_READERS,
    "POST /admin/sites/<site>/polls/<slug>/current": EDITORS_ACT,
    "GET /admin/sites/new": (303, 403, 403, 200, 200),
    "POST /admin/sites": (303, 403, 403, 422, 422),
    "GET /admin/sites/<site>/settings": FOR_ADMINS,
    "POST /admin/sites/<site>/settings": (303, 403, 403, 412, 404),
    "GET /admin/sites/<site>/owners": FOR_ADMINS,
    "POST /admin/sites/<site>/owners": ADMINS_FORM,
    "POST /admin/sites/<site>/owners/<int:owner_id>/role": ADMINS_FORM,
    "GET /admin/sites/<site>/owners/<int:owner_id>/remove": FOR_ADMINS,
    "POST /admin/sites/<site>/owners/<int:owner_id>/remove": (303, 403, 403, 303, 404),
    "GET /admin/sites/<site>/keys": FOR_ADMINS,
    "POST /admin/sites/<site>/keys": ADMINS_FORM,
    "GET /admin/sites/<site>/keys/<prefix>/revoke": FOR_ADMINS,
    "POST /admin/sites/<site>/keys/<prefix>/revoke": (303, 403, 403, 303, 404),
    "GET /admin/sites/<site>/signing-keys": FOR_ADMINS,
    "POST /admin/sites/<site>/signing-keys": (303, 403, 403, 201, 404),
    "GET /admin/sites/<site>/signing-keys/<key>/remove": FOR_ADMINS,
    "POST /admin/sites/<site>/signing-keys/<key>/remove": (303, 403, 403, 303, 404),
    "GET /admin/sites/<site>/audit": FOR_ADMINS,
    "GET /admin/sites/<site>/polls/<slug>/results": OPEN_TO_READERS,
    "GET /admin/sites/<site>/polls/<slug>/results/figures": OPEN_TO_READERS,
    "GET /admin/sites/<site>/polls/<slug>/results/breakdown": OPEN_TO_READERS,
    "GET /admin/sites/<site>/polls/<slug>/results/over-time": OPEN_TO_READERS,
    "GET /admin/sites/<site>/polls/<slug>/ballots": OPEN_TO_READERS,
    "POST /admin/sites/<site>/polls/<slug>/ballots/void": (303, 403, 303, 303, 404),
    "POST /admin/sites/<site>/polls/<slug>/ballots/restore": (303, 403, 303, 303, 404),
    "GET /admin/sites/<site>/polls/<slug>/texts": OPEN_TO_READERS,
    "GET /admin/sites/<site>/polls/<slug>/exports/results": OPEN_TO_READERS,
    "GET /admin/sites/<site>/polls/<slug>/exports/ballots": OPEN_TO_READERS,
    "POST /admin/sites/<site>/polls/<slug>/texts": (303, 403, 422, 422, 404),
}
VALUES = {
    "site": "demo",
    "slug": "region-interest",
    "prefix": "vp_00000000",
    "key": "sk_0000000000000000",
    "int:owner_id": "1",  # the first: a viewer
}
FORMS: dict[str, dict[str, str]] = {}


def make_key(stores: Stores) -> None:
    """A key whose prefix is known."""
    site = stores.sites.find("demo")
    scopes = frozenset({Permission.POLLS_READ})
    key = ApiKey(
        site_id=site.id, name="feed", prefix=VALUES["prefix"], scopes=scopes, created_at=NOON
    )
    made = AuditEvent(site_id=site.id, actor="x", action="key.create", subject="key", at=NOON)
    stores.keys.add(key, b"digest", made)


def make_signing_key(stores: Stores) -> None:
    """A signing key whose id is known."""
    key = SigningKey(
        id=VALUES["key"],
        site_id=stores.sites.find("demo").id,
        algorithm=SigningAlgorithm.HS256,
        public_key=None,
        created_at=NOON,
    )
    made = AuditEvent(site_id=key.site_id, actor="x", action="made", subject="key", at=NOON)
    stores.signing_keys.add(key, 2, made)


SETUP: dict[str, Callable[[Stores], object]] = {
    "GET /admin/sites/<site>/keys/<prefix>/revoke": make_key,
    "POST /admin/sites/<site>/keys/<prefix>/revoke": make_key,
    "GET /admin/sites/<site>/signing-keys/<key>/remove": make_signing_key,
    "POST /admin/sites/<site>/signing-keys/<key>/remove": make_signing_key,
}


def routes(app: Flask) -> set[str]:
    """Method and rule of every route of the owners' pages."""
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint.startswith("admin.")
    }


@pytest.fixture
def browsers(app: Flask, stores: Stores, make_owner: Callable[..., Owner]) -> dict[str, Browser]:
    """The five who ask."""
    elsewhere = stores.sites.ensure("elsewhere", "Elsewhere", "en", "UTC", NOON)
    owners = {role.value: make_owner(role) for role in reversed(Role)}
    owners["stranger"] = make_owner(email="stranger@news.test", site=elsewhere)
    browsers = {who: Browser(app).become(owner) for who, owner in owners.items()}
    return {"nobody": Browser(app), **browsers}


def test_every_route_has_its_row(app: Flask) -> None:
    assert routes(app) == set(ROUTES)


@pytest.mark.parametrize("route", ROUTES)
def test_each_is_answered_as_the_table_says(
    stores: Stores, browsers: dict[str, Browser], route: str
) -> None:
    if route in SETUP:
        SETUP[route](stores)
    method, path = route.split()
    for name, value in VALUES.items():
        path = path.replace(f"<{name}>", value)
    answered = {}
    for who in ORDER:
        answer = ask(browsers[who], method, path, FORMS.get(route, {}))
        answered[who] = answer.status_code
        if who == "nobody" and not route.endswith("/sign-in"):
            assert answer.location.startswith("/admin/sign-in")
    assert answered == dict(zip(WHO, ROUTES[route], strict=True))


def ask(browser: Browser, method: str, path: str, form: dict[str, str]) -> TestResponse:
    """The answer to the browser."""
    if method == "GET":
        return browser.get(path)
    return browser.post(path, form, method=method)
