"""Who may do what over the API: every route under every kind of key, each cell asserted.

The calls have no If-Match: an edit that is let in is answered that it lacks one.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.domain import keys, owners
from service.records import OPERATOR, Permission, Role
from service.stores import Stores
from tests.conftest import NOON, FakeClock
from tests.support.programs import Program, prefix_of, secret_for

pytestmark = pytest.mark.both_databases


class Row(NamedTuple):
    """What a route needs and answers: to whoever is let in, and to a key of another site; and to
    whoever has the scope alone, where that is not enough."""

    scope: str
    let_in: str
    foreign: str
    body: Any = None
    alone: str | None = None


NO_POLL, NO_SITE = "404 poll_not_found", "404 site_not_found"
NO_KEY, NO_OWNER, NO_VERSION = "404 key_not_found", "404 owner_not_found", "428 version_missing"
NO_SIGNING_KEY = "404 signing_key_not_found"
POLL_BODY = {"questions": [{"text": "Tea?", "choices": [{"text": "Yes"}, {"text": "No"}]}]}
CHOICE_BODY = {"poll": "region-interest"}
SITE_BODY = {"slug": "demo", "name": "Demo"}
OWNER_BODY = {"email": "b@news.test", "role": "viewer"}
KEY_BODY = {"name": "feed", "scopes": ["keys:write"]}
BALLOT_BODY = {"ballots": ["0b8f6a1e-9f0c-4d6e-8a51-6a7d1d0b9c11"]}
VOID_BODY = {**BALLOT_BODY, "reason": "A script"}
TEXT_BODY = {"question": "q1", "texts": ["Antarctica"]}
NO_BALLOT, NO_TEXT = "404 ballot_not_found", "422 validation_error"
DENIED = "403 not_allowed"
ROWS = {
    "GET /v1/polls": Row("polls:read", "200", "200"),
    "POST /v1/polls": Row("polls:write", "201", "201", POLL_BODY),
    "GET /v1/polls/{slug}/definition": Row("polls:read", "200", NO_POLL),
    "PUT /v1/polls/{slug}/definition": Row("polls:write", NO_VERSION, NO_POLL, POLL_BODY),
    "DELETE /v1/polls/{slug}/definition": Row("polls:write", NO_VERSION, NO_POLL),
    "POST /v1/polls/{slug}/status": Row("polls:write", "200", NO_POLL, {"status": "closed"}),
    "POST /v1/polls/{slug}/duplicate": Row("polls:write", "201", NO_POLL),
    "GET /v1/polls/{slug}/results/full": Row("results:read", "200", NO_POLL),
    "GET /v1/polls/{slug}/results/over-time": Row("results:read", "200", NO_POLL),
    "GET /v1/polls/{slug}/results/by-page": Row("results:read", "200", NO_POLL),
    "GET /v1/polls/{slug}/results/by-country": Row("results:read", "200", NO_POLL),
    "GET /v1/polls/{slug}/results/apart": Row("results:read", "200", NO_POLL),
    "GET /v1/polls/{slug}/exports/results": Row("results:read", "200", NO_POLL),
    "GET /v1/polls/{slug}/exports/ballots": Row("ballots:read", "200", NO_POLL),
    "GET /v1/polls/{slug}/ballots": Row("ballots:read", "200", NO_POLL),
    "POST /v1/polls/{slug}/ballots/void": Row("ballots:void", NO_BALLOT, NO_POLL, VOID_BODY),
    "POST /v1/polls/{slug}/ballots/restore": Row("ballots:void", NO_BALLOT, NO_POLL, BALLOT_BODY),
    "GET /v1/polls/{slug}/other-texts": Row("ballots:read", "200", NO_POLL),
    "POST /v1/polls/{slug}/other-texts/show": Row("polls:write", NO_TEXT, NO_POLL, TEXT_BODY),
    "POST /v1/polls/{slug}/other-texts/hide": Row("polls:write", NO_TEXT, NO_POLL, TEXT_BODY),
    "GET /v1/sites": Row("sites:read", "200", "200"),
    "GET /v1/sites/{site}": Row("sites:read", "200", NO_SITE),
    "PUT /v1/sites/{site}": Row("sites:write", NO_VERSION, NO_SITE, SITE_BODY),
    "GET /v1/sites/{site}/current-poll": Row("polls:read", "200", NO_SITE),
    "PUT /v1/sites/{site}/current-poll": Row("polls:write", NO_VERSION, NO_SITE, CHOICE_BODY),
    "GET /v1/signing-keys": Row("sites:read", "200", "200"),
    "POST /v1/signing-keys": Row("sites:write", "201", "201", {}),
    "GET /v1/signing-keys/{signing_key}": Row("sites:read", NO_SIGNING_KEY, NO_SIGNING_KEY),
    "DELETE /v1/signing-keys/{signing_key}": Row("sites:write", NO_SIGNING_KEY, NO_SIGNING_KEY),
    "GET /v1/owners": Row("owners:write", "200", "200"),
    "POST /v1/owners": Row("owners:write", "201", "201", OWNER_BODY, alone=DENIED),
    "GET /v1/owners/{owner}": Row("owners:write", "200", NO_OWNER),
    "PUT /v1/owners/{owner}": Row("owners:write", NO_VERSION, NO_OWNER, {"role": "viewer"}),
    "DELETE /v1/owners/{owner}": Row("owners:write", NO_VERSION, NO_OWNER),
    "GET /v1/keys": Row("keys:write", "200", "200"),
    "POST /v1/keys": Row("keys:write", "201", "201", KEY_BODY),
    "GET /v1/keys/{key}": Row("keys:write", "200", NO_KEY),
    "DELETE /v1/keys/{key}": Row("keys:write", "204", NO_KEY),
    "GET /v1/audit": Row("audit:read", "200", "200"),
}
# What readers call asks for no key, and looks at none.
PUBLIC = {
    "GET /v1/polls/{slug}": "200",
    "GET /v1/polls/{slug}/results": "200",
    "GET /v1/sites/{site}/polls/{place}": "200",
    "POST /v1/polls/{slug}/ballots": "403 origin_not_allowed",
}


def routes(app: Flask) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/v1/"):
            path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                yield f"{method} {path}"


@pytest.fixture
def programs(client: FlaskClient, stores: Stores, clock: FakeClock) -> dict[str, Program]:
    """A program for each column, by its name; the expired key has just ended."""
    secrets: dict[str, str | None] = {
        "no key": None,
        "no such key": "vp_00000000_" + "a" * 43,
        "an expired key": secret_for(stores, expires_at=NOON + timedelta(hours=1)),
        "a revoked key": (revoked := secret_for(stores)),
        "another site's key": secret_for(stores, "other"),
        "all scopes": secret_for(stores),
        **{scope: secret_for(stores, scopes={scope}) for scope in Permission},
    }
    keys.revoke(stores, OPERATOR, prefix_of(revoked), NOON)
    clock.moment += timedelta(hours=1)
    return {name: Program(client, secret) for name, secret in secrets.items()}


@pytest.fixture
def things(stores: Stores) -> dict[str, str]:
    """What the paths' placeholders stand for."""
    site_id = stores.sites.ensure("demo", "", "", "", NOON)
    owner = owners.create(
        stores, OPERATOR, "a@news.test", "a long password", {site_id: Role.ADMIN}, NOON
    )
    key = prefix_of(secret_for(stores))
    return {
        "slug": "region-interest",
        "site": "demo",
        "place": "latest",
        "signing_key": "sk_0",
        "key": key,
        "owner": str(owner.id),
    }


