"""What can be set, run or answered is documented."""

import json
import re
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields

import click
import pytest
from flask import Flask
from flask.testing import FlaskClient

from service import cli, up
from service.config import Settings
from service.errors import VoxpopError
from service.web.errors import STATUSES
from tests.support.documents import rows
from tests.support.service import ROOT

RUNNING = (ROOT / "docs" / "running.md").read_text()
API = (ROOT / "docs" / "api.md").read_text()


def names(command: click.Command) -> Iterator[str]:
    """The command's words, or those of each command of a group."""
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from (f"{command.name} {name}" for name in names(inner))
    else:
        yield command.name or ""


COMMANDS = sorted(
    name for command in (*cli.COMMANDS, up.app.cli.commands["up"]) for name in names(command)
)
GROUPS = {name.split()[0] for name in COMMANDS if " " in name}


def codes(error: type[VoxpopError] = VoxpopError) -> Iterator[str]:
    if "code" in vars(error):
        yield error.code
    for kind in error.__subclasses__():
        yield from codes(kind)


@pytest.mark.parametrize("field", fields(Settings), ids=lambda field: field.name)
def test_a_setting_is_documented_with_its_default(field: "Field[object]") -> None:
    documented = {row[0]: row[1] for row in rows(RUNNING)}
    default = "required" if field.default is MISSING else str(field.default)
    assert documented.get(field.name.upper()) == default


def test_the_folder_of_up_is_documented_with_its_default() -> None:
    assert ["VOXPOP_VAR", "var"] in [row[:2] for row in rows(RUNNING)]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_documented(command: str) -> None:
    assert f"flask --app wsgi {command}" in [row[0] for row in rows(RUNNING)]


def test_no_command_is_documented_that_does_not_exist() -> None:
    words = re.findall(r"flask --app wsgi ([\w-]+)(?: (\w+))?", RUNNING)
    documented = {f"{first} {second}" if first in GROUPS else first for first, second in words}
    assert documented == set(COMMANDS)


@pytest.mark.parametrize("code", sorted(codes()))
def test_an_error_code_is_documented(code: str) -> None:
    assert code in [row[1] for row in rows(API)]


def test_a_documented_status_is_the_one_that_is_answered() -> None:
    documented = {row[1]: row[0] for row in rows(API)}
    for error, status in STATUSES.items():
        assert documented[error.code] == str(status.value)


def routes(app: Flask) -> Iterator[tuple[str, str]]:
    """Method and path of every route of the API, and the scope that it needs, if any."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/v1/"):
            scope = getattr(app.view_functions[rule.endpoint], "scope", "")
            path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                yield f"{method} {path}", scope


def test_every_route_of_readers_is_documented(app: Flask) -> None:
    named = {"slug": "region-interest", "site": "demo", "place": "current"}
    existing = {route.format(**named) for route, scope in routes(app) if not scope}
    readers = API.split("## For programs\n")[0]
    assert existing == set(re.findall(r"^ *((?:GET|POST) /v1/\S+)$", readers, re.MULTILINE))


def test_every_route_of_programs_is_documented_with_its_scope(app: Flask) -> None:
    documented = {(row[0], row[1].strip("`")) for row in rows(API) if " /v1/" in row[0]}
    assert documented == {(route, scope) for route, scope in routes(app) if scope}


@pytest.mark.parametrize("path", ["", "/results"])
def test_the_documented_answers_have_the_fields_and_headers_of_the_real_ones(
    client: FlaskClient, path: str
) -> None:
    route = f"/v1/polls/region-interest{path}"
    text = API.split(f"    GET {route}\n")[1].split("```json\n")[1].split("```")[0]
    documented, answer = json.loads(text), client.get(route)
    assert answer.json is not None
    assert shape(documented) == shape(answer.json)
    assert answer.headers["Cache-Control"] in [row[1] for row in rows(API)]


def shape(document: object) -> object:
    """The document's fields; of a list its first item's."""
    if isinstance(document, dict):
        return {name: shape(value) for name, value in document.items()}
    return [shape(one) for one in document[:1]] if isinstance(document, list) else None
