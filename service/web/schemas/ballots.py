"""The shapes of a ballot and of the answer to it."""

import re
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from service.domain.accounts import LONGEST_TOKEN
from service.domain.drafts import MOST_CHOICES, MOST_QUESTIONS
from service.domain.questions import OTHER_TEXT_LENGTH
from service.web.schemas.fields import CODE_LENGTH
from service.web.schemas.results import ResultsSchema

# For Python alone, `$` would stand before a last line break too.
DEVICE_PATTERN = r"^[A-Za-z0-9_-]{16,128}$(?!\n)"
DEVICE = re.compile(DEVICE_PATTERN)
BALLOT_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
PLAIN_FIELDS = {"ballot_id", "voter", "answers", "page"}


class BallotId(fields.UUID):
    """A UUID in its one canonical form; Python's reads braces, URNs and other scripts' digits."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        if not isinstance(value, str) or not BALLOT_ID.fullmatch(value):
            raise self.make_error("invalid_uuid")
        return UUID(value)


class BallotSchema(Schema):
    """A ballot as a voter's browser sends it."""

    ballot_id = BallotId(
        required=True,
        metadata={"description": "Made by the client before it sends; the same for a retry."},
    )
    voter = fields.String(
        required=True,
        validate=validate.Regexp(DEVICE_PATTERN, error="Must be 16 to 128 of A-Z a-z 0-9 _ -."),
        metadata={"description": "The device's random token; only a keyed pseudonym is kept."},
    )
    answers = fields.Dict(
        required=True,
        keys=fields.String(validate=validate.Length(max=CODE_LENGTH)),
        values=fields.List(
            fields.String(validate=validate.Length(max=CODE_LENGTH)),
            validate=validate.Length(max=MOST_CHOICES),
        ),
        validate=validate.Length(max=MOST_QUESTIONS),
        metadata={"description": "Question id to chosen choice ids.", "example": {"q1": ["c1"]}},
    )
    other_texts = fields.Dict(
        keys=fields.String(validate=validate.Length(max=CODE_LENGTH)),
        values=fields.String(),
        load_default=dict,
        validate=validate.Length(max=MOST_QUESTIONS),
        metadata={
            "description": "Question id to what the voter wrote, for each marked `is_other` choice "
            f"and for no other; at most {OTHER_TEXT_LENGTH} characters each.",
            "example": {},
        },
    )
    voter_token = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=LONGEST_TOKEN),
        metadata={
            "description": "The JWT by which the publisher's server vouches for the reader; "
            "the `duplicate_policy` `account` needs it, no other looks at it. It is not kept.",
            "example": None,
        },
    )
    page = fields.String(
        load_default=None,
        allow_none=True,
        metadata={"description": "The embedding page; origin and path are kept, never the query."},
    )

    def load(self, data: Any, **options: Any) -> Any:
        """Take a plain ballot, as nearly all are, at a glance: marshmallow needs half the time of a
        vote to look at one. It reads all others, and explains what is wrong."""
        return _plain_ballot(data) or super().load(data, **options)


def _plain_ballot(data: Any) -> dict[str, Any] | None:
    """What the schema makes of a sound ballot without texts of the voter's own."""
    if not isinstance(data, dict) or not data.keys() >= PLAIN_FIELDS:
        return None
    ballot_id, voter, page = data["ballot_id"], data["voter"], data["page"]
    answers, token = data["answers"], data.get("voter_token")
    sound = (
        len(data) == len(PLAIN_FIELDS) + ("voter_token" in data)
        and isinstance(ballot_id, str)
        and BALLOT_ID.fullmatch(ballot_id)
        and isinstance(voter, str)
        and DEVICE.match(voter)
        and _well_formed(answers)
        and (page is None or isinstance(page, str))
        and (token is None or (isinstance(token, str) and len(token) <= LONGEST_TOKEN))
    )
    if not sound:
        return None
    return {
        "ballot_id": UUID(ballot_id),
        "voter": voter,
        "answers": answers,
        "other_texts": {},
        "page": page,
        "voter_token": token,
    }


def _well_formed(answers: Any) -> bool:
    return (
        isinstance(answers, dict)
        and len(answers) <= MOST_QUESTIONS
        and all(
            len(question) <= CODE_LENGTH
            and isinstance(choices, list)
            and len(choices) <= MOST_CHOICES
            and all(isinstance(choice, str) and len(choice) <= CODE_LENGTH for choice in choices)
            for question, choices in answers.items()
        )
    )


class CastSchema(Schema):
    """The answer to a ballot that is counted."""

    status = fields.String(metadata={"example": "counted"})
    receipt = fields.String()
    results = fields.Nested(ResultsSchema, allow_none=True)
