"""The shapes of polls as their owners decide and list them."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from service.domain import drafts, slugs
from service.records import (
    Choice,
    ChoiceOrder,
    DuplicatePolicy,
    PollDraft,
    Question,
    QuestionType,
    ResultsOrder,
    ResultsVisibility,
    Schedule,
    Status,
    WhenClosed,
)
from service.web.manage.fields import MOMENT, NEXT, AnswerSchema, Flag, GivenMoment
from service.web.queries import PageQuery
from service.web.schemas import CODE_LENGTH, Moment

DECIDED = [status.value for status in Status if status is not Status.SCHEDULED]
NEW_ID = "Given by the service; leave it out for what is new."
SEARCH_LENGTH = 200


class ChoiceDraftSchema(Schema):
    """An alternative."""

    id = fields.String(
        attribute="code",
        load_default="",
        validate=validate.Length(max=CODE_LENGTH),
        metadata={"description": NEW_ID, "example": "c1"},
    )
    text = fields.String(
        required=True,
        validate=validate.Length(1, drafts.LONGEST_CHOICE),
        metadata={"example": "Middle East"},
    )
    image_url = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=drafts.LONGEST_ADDRESS),
        metadata={"description": "An https:// address.", "example": None},
    )
    image_alt = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=drafts.LONGEST_CHOICE),
        metadata={"description": "What the image shows; it needs this.", "example": None},
    )
    is_other = Flag(
        load_default=False,
        metadata={"description": "Asks for a text of the voter's own.", "example": False},
    )
    retired = Flag(
        load_default=False,
        metadata={"description": "Offered no more; its votes stand.", "example": False},
    )

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Choice:
        return Choice(**data)


class QuestionDraftSchema(Schema):
    """One thing asked."""

    id = fields.String(
        attribute="code",
        load_default="",
        validate=validate.Length(max=CODE_LENGTH),
        metadata={"description": NEW_ID, "example": "q1"},
    )
    type = fields.Enum(
        QuestionType,
        by_value=True,
        load_default=QuestionType.SINGLE_CHOICE,
        metadata={"example": "single_choice"},
    )
    text = fields.String(
        required=True,
        validate=validate.Length(1, drafts.LONGEST_QUESTION),
        metadata={"example": "Which region news you interested in most?"},
    )
    help = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=drafts.LONGEST_HELP),
        metadata={"example": None},
    )
    required = Flag(load_default=True, metadata={"example": True})
    min_choices = fields.Integer(
        strict=True,
        load_default=1,
        validate=validate.Range(1, drafts.MOST_CHOICES),
        metadata={"example": 1},
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


class DefinitionSchema(Schema):
    """All that a poll's owner decides about it. What is read may be changed and sent back."""

    slug = fields.String(
        load_default="",
        validate=validate.Regexp(rf"^(|{slugs.SLUG.pattern})$"),
        metadata={
            "description": "The poll's public name. Left out, it is made from the question.",
            "example": "region-interest",
        },
    )
    kind = fields.String(
        load_default="poll", validate=validate.OneOf(drafts.KINDS), metadata={"example": "poll"}
    )
    title = fields.String(
        load_default="",
        validate=validate.Length(max=drafts.LONGEST_TITLE),
        metadata={
            "description": "Left out, the question is the title.",
            "example": "Region interest",
        },
    )
    status = fields.String(
        attribute="schedule.status",
        load_default=Status.DRAFT.value,
        validate=validate.OneOf(DECIDED),
        metadata={"example": "open"},
    )
    opens_at = GivenMoment(
        attribute="schedule.opens_at",
        load_default=None,
        allow_none=True,
        metadata={"example": None},
    )
    closes_at = GivenMoment(
        attribute="schedule.closes_at",
        load_default=None,
        allow_none=True,
        metadata={"example": None},
    )
    results_visibility = fields.Enum(
        ResultsVisibility,
        by_value=True,
        load_default=ResultsVisibility.ALWAYS,
        metadata={"example": "always"},
    )
    duplicate_policy = fields.Enum(
        DuplicatePolicy,
        by_value=True,
        load_default=DuplicatePolicy.DEVICE,
        metadata={"example": "device"},
    )
    network_limit = fields.Integer(
        strict=True,
        load_default=None,
        allow_none=True,
        validate=validate.Range(1, drafts.LARGEST_NETWORK),
        metadata={
            "description": "Ballots of one network at most: `device_and_network` needs it.",
            "example": None,
        },
    )
    choice_order = fields.Enum(
        ChoiceOrder,
        by_value=True,
        load_default=ChoiceOrder.FIXED,
        metadata={"example": "fixed"},
    )
    results_order = fields.Enum(
        ResultsOrder,
        by_value=True,
        load_default=ResultsOrder.AS_LISTED,
        metadata={"example": "as_listed"},
    )
    percent_only = Flag(
        load_default=False,
        metadata={"description": "Readers see shares without counts.", "example": False},
    )
    thank_you = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=drafts.LONGEST_THANKS),
        metadata={"description": "Shown to whoever has voted.", "example": None},
    )
    when_closed = fields.Enum(
        WhenClosed,
        by_value=True,
        load_default=WhenClosed.RESULTS,
        metadata={"example": "results"},
    )
    questions = fields.List(
        fields.Nested(QuestionDraftSchema),
        required=True,
        validate=validate.Length(1, drafts.MOST_QUESTIONS),
    )

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Any:
        return self._draft(data)

    def _draft(self, data: dict[str, Any]) -> PollDraft:
        given = data.pop("schedule")
        schedule = Schedule(**{**given, "status": Status(given["status"])})
        return PollDraft(**{**data, "schedule": schedule, "questions": tuple(data["questions"])})


