"""The shapes of API keys."""

from marshmallow import Schema, fields, validate

from service.domain.keys import NAME_LENGTH
from service.records import Permission
from service.web.manage.schemas.fields import MOMENT, NEXT, AnswerSchema, GivenMoment
from service.web.schemas.fields import Moment


class NewKeySchema(Schema):
    """What a new API key shall be."""

    name = fields.String(
        required=True,
        validate=validate.Length(1, NAME_LENGTH),
        metadata={"description": "What it is for.", "example": "Front page feed"},
    )
    scopes = fields.List(
        fields.Enum(Permission, by_value=True),
        required=True,
        validate=validate.Length(1, len(Permission)),
        metadata={
            "description": "What it may do; no more than yours.",
            "example": ["polls:read", "results:read"],
        },
    )
    expires_at = GivenMoment(
        load_default=None,
        allow_none=True,
        metadata={"description": "When it ends; no later than yours.", "example": None},
    )


class KeySchema(AnswerSchema):
    """An API key."""

    id = fields.String(attribute="prefix", metadata={"example": "vp_3f9a1c22"})
    name = fields.String(metadata={"example": "Front page feed"})
    scopes = fields.Function(
        lambda key: sorted(key.scopes),
        metadata={
            "type": "array",
            "items": {"type": "string", "enum": [scope.value for scope in Permission]},
            "example": ["polls:read", "results:read"],
        },
    )
    created_at = Moment(metadata={"example": MOMENT})
    expires_at = Moment(allow_none=True, metadata={"example": None})
    last_used_at = Moment(
        allow_none=True, metadata={"description": "To the minute.", "example": MOMENT}
    )
    revoked_at = Moment(allow_none=True, metadata={"example": None})


class ShownKeySchema(AnswerSchema):
    """A new API key and its secret."""

    key = fields.Nested(KeySchema)
    secret = fields.String(
        allow_none=True,
        metadata={
            "description": "Shown in this answer alone.",
            "example": "vp_3f9a1c22_R2mJb0yXwVtQx5f8nD1cZpLh7uKe4sGiYo6aTjNqWvM",
        },
    )


class KeysSchema(AnswerSchema):
    """A page of API keys."""

    keys = fields.List(fields.Nested(KeySchema))
    next = fields.String(allow_none=True, metadata=NEXT)
