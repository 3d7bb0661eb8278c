"""The shapes of what goes in and out; the OpenAPI document is made from them."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from service.domain import questions
from service.domain.accounts import LONGEST_TOKEN
from service.domain.drafts import MOST_CHOICES, MOST_QUESTIONS
from service.domain.questions import OTHER_TEXT_LENGTH
from service.records import (
    ChoiceOrder,
    Poll,
    QuestionType,
    ResultsOrder,
    ResultsVisibility,
    Status,
    WhenClosed,
)
from service.web import words

# For Python alone, `$` would stand before a last line break too.
DEVICE_PATTERN = r"^[A-Za-z0-9_-]{16,128}$(?!\n)"
DEVICE = re.compile(DEVICE_PATTERN)
BALLOT_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
PLAIN_FIELDS = 4
CODE_LENGTH = 32
# Results change every second at most, which no reader follows; and hardly once a poll is over.
LIVE_SECONDS, FINAL_SECONDS = 5, 60
PUBLIC_STATUSES = [status.value for status in Status if status is not Status.DRAFT]


class Moment(fields.DateTime):
    """A moment in UTC, to the second: `2026-11-22T21:34:00Z`."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **_: Any) -> Any:
        return None if value is None else value.strftime("%Y-%m-%dT%H:%M:%SZ")


class BallotId(fields.UUID):
    """A UUID in its one canonical form; Python's reads braces, URNs and other scripts' digits."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        if not isinstance(value, str) or not BALLOT_ID.fullmatch(value):
            raise self.make_error("invalid_uuid")
        return UUID(value)


class ChoiceSchema(Schema):
    """An offered alternative."""

    id = fields.String(attribute="code", metadata={"example": "c1"})
    text = fields.String(metadata={"example": "Middle East"})
    image_url = fields.String(allow_none=True)
    image_alt = fields.String(allow_none=True)
    is_other = fields.Boolean(metadata={"description": "Asks for a text of the voter's own."})


class QuestionSchema(Schema):
    """One thing asked."""

    id = fields.String(attribute="code", metadata={"example": "q1"})
    type = fields.Enum(QuestionType, by_value=True)
    text = fields.String(metadata={"example": "Which region news you interested in most?"})
    help = fields.String(allow_none=True)
    required = fields.Boolean()
    min_choices = fields.Integer()
    max_choices = fields.Integer()
    hint = fields.String(
        metadata={
            "description": "How many choices it takes, in the language of `texts`; `min` and `max` "
            "are put in as the reader writes numbers.",
            "example": "Choose up to {max}",
        }
    )
    choices = fields.List(fields.Nested(ChoiceSchema))


def _text_field(text: words.Text) -> fields.Field[Any]:
    """A text, or one form of it for each kind of number, by CLDR's names: `one`, `few`, `other`."""
    metadata = {"example": text}
    if isinstance(text, str):
        return fields.String(metadata=metadata)
    return fields.Dict(keys=fields.String(), values=fields.String(), metadata=metadata)


TextsSchema = Schema.from_dict(
    {key: _text_field(text) for key, text in words.ENGLISH.items()}, name="TextsSchema"
)
"""The widget's own words in one language."""


class PollSchema(Schema):
    """A poll's public definition."""

    id = fields.String(attribute="slug", metadata={"example": "region-interest"})
    kind = fields.String(metadata={"example": "poll"})
    title = fields.String()
    status = fields.String(validate=validate.OneOf(PUBLIC_STATUSES), metadata={"example": "open"})
    locale = fields.String(
        metadata={"description": "The language that its texts are in.", "example": "en"}
    )
    opens_at = Moment(allow_none=True)
    closes_at = Moment(allow_none=True)
    results_visibility = fields.Enum(ResultsVisibility, by_value=True)
    choice_order = fields.Enum(ChoiceOrder, by_value=True)
    results_order = fields.Enum(ResultsOrder, by_value=True)
    percent_only = fields.Boolean()
    thank_you = fields.String(allow_none=True)
    when_closed = fields.Enum(WhenClosed, by_value=True)
    theme = fields.String(
        metadata={
            "description": "The site's colours, as CSS declarations of the widget's properties.",
            "example": "--voxpop-accent:#2a6bd0",
        }
    )
    refresh_seconds = fields.Integer(
        metadata={"description": "How long newer results are worth waiting for.", "example": 5}
    )
    texts = fields.Nested(TextsSchema)
    why_hidden = fields.String(
        metadata={
            "description": "Why a reader who finds no results finds none, in the language of "
            "`texts`; `time` is `closes_at` as the reader writes it.",
            "example": "Results are shown when voting closes on {time}.",
        }
    )
    questions = fields.List(fields.Nested(QuestionSchema))