def called(program: Program, route: str, things: dict[str, str], body: Any = None) -> str:
    """The answer's status, and its code where it is an error."""
    method, path = route.split()
    answer = program.ask(method, path.format(**things), body)
    code = answer.json["code"] if answer.status_code >= 400 else ""
    return f"{answer.status_code} {code}".strip()


def expected(row: Row) -> dict[str, str]:
    nobody = ("no key", "no such key", "an expired key", "a revoked key")
    return {
        **dict.fromkeys(nobody, "401 not_signed_in"),
        "another site's key": row.foreign,
        "all scopes": row.let_in,
        **dict.fromkeys(Permission, DENIED),
        row.scope: row.alone or row.let_in,
    }


@pytest.mark.parametrize("route", ROWS)
def test_a_route_lets_in_who_has_its_scope_and_nobody_else(
    programs: dict[str, Program], things: dict[str, str], route: str
) -> None:
    row = ROWS[route]
    found = {name: called(program, route, things, row.body) for name, program in programs.items()}
    assert found == expected(row)


@pytest.mark.parametrize("route", PUBLIC)
def test_what_readers_call_looks_at_no_key(
    programs: dict[str, Program], things: dict[str, str], route: str
) -> None:
    found = {called(program, route, things) for program in programs.values()}
    assert found == {PUBLIC[route]}


def test_every_route_has_its_row(app: Flask) -> None:
    assert sorted(routes(app)) == sorted([*ROWS, *PUBLIC])
