"""The shapes of results as owners see them."""

from marshmallow import Schema, fields

from service.domain.timelines import Bucket
from service.web.manage.schemas.fields import MOMENT, AnswerSchema, GivenMoment

COUNTS = {"description": "One number for each of `starts`.", "example": [3]}


class TimelineQuery(Schema):
    """How long each point of the timeline lasts."""

    bucket = fields.Enum(
        Bucket,
        by_value=True,
        load_default=None,
        metadata={"description": "The one that fits, unless you say otherwise."},
    )


class ApartSchema(AnswerSchema):
    """The ballots that are in no result."""

    poll = fields.String(metadata={"example": "region-interest"})
    held = fields.Integer(metadata={"example": 0})
    void = fields.Integer(metadata={"example": 2})


class ChoiceTimelineSchema(AnswerSchema):
    """A choice's votes over time."""

    id = fields.String(attribute="code", metadata={"example": "c1"})
    text = fields.String(metadata={"example": "Middle East"})
    votes = fields.List(fields.Integer(), metadata=COUNTS)


class QuestionTimelineSchema(AnswerSchema):
    """A question's votes over time."""

    id = fields.String(attribute="code", metadata={"example": "q1"})
    text = fields.String()
    choices = fields.List(fields.Nested(ChoiceTimelineSchema))


class TimelineSchema(AnswerSchema):
    """Counted ballots and votes over time, without a gap."""

    poll = fields.String(metadata={"example": "region-interest"})
    bucket = fields.Enum(Bucket, by_value=True)
    timezone = fields.String(
        metadata={"description": "On whose clocks hours and days begin.", "example": "Asia/Kolkata"}
    )
    starts = fields.List(
        GivenMoment(), metadata={"description": "When each begins.", "example": [MOMENT]}
    )
    ballots = fields.List(fields.Integer(), metadata=COUNTS)
    questions = fields.List(fields.Nested(QuestionTimelineSchema))


class PageShareSchema(AnswerSchema):
    """The counted ballots of a page."""

    page = fields.String(
        attribute="value",
        allow_none=True,
        metadata={
            "description": "Null for ballots that name none.",
            "example": "https://news.example.org/asia",
        },
    )
    ballots = fields.Integer(metadata={"example": 50})
    percent = fields.Float(metadata={"description": "Of all ballots.", "example": 40.7})


class CountryShareSchema(AnswerSchema):
    """The counted ballots of a country."""

    country = fields.String(
        attribute="value",
        allow_none=True,
        metadata={"description": "Null for ballots of which it is not known.", "example": "IN"},
    )
    ballots = fields.Integer(metadata={"example": 50})
    percent = fields.Float(metadata={"description": "Of all ballots.", "example": 40.7})


class ByPageSchema(AnswerSchema):
    """The counted ballots by page, the largest parts first."""

    poll = fields.String(metadata={"example": "region-interest"})
    ballots = fields.Integer(metadata={"example": 123})
    pages = fields.List(fields.Nested(PageShareSchema), attribute="parts")
    more_pages = fields.Integer(
        attribute="more_parts", metadata={"description": "Not listed.", "example": 0}
    )
    rest = fields.Integer(metadata={"description": "The ballots of these.", "example": 0})


class ByCountrySchema(AnswerSchema):
    """The counted ballots by country, the largest parts first."""

    poll = fields.String(metadata={"example": "region-interest"})
    ballots = fields.Integer(metadata={"example": 123})
    countries = fields.List(fields.Nested(CountryShareSchema), attribute="parts")
    more_countries = fields.Integer(
        attribute="more_parts", metadata={"description": "Not listed.", "example": 0}
    )
    rest = fields.Integer(metadata={"description": "The ballots of these.", "example": 0})