class ChoiceResultSchema(Schema):
    """A choice's votes (null where only percentages show) and their share of the base."""

    id = fields.String(attribute="code", metadata={"example": "c1"})
    text = fields.String(metadata={"example": "Middle East"})
    votes = fields.Integer(allow_none=True, metadata={"example": 50})
    percent = fields.Float(metadata={"example": 40.7})
    retired = fields.Boolean(metadata={"description": "Offered no more; its votes stand."})


class OtherTextResultSchema(Schema):
    """What voters wrote for the choice that asks for it, once an owner lets it show."""

    text = fields.String(metadata={"example": "Arctic"})
    votes = fields.Integer(allow_none=True, metadata={"example": 3})


class QuestionResultSchema(Schema):
    """A question's votes; percentages are of `answered` ballots. Both counts are null where only
    percentages show."""

    id = fields.String(attribute="code", metadata={"example": "q1"})
    text = fields.String()
    base = fields.String(metadata={"example": "ballots"})
    answered = fields.Integer(allow_none=True, metadata={"example": 123})
    votes = fields.Integer(allow_none=True, metadata={"example": 123})
    choices = fields.List(fields.Nested(ChoiceResultSchema))
    other_texts = fields.List(fields.Nested(OtherTextResultSchema))


class ResultsSchema(Schema):
    """A poll's results as of one revision."""

    poll = fields.String(metadata={"example": "region-interest"})
    status = fields.Enum(Status, by_value=True, metadata={"example": "open"})
    ballots = fields.Integer(allow_none=True, metadata={"example": 123})
    revision = fields.Integer(metadata={"example": 77})
    as_of = Moment(metadata={"example": "2026-11-22T21:34:00Z"})
    questions = fields.List(fields.Nested(QuestionResultSchema))


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
    match data:
        case {"ballot_id": str(ballot_id), "voter": str(voter), "answers": answers, "page": page}:
            token = data.get("voter_token")
            sound = (
                len(data) == PLAIN_FIELDS + ("voter_token" in data)
                and (token is None or (isinstance(token, str) and len(token) <= LONGEST_TOKEN))
                and BALLOT_ID.fullmatch(ballot_id)
                and DEVICE.match(voter)
                and _well_formed(answers)
                and (page is None or isinstance(page, str))
            )
        case _:
            sound = False
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


def poll_view(poll: Poll, status: Status) -> dict[str, Any]:
    """What PollSchema shows of a poll."""
    return {
        "slug": poll.slug,
        "kind": poll.kind,
        "title": poll.title,
        "status": status.value,
        "locale": poll.locale,
        "opens_at": poll.schedule.opens_at,
        "closes_at": poll.schedule.closes_at,
        "results_visibility": poll.results_visibility,
        "choice_order": poll.choice_order,
        "results_order": poll.results_order,
        "percent_only": poll.percent_only,
        "thank_you": poll.thank_you,
        "when_closed": poll.when_closed,
        "theme": ";".join(f"{name}:{colour}" for name, colour in poll.theme.items()),
        "refresh_seconds": LIVE_SECONDS if status is Status.OPEN else FINAL_SECONDS,
        "questions": questions.offered(poll),
    }
