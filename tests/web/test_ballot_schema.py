"""A plain ballot that is taken at a glance is what marshmallow would have made of it."""

import string
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError

from service.web.public import ballot_schema
from service.web.schemas.ballots import _plain_ballot
from tests.support.voters import ballot

texts = st.text(max_size=40) | st.text(string.ascii_letters + "\n_-", min_size=15, max_size=129)
codes = st.text("cq1", max_size=33)
anything = st.none() | st.booleans() | st.integers() | texts
documents = st.fixed_dictionaries(
    {
        "ballot_id": st.uuids().map(str) | st.uuids().map(lambda one: one.hex) | anything,
        "voter": st.text(string.ascii_letters, min_size=16, max_size=128) | anything,
        "answers": st.dictionaries(codes, st.lists(codes | anything, max_size=3) | anything)
        | anything,
        "page": st.none() | anything,
    },
    optional={"other_texts": st.dictionaries(codes, texts) | anything, "more": anything},
)


def read(load: Any, document: Any) -> Any:
    """What loading it gives, or what is said to be wrong."""
    try:
        return load(document)
    except ValidationError as error:
        return error.messages


@settings(max_examples=400, deadline=None)
@given(documents)
def test_at_a_glance_or_by_marshmallow_a_ballot_is_read_alike(document: dict[str, Any]) -> None:
    by_marshmallow = read(lambda one: Schema.load(ballot_schema, one), document)
    assert read(ballot_schema.load, document) == by_marshmallow


def test_what_the_widget_sends_is_taken_at_a_glance() -> None:
    document = ballot()
    assert _plain_ballot(document) == Schema.load(ballot_schema, document)
    assert _plain_ballot({**document, "other_texts": {}}) is None


def test_more_than_marshmallow_allows_is_not_taken_at_a_glance() -> None:
    too_much: list[dict[str, list[str]]] = [{f"q{n}": [] for n in range(101)}, {"q1": ["c1"] * 101}]
    for answers in too_much:
        document = {**ballot(), "answers": answers}
        assert _plain_ballot(document) is None
        assert read(ballot_schema.load, document).keys() == {"answers"}
