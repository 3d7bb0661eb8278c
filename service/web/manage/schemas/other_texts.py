"""The shapes of voters' texts as owners judge them."""

from marshmallow import Schema, fields, validate

from service.domain import others
from service.domain.questions import OTHER_TEXT_LENGTH
from service.records import OtherTextStatus
from service.web.manage.schemas.fields import NEXT, AnswerSchema
from service.web.queries import PageQuery
from service.web.schemas.fields import CODE_LENGTH

TEXT_CURSOR_LENGTH = 1500


class OtherTextsQuery(PageQuery):
    """Which page of which texts to show."""

    cursor = fields.String(
        validate=validate.Regexp(rf"^[A-Za-z0-9_-]{{1,{TEXT_CURSOR_LENGTH}}}$"),
        metadata={"description": "Where to go on: as the last answer's `Link` says."},
    )
    status = fields.Enum(OtherTextStatus, by_value=True)


class OtherTextSchema(AnswerSchema):
    """What voters wrote."""

    question = fields.String(metadata={"example": "q1"})
    text = fields.String(metadata={"example": "Antarctica"})
    votes = fields.Integer(metadata={"example": 12})
    status = fields.Enum(OtherTextStatus, by_value=True)


class OtherTextsSchema(AnswerSchema):
    """A page of texts."""

    texts = fields.List(fields.Nested(OtherTextSchema))
    next = fields.String(allow_none=True, metadata=NEXT)


class DecideSchema(Schema):
    """Texts to show or to hide."""

    question = fields.String(
        required=True, validate=validate.Length(1, CODE_LENGTH), metadata={"example": "q1"}
    )
    texts = fields.List(
        fields.String(validate=validate.Length(1, OTHER_TEXT_LENGTH)),
        required=True,
        validate=validate.Length(1, others.MOST_AT_ONCE),
        metadata={"example": ["Antarctica"]},
    )


class ChangedTextsSchema(AnswerSchema):
    """What a call has changed."""

    texts = fields.List(
        fields.String(),
        metadata={"description": "Those that changed.", "example": ["Antarctica"]},
    )
