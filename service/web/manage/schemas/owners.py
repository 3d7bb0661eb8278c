"""The shapes of owners."""

from marshmallow import Schema, fields, validate

from service.domain.owners import EMAIL_LENGTH
from service.records import Role
from service.web.manage.schemas.fields import MOMENT, NEXT, AnswerSchema
from service.web.schemas.fields import Moment


class RoleSchema(Schema):
    """What an owner shall be on the site."""

    role = fields.Enum(Role, by_value=True, required=True, metadata={"example": "editor"})


class NewOwnerSchema(RoleSchema):
    """Who shall own the site too."""

    email = fields.String(
        required=True,
        validate=validate.Length(3, EMAIL_LENGTH),
        metadata={"example": "editor@news.example.org"},
    )


class OwnerSchema(AnswerSchema):
    """One of the site's owners."""

    id = fields.Integer(metadata={"example": 7})
    email = fields.String(metadata={"example": "editor@news.example.org"})
    role = fields.Enum(Role, by_value=True, metadata={"example": "editor"})
    created_at = Moment(metadata={"example": MOMENT})


class AddedOwnerSchema(AnswerSchema):
    """An owner, and the password of an account that is new."""

    owner = fields.Nested(OwnerSchema)
    password = fields.String(
        allow_none=True,
        metadata={
            "description": "Shown in this answer alone; null where the account was there before.",
            "example": None,
        },
    )


class OwnersSchema(AnswerSchema):
    """The site's owners."""

    owners = fields.List(fields.Nested(OwnerSchema))
    next = fields.String(allow_none=True, metadata=NEXT)
