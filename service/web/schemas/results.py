"""The shapes of a poll's results."""

from typing import Any

from marshmallow import Schema, fields

from service.domain.results import ChoiceResult, OtherTextResult, QuestionResult, Results
from service.records import Status
from service.web.schemas.fields import Moment, in_seconds


class ChoiceResultSchema(Schema):
    """A choice's votes (null where only percentages show) and their share of the base."""

    id = fields.String(attribute="code", metadata={"example": "c1"})
    text = fields.String(metadata={"example": "Middle East"})
    votes = fields.Integer(allow_none=True, metadata={"example": 50})
    percent = fields.Float(metadata={"example": 40.7})
    retired = fields.Boolean(metadata={"description": "Offered no more; its votes stand."})


class OtherTextResultSchema(Schema):
    """What voters wrote for the choice that asks for it, once an owner lets it show."""

    text = fields.String(metadata={"example": "Arctic"})
    votes = fields.Integer(allow_none=True, metadata={"example": 3})


class QuestionResultSchema(Schema):
    """A question's votes; percentages are of `answered` ballots. Both counts are null where only
    percentages show."""

    id = fields.String(attribute="code", metadata={"example": "q1"})
    text = fields.String()
    base = fields.String(metadata={"example": "ballots"})
    answered = fields.Integer(allow_none=True, metadata={"example": 123})
    votes = fields.Integer(allow_none=True, metadata={"example": 123})
    choices = fields.List(fields.Nested(ChoiceResultSchema))
    other_texts = fields.List(fields.Nested(OtherTextResultSchema))


class ResultsSchema(Schema):
    """A poll's results as of one revision."""

    poll = fields.String(metadata={"example": "region-interest"})
    status = fields.Enum(Status, by_value=True, metadata={"example": "open"})
    ballots = fields.Integer(allow_none=True, metadata={"example": 123})
    revision = fields.Integer(metadata={"example": 1795383240000})
    as_of = Moment(metadata={"example": "2026-11-22T21:34:00Z"})
    questions = fields.List(fields.Nested(QuestionResultSchema))

    def dump(self, obj: Any, **options: Any) -> Any:
        """Write results as the fields above say. They are written anew after each batch of votes,
        and marshmallow takes six times as long."""
        return _results(obj) if isinstance(obj, Results) else super().dump(obj, **options)


def _results(results: Results) -> dict[str, Any]:
    return {
        "poll": results.poll,
        "status": results.status.value,
        "ballots": results.ballots,
        "revision": results.revision,
        "as_of": in_seconds(results.as_of),
        "questions": [_question(question) for question in results.questions],
    }


def _question(question: QuestionResult) -> dict[str, Any]:
    return {
        "id": question.code,
        "text": question.text,
        "base": question.base,
        "answered": question.answered,
        "votes": question.votes,
        "choices": [_choice(choice) for choice in question.choices],
        "other_texts": [_other_text(text) for text in question.other_texts],
    }


def _choice(choice: ChoiceResult) -> dict[str, Any]:
    return {
        "id": choice.code,
        "text": choice.text,
        "votes": choice.votes,
        "percent": float(choice.percent),
        "retired": choice.retired,
    }


def _other_text(text: OtherTextResult) -> dict[str, Any]:
    return {"text": text.text, "votes": text.votes}
