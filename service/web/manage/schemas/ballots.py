"""The shapes of ballots as owners read and judge them."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from service.domain import ballot_log, ballots
from service.records import BallotFilter, BallotStatus
from service.web.manage.schemas.fields import MOMENT, NEXT, AnswerSchema, GivenMoment
from service.web.queries import PageQuery
from service.web.schemas.fields import CODE_LENGTH

BALLOT_ID = "0b8f6a1e-9f0c-4d6e-8a51-6a7d1d0b9c11"
FILTERS = ("question", "choice", "status", "page", "country", "since", "until")


def _code(description: str) -> fields.String:
    return fields.String(
        validate=validate.Length(1, CODE_LENGTH), metadata={"description": description}
    )


class BallotsFilter(Schema):
    """Which ballots are meant."""

    question = _code("Those that answered the question of this id.")
    choice = _code("Those that marked the choice of this id; it needs `question`.")
    status = fields.Enum(BallotStatus, by_value=True)
    page = fields.String(
        validate=validate.Length(1, ballots.PAGE_LENGTH),
        metadata={"description": "Those cast on the page: its origin and path."},
    )
    country = fields.String(
        validate=validate.Regexp(r"^[A-Z]{2}$"),
        metadata={"description": "Those from the country (ISO 3166-1)."},
    )
    since = GivenMoment(metadata={"description": "Those cast then or later."})
    until = GivenMoment(metadata={"description": "Those cast before."})

    @validates_schema
    def _check(self, data: dict[str, Any], **_: Any) -> None:
        if "choice" in data and "question" not in data:
            raise ValidationError(
                "Needs question: ids of choices are the question's own.", "choice"
            )

    @post_load
    def _gather(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        wanted = {name: data.pop(name) for name in FILTERS if name in data}
        return {**data, "wanted": BallotFilter(**wanted)}


class BallotsQuery(PageQuery, BallotsFilter):
    """Which page of which ballots to show."""


class LoggedBallotSchema(AnswerSchema):
    """A ballot. Whose it is, nobody can say."""

    id = fields.UUID(metadata={"example": BALLOT_ID})
    cast_at = GivenMoment(metadata={"example": MOMENT})
    status = fields.Enum(BallotStatus, by_value=True)
    reason = fields.String(
        allow_none=True, metadata={"description": "Why it is void.", "example": None}
    )
    page = fields.String(allow_none=True, metadata={"example": "https://news.example.org/asia"})
    country = fields.String(allow_none=True, metadata={"example": None})
    answers = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"example": {"q1": ["c1"]}},
    )
    other_texts = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "Question id to what the voter wrote.", "example": {}},
    )


class BallotsSchema(AnswerSchema):
    """A page of ballots."""

    ballots = fields.List(fields.Nested(LoggedBallotSchema))
    next = fields.String(allow_none=True, metadata=NEXT)


def _ballot_ids(description: str) -> fields.List[Any]:
    return fields.List(
        fields.UUID(),
        required=True,
        validate=validate.Length(1, ballot_log.MOST_AT_ONCE),
        metadata={"description": description, "example": [BALLOT_ID]},
    )


class RestoreSchema(Schema):
    """Ballots to count again."""

    ballots = _ballot_ids("Their ids, all of this poll.")


class VoidSchema(RestoreSchema):
    """Ballots to take out of the counts."""

    reason = fields.String(
        required=True,
        validate=validate.Length(1, ballot_log.REASON_LENGTH),
        metadata={"description": "Why; it stays with the ballots.", "example": "A script's votes"},
    )


class ChangedBallotsSchema(AnswerSchema):
    """What a call has changed."""

    ballots = fields.List(
        fields.UUID(), metadata={"description": "Those that changed.", "example": [BALLOT_ID]}
    )
