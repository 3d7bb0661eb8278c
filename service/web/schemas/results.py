"""The shapes of a poll's results."""

from marshmallow import Schema, fields

from service.records import (
    Status,
)
from service.web.schemas.fields import Moment


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
    revision = fields.Integer(metadata={"example": 77})
    as_of = Moment(metadata={"example": "2026-11-22T21:34:00Z"})
    questions = fields.List(fields.Nested(QuestionResultSchema))
