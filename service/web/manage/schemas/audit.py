"""The shapes of the audit log."""

from marshmallow import fields, validate

from service.domain.keys import NAME_LENGTH
from service.web.manage.schemas.fields import MOMENT, NEXT, AnswerSchema
from service.web.queries import PageQuery
from service.web.schemas.fields import Moment


class AuditQuery(PageQuery):
    """Which page of which events to show."""

    by = fields.String(
        validate=validate.Length(1, NAME_LENGTH),
        metadata={"description": "Those of one actor, as events name it: `owner:7`."},
    )
    about = fields.String(
        validate=validate.Length(1, NAME_LENGTH),
        metadata={"description": "Those of one subject, as events name it."},
    )


class AuditEventSchema(AnswerSchema):
    """Something that was done."""

    id = fields.Integer(metadata={"example": 4711})
    at = Moment(metadata={"example": MOMENT})
    actor = fields.String(metadata={"example": "key:vp_3f9a1c22"})
    action = fields.String(metadata={"example": "poll.edit"})
    subject = fields.String(metadata={"example": "poll:region-interest"})
    before = fields.Dict(
        allow_none=True, metadata={"description": "What changed, as it was.", "example": None}
    )
    after = fields.Dict(allow_none=True, metadata={"description": "What changed, as it is."})


class AuditSchema(AnswerSchema):
    """A page of the audit log."""

    events = fields.List(fields.Nested(AuditEventSchema))
    next = fields.String(allow_none=True, metadata=NEXT)
