"""What docs/api.md says of a poll's definition is so, and the calls that it prints work."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from marshmallow import Schema, validate
from marshmallow.fields import Enum, Field

from service.domain import owners, revisions
from service.errors import PollHasBallots
from service.records import (
    Cast,
    Choice,
    ChoiceOrder,
    DuplicatePolicy,
    PollDraft,
    Question,
    QuestionType,
    ResultsOrder,
    ResultsVisibility,
    WhenClosed,
)
from service.stores import Stores
from service.web.manage.schemas.polls import DefinitionSchema
from service.web.manage.schemas.questions import ChoiceDraftSchema, QuestionDraftSchema
from tests.conftest import NOON
from tests.support import documents
from tests.support.documents import is_like, rows
from tests.support.programs import secret_for
from tests.support.service import ROOT
from tests.support.voters import OWN_ORIGIN, keep_text

API = (ROOT / "docs" / "api.md").read_text()
# What a call has to name as it is where the call is made.
MINE = {"Origin": OWN_ORIGIN, "If-Match": "*"}
SHELL = {"VOXPOP": OWN_ORIGIN, "JSON": "Content-Type: application/json", "ETAG": "*"}


@pytest.mark.parametrize(
    ("noun", "schema"),
    [
        ("poll", DefinitionSchema()),
        ("question", QuestionDraftSchema()),
        ("choice", ChoiceDraftSchema()),
    ],
)
def test_the_fields_of_a_poll_are_documented_with_their_values_and_defaults(
    noun: str, schema: Schema
) -> None:
    section = API.split(f"#### Fields of a {noun}\n")[1].split("\n### ")[0].split("\n#### ")[0]
    table = {row[0]: row for row in rows(section)[2:]}
    assert {name: row[2] for name, row in table.items()} == {
        name: default(field) for name, field in schema.fields.items()
    }
    for name, field in schema.fields.items():
        values = table[name][1]
        if allowed := choices(field):
            assert set(re.findall(r"(?:^|<br>)`?(\w+)", values)) == allowed
        assert bounds(field) <= set(re.findall(r"\w+", values)), name


def default(field: "Field[Any]") -> str:
    """What the field is where it is left out."""
    value = field.load_default
    return "required" if field.required else json.dumps(getattr(value, "value", value))


def choices(field: "Field[Any]") -> set[str]:
    """The values that the field may have, where they are listed."""
    if isinstance(field, Enum):
        return {str(one.value) for one in field.enum}
    listed = [each.choices for each in field.validators if isinstance(each, validate.OneOf)]
    return {str(one) for values in listed for one in values}


def bounds(field: "Field[Any]") -> set[str]:
    """The least and the most that the field may be, and null where it may be that."""
    kinds = (validate.Length, validate.Range)
    measured = [each for each in field.validators if isinstance(each, kinds)]
    ends = {str(end) for each in measured for end in (each.min, each.max) if end is not None}
    return ends | ({"null"} if field.allow_none else set())


def test_what_is_documented_as_fixed_is_what_ballots_lock() -> None:
    tea, coffee = Choice("c1", "Tea"), Choice("c2", "Coffee")
    question = Question("q1", "Tea or coffee?", (tea, coffee))
    poll = PollDraft(slug="tea", title="Tea", questions=(question,))
    other = PollDraft(
        slug="tea",
        kind="survey",
        title="Coffee",
        results_visibility=ResultsVisibility.OWNERS,
        duplicate_policy=DuplicatePolicy.DEVICE_AND_NETWORK,
        network_limit=9,
        choice_order=ChoiceOrder.SHUFFLED,
        results_order=ResultsOrder.BY_VOTES,
        percent_only=True,
        thank_you="Thanks.",
        when_closed=WhenClosed.NOTHING,
        questions=(
            Question(
                "q1",
                "Tea or coffee?",
                (replace(tea, is_other=True, retired=True), coffee, Choice("", "Milk")),
                QuestionType.MULTIPLE_CHOICE,
                "Or milk.",
                required=False,
                min_choices=2,
                max_choices=3,
            ),
        ),
    )
    cast = Cast(
        has_ballots=True,
        ballots=1,
        first_vote_at=NOON,
        last_vote_at=NOON,
        marked=frozenset({("q1", ""), ("q1", "c1")}),
        last_codes={"": 1, "q1": 2},
    )
    with pytest.raises(PollHasBallots) as refused:
        revisions.revised(poll, other, cast)
    locked = {error.pointer.rpartition("/")[2] for error in refused.value.errors}
    documented = {row[0] for row in rows(API) if row[4:] and row[4].startswith("fixed")}
    assert documented - {"slug", "id"} == locked


def test_every_documented_call_is_answered_as_documented(
    client: FlaskClient, stores: Stores
) -> None:
    keep_text(stores, "Antarctica")
    usual = {"Authorization": f"Bearer {secret_for(stores)}"}
    calls = list(documents.http(API))
    assert len(calls) == API.count("```http\n"), "each is followed by its answer"
    for call in calls:
        path = call.path
        if path == "/v1/owners/7":
            path = f"/v1/owners/{owners.find_by_email(stores, 'editor@news.example.org').id}"
        sent = {**usual, **call.headers}
        sent |= {name: mine for name, mine in MINE.items() if name in sent}
        answer = client.open(path, method=call.method, headers=sent, data=call.body)
        assert answer.status_code == call.status, (call, answer.text)
        if call.answer:
            assert is_like(answer.json, json.loads(call.answer)), call


def test_every_documented_line_for_a_shell_works(client: FlaskClient, stores: Stores) -> None:
    secret, read = secret_for(stores), ""
    for call in documents.curls(API, **SHELL, AUTH=f"Authorization: Bearer {secret}"):
        body = read.replace("Cofee", "Coffee") if call.body == "@edited.json" else call.body
        path = call.path.removeprefix(OWN_ORIGIN)
        answer = client.open(
            path, method=call.method, headers=call.headers, data=body, buffered=True
        )
        assert answer.status_code in (200, 201), (call, answer.text)
        read = answer.text


def test_a_body_of_every_route_that_takes_one_is_documented(app: Flask) -> None:
    paths = app.url_map.bind("")
    spec = app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    documented = {
        paths.match(call.path.removeprefix(OWN_ORIGIN), call.method)[0]
        for call in (
            *documents.http(API),
            *documents.curls(API, **SHELL, AUTH="Authorization: Bearer"),
        )
        if call.body
    }
    taking = {
        operation["operationId"]
        for item in spec["paths"].values()
        for operation in item.values()
        if "requestBody" in operation
    }
    assert taking <= {endpoint.split(".")[-1] for endpoint in documented}
