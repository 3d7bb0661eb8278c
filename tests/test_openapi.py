"""What the OpenAPI document allows is answered as it says, and what it forbids is refused."""

import json
from collections.abc import Iterable
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase
from schemathesis.specs.openapi.checks import positive_data_acceptance

from service.app import create_app
from service.config import Settings
from service.domain import owners
from service.records import OPERATOR, Role
from service.stores import Stores
from service.web import openapi
from tests.conftest import NOON
from tests.support.programs import Program, prefix_of, secret_for
from tests.support.service import SECRET_KEY
from tests.support.voters import OWN_ORIGIN, keep_text

Case = schemathesis.Case[Any]
NOBODY = "Nobody has written this."
EXAMPLES = 10


class Door:
    """WSGI: leads to the service of the test that runs, under a key that may do everything."""

    def __init__(self) -> None:
        self.app = create_app(
            Settings(
                database_url="sqlite:///never-opened",
                redis_url="redis://127.0.0.1:1",
                secret_key=SECRET_KEY,
                public_url=OWN_ORIGIN,
            )
        )
        self.secret = ""

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        return self.app(environ, start_response)


# An edit that names no version is answered by the status made for that (RFC 6585).
config = SchemathesisConfig.from_dict(
    {"checks": {"missing_required_header": {"expected-statuses": [422, 428]}}}
)
door = Door()
schema = schemathesis.openapi.from_wsgi("/openapi.json", door, config=config)

often = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of database."""
    return sqlite_url


@pytest.fixture
def things(stores: Stores) -> dict[str, str]:
    """What the paths' placeholders stand for."""
    site_id = stores.sites.ensure("demo", "", "", "", NOON)
    email, password = "a@news.test", "a long password"
    owner = owners.create(stores, OPERATOR, email, password, {site_id: Role.ADMIN}, NOON)
    key = prefix_of(secret_for(stores))
    keep_text(stores, "Antarctica")
    return {
        "slug": "region-interest",
        "site": "demo",
        "place": "latest",
        "signing_key": "sk_0",
        "key": key,
        "owner": str(owner.id),
    }


@pytest.fixture(autouse=True)
def opened(app: Flask, stores: Stores) -> None:
    """A fresh service behind the door."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    door.app, door.secret = app, secret_for(stores)


@schema.parametrize()
@often
def test_an_operation_is_as_documented(case: Case) -> None:
    if not case.path_parameters or not is_listed(case) or is_about_the_path(case):
        check(case)


@schema.include(path_regex=r"\{").parametrize()
@often
def test_an_operation_on_what_there_is_is_as_documented(case: Case, things: dict[str, str]) -> None:
    if is_listed(case) and is_about_the_path(case):
        return
    case.path_parameters = {name: things[name] for name in case.path_parameters}
    if "If-Match" in case.headers:
        case.headers["If-Match"] = "*"
    check(case)


def is_listed(case: Case) -> bool:
    """Whether it is of the list that schemathesis makes of a schema, the same for each test: each
    of these calls is made once, of what there is where it is not the path that is tried."""
    return case.meta is not None and case.meta.phase.name is TestPhase.COVERAGE


def is_about_the_path(case: Case) -> bool:
    """Whether it tries what a placeholder may stand for."""
    tried = getattr(case.meta and case.meta.phase.data, "parameter_location", None)
    return tried is ParameterLocation.PATH


def check(case: Case) -> None:
    """Make the call, and hold its answer to all that schemathesis knows of.

    What the document allows must be accepted; but of bodies, queries and versions more is asked
    than JSON Schema can say: a moment to come, choices that differ, a cursor that was given, a key
    that was not sent before.
    """
    says_more = (
        case.operation.body
        or case.operation.query
        or {"If-Match", "Idempotency-Key"} & set(case.headers)
    )
    case.call_and_validate(
        headers={"Authorization": f"Bearer {door.secret}", "Origin": OWN_ORIGIN},
        excluded_checks=[positive_data_acceptance] if says_more else [],
    )


def test_every_operation_has_a_name_of_its_own_and_says_what_it_does() -> None:
    documented = [
        operation
        for item in schema.raw_schema["paths"].values()
        for method, operation in item.items()
        if method != "parameters"
    ]
    names = [operation["operationId"] for operation in documented]
    assert len(names) == len(set(names))
    for operation in documented:
        assert operation["summary"].endswith(".")
        assert [tag["name"] for tag in schema.raw_schema["tags"]].count(operation["tags"][0]) == 1
        if "security" in operation:
            assert {"401", "403", "422", "429", "503"} <= operation["responses"].keys()
        takes_key = any(p["name"] == "Idempotency-Key" for p in operation.get("parameters", ()))
        says = {status: answer["description"] for status, answer in operation["responses"].items()}
        assert takes_key == ("still_under_way" in says.get("409", ""))
        assert takes_key == ("idempotency_key_reused" in says.get("422", ""))


@pytest.mark.parametrize(
    ("method", "path", "example"),
    [
        (operation.method, operation.path, operation.body.example)
        for operation in openapi.operations(schema.raw_schema)
        if operation.needs_key and operation.body
    ],
)
def test_the_example_of_a_body_is_one_that_is_taken(
    client: FlaskClient, method: str, path: str, example: str, things: dict[str, str]
) -> None:
    program = Program(client, door.secret)
    answer = program.ask(method, path.format(**things), json.loads(example), If_Match="*")
    missing = answer.status_code in (404, 409) or NOBODY in answer.text
    assert missing or answer.status_code in (200, 201), answer.text
