"""The shapes of signing keys."""

from marshmallow import Schema, fields, validate

from service.domain.signing_keys import LONGEST_PUBLIC_KEY
from service.records import SigningAlgorithm
from service.web.manage.schemas.fields import MOMENT, NEXT, AnswerSchema
from service.web.schemas.fields import Moment


class NewSigningKeySchema(Schema):
    """A key to be made."""

    public_key = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, LONGEST_PUBLIC_KEY),
        metadata={
            "description": "The public half of a key pair of yours, as PEM or as a JWK: P-256 for "
            "ES256, Ed25519 for EdDSA, RSA of 2048 to 4096 bits for RS256. Null makes a secret.",
            "example": None,
        },
    )


class SigningKeySchema(AnswerSchema):
    """A key with which the site's own server signs."""

    id = fields.String(metadata={"example": "sk_3f9a1c22d04b7e65"})
    algorithm = fields.Enum(SigningAlgorithm, by_value=True, metadata={"example": "HS256"})
    public_key = fields.String(
        allow_none=True,
        metadata={"description": "PEM; null where the key is a secret.", "example": None},
    )
    created_at = Moment(metadata={"example": MOMENT})


class ShownSigningKeySchema(AnswerSchema):
    """A new signing key and its secret."""

    signing_key = fields.Nested(SigningKeySchema)
    secret = fields.String(
        allow_none=True,
        metadata={
            "description": "Shown in this answer alone; null where you gave a public key.",
            "example": "R2mJb0yXwVtQx5f8nD1cZpLh7uKe4sGiYo6aTjNqWvM",
        },
    )


class SigningKeysSchema(AnswerSchema):
    """A page of signing keys."""

    signing_keys = fields.List(fields.Nested(SigningKeySchema))
    next = fields.String(allow_none=True, metadata=NEXT)
