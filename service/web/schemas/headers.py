"""The headers of requests that say something of the thing asked for."""

from marshmallow import Schema, fields, validate


class IfNoneMatch(Schema):
    """The header of a read that may be answered 304."""

    if_none_match = fields.String(
        data_key="If-None-Match", metadata={"description": "The ETag of the version you have."}
    )


class IfMatch(Schema):
    """The header of an edit."""

    if_match = fields.String(
        data_key="If-Match",
        required=True,
        metadata={"description": "The ETag of the version you edit.", "example": "*"},
    )


class IdempotencyKey(Schema):
    """The header of a call that makes something."""

    idempotency_key = fields.String(
        data_key="Idempotency-Key",
        validate=validate.Regexp(r"^[!-~]{1,255}$"),
        metadata={
            "description": "Yours for this call: sent again within a day, it makes nothing anew.",
            "example": "0b8f6a1e-9f0c-4d6e-8a51-6a7d1d0b9c11",
        },
    )
