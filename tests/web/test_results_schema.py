"""Results are written by hand just as marshmallow would write them by their schema."""

from dataclasses import replace

import marshmallow as ma
import orjson
import pytest

from service.domain.results import ChoiceResult, OtherTextResult, QuestionResult, Results
from service.records import Status
from service.web.schemas.results import ResultsSchema
from tests.conftest import NOON

QUESTION = QuestionResult(
    "q1",
    "Which?",
    "ballots",
    3,
    3,
    (ChoiceResult("c1", "One", 2, 66.7), ChoiceResult("c2", "Two", 1, 33.3, retired=True)),
    (OtherTextResult("Arctic", 1), OtherTextResult("Sea", None)),
)
RESULTS = Results("crops", Status.OPEN, 3, 7, NOON, (QUESTION,))
WITHOUT_COUNTS = replace(
    QUESTION, answered=None, votes=None, choices=(ChoiceResult("c1", "One", None, 0),)
)


@pytest.mark.parametrize(
    "results",
    [
        RESULTS,
        replace(RESULTS, status=Status.ARCHIVED, questions=(QUESTION, WITHOUT_COUNTS)),
        replace(RESULTS, ballots=None, as_of=NOON.replace(microsecond=999_999), questions=()),
    ],
)
def test_they_are_the_same_bytes_either_way(results: Results) -> None:
    schema = ResultsSchema()
    assert orjson.dumps(schema.dump(results)) == orjson.dumps(ma.Schema.dump(schema, results))