class EditSchema(DefinitionSchema):
    """All that a poll's owner decides about it anew, but for its status: that stays."""

    status = fields.String(
        attribute="schedule.status",
        load_default=None,
        validate=validate.OneOf(DECIDED),
        metadata={"description": "Left out, or as it is.", "example": "open"},
    )

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Any:
        """The draft, and the status that was sent."""
        sent = data["schedule"]["status"]
        data["schedule"]["status"] = sent or Status.DRAFT
        return self._draft(data), sent


class StatusSchema(Schema):
    """What a poll shall be."""

    status = fields.String(
        required=True, validate=validate.OneOf(DECIDED), metadata={"example": "closed"}
    )

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Status:
        return Status(data["status"])


class PollSummarySchema(AnswerSchema):
    """A poll in a list."""

    slug = fields.String(attribute="poll.slug", metadata={"example": "region-interest"})
    kind = fields.String(attribute="poll.kind", metadata={"example": "poll"})
    title = fields.String(attribute="poll.title", metadata={"example": "Region interest"})
    status = fields.Enum(
        Status,
        by_value=True,
        metadata={"description": "As readers see it now.", "example": "open"},
    )
    opens_at = GivenMoment(
        attribute="poll.schedule.opens_at", allow_none=True, metadata={"example": None}
    )
    closes_at = GivenMoment(
        attribute="poll.schedule.closes_at", allow_none=True, metadata={"example": None}
    )
    ballots = fields.Integer(metadata={"example": 123})
    last_vote_at = Moment(allow_none=True, metadata={"example": MOMENT})
    created_at = Moment(attribute="poll.created_at", metadata={"example": MOMENT})
    updated_at = Moment(attribute="poll.updated_at", metadata={"example": MOMENT})


class PollsSchema(AnswerSchema):
    """A page of polls."""

    polls = fields.List(fields.Nested(PollSummarySchema))
    next = fields.String(allow_none=True, metadata=NEXT)


class PollsQuery(PageQuery):
    """Which polls to list."""

    q = fields.String(
        validate=validate.Length(1, SEARCH_LENGTH),
        metadata={"description": "Words to look for in titles and questions."},
    )
    status = fields.Enum(
        Status, by_value=True, metadata={"description": "The status as readers see it now."}
    )
