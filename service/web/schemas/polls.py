"""The shapes of a poll as everyone may read it."""

from typing import Any

from marshmallow import Schema, fields, validate

from service.domain import questions
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
from service.web.schemas.fields import Moment

# Results change every second at most, which no reader follows; and hardly once a poll is over.
LIVE_SECONDS, FINAL_SECONDS = 5, 60
PUBLIC_STATUSES = [status.value for status in Status if status is not Status.DRAFT]


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
