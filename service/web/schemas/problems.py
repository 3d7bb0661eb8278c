"""The shape of every error answer."""

from marshmallow import Schema, fields

from service.web.schemas.results import ResultsSchema


class FieldErrorSchema(Schema):
    """What is wrong with one field."""

    pointer = fields.String(metadata={"example": "/answers/q1"})
    detail = fields.String()


class ProblemSchema(Schema):
    """An error answer (RFC 9457)."""

    type = fields.String(metadata={"example": "/docs#already_voted"})
    title = fields.String(metadata={"example": "Conflict"})
    status = fields.Integer(metadata={"example": 409})
    detail = fields.String()
    code = fields.String(metadata={"example": "already_voted"})
    request_id = fields.String()
    errors = fields.List(fields.Nested(FieldErrorSchema))
    results = fields.Nested(ResultsSchema)

    def __deepcopy__(self, memo: object) -> "ProblemSchema":
        """Itself: flask-smorest copies all that a view documents with each problem that is added,
        which was a fifth of the time that a process needs to start."""
        return self
