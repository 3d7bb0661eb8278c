"""The shapes of questions and choices as their poll's owner decides them."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from service.domain import drafts, lengths
from service.records import Choice, Question, QuestionType
from service.web.manage.schemas.fields import Flag, one_of, text_or_null, translations
from service.web.schemas.fields import CODE_LENGTH


def _id(example: str) -> fields.String:
    return fields.String(
        attribute="code",
        load_default="",
        validate=validate.Length(max=CODE_LENGTH),
        metadata={
            "description": "Given by the service; leave it out for what is new.",
            "example": example,
        },
    )


class ChoiceDraftSchema(Schema):
    """An alternative."""

    id = _id("c1")
    text = fields.String(
        required=True,
        validate=validate.Length(1, lengths.LONGEST_CHOICE),
        metadata={"example": "Middle East"},
    )
    image_url = text_or_null(lengths.LONGEST_ADDRESS, "An https:// address.")
    image_alt = text_or_null(lengths.LONGEST_CHOICE, "What the image shows; it needs this.")
    is_other = Flag(
        load_default=False,
        metadata={"description": "Asks for a text of the voter's own.", "example": False},
    )
    retired = Flag(
        load_default=False,
        metadata={"description": "Offered no more; its votes stand.", "example": False},
    )
    translations = translations(
        "Choice",
        {"text": "Moyen-Orient"},
        text=lengths.LONGEST_CHOICE,
        image_alt=lengths.LONGEST_CHOICE,
    )

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Choice:
        return Choice(**data)


class QuestionDraftSchema(Schema):
    """One thing asked."""

    id = _id("q1")
    type = one_of(QuestionType.SINGLE_CHOICE, "Whether a ballot marks one choice, or some.")
    text = fields.String(
        required=True,
        validate=validate.Length(1, lengths.LONGEST_QUESTION),
        metadata={"example": "Which region news you interested in most?"},
    )
    help = text_or_null(lengths.LONGEST_HELP, "Stands below the question.")
    required = Flag(
        load_default=True,
        metadata={"description": "A ballot must answer it.", "example": True},
    )
    min_choices = fields.Integer(
        strict=True,
        load_default=1,
        validate=validate.Range(1, drafts.MOST_CHOICES),
        metadata={"description": "The fewest marks of an answer.", "example": 1},
    )
    max_choices = fields.Integer(
        strict=True,
        allow_none=True,
        load_default=None,
        validate=validate.Range(1, drafts.MOST_CHOICES),
        metadata={
            "description": "Left out: 1, or all of the choices in `multiple_choice`.",
            "example": 1,
        },
    )
    translations = translations(
        "Question",
        {"text": "Quelle région vous intéresse le plus ?"},
        text=lengths.LONGEST_QUESTION,
        help=lengths.LONGEST_HELP,
    )
    choices = fields.List(
        fields.Nested(ChoiceDraftSchema),
        required=True,
        validate=validate.Length(drafts.FEWEST_CHOICES, drafts.MOST_CHOICES),
        metadata={"example": [{"text": "Middle East"}, {"text": "South Asia"}]},
    )

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Question:
        if data["max_choices"] is None:
            multiple = data["type"] is QuestionType.MULTIPLE_CHOICE
            data["max_choices"] = len(data["choices"]) if multiple else 1
        return Question(**{**data, "choices": tuple(data["choices"])})
