"""The shapes of polls as their owners decide and list them."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from service.domain import drafts, lengths, slugs
from service.records import (
    ChoiceOrder,
    DuplicatePolicy,
    PollDraft,
    ResultsOrder,
    ResultsVisibility,
    Schedule,
    Status,
    WhenClosed,
)
from service.web.manage.schemas.fields import (
    MOMENT,
    NEXT,
    AnswerSchema,
    Flag,
    GivenMoment,
    one_of,
    text_or_null,
    translations,
)
from service.web.manage.schemas.questions import QuestionDraftSchema
from service.web.queries import PageQuery
from service.web.schemas.fields import Moment

DECIDED = [status.value for status in Status if status is not Status.SCHEDULED]
SEARCH_LENGTH = 200


def _status(**options: Any) -> fields.String:
    """A status that an owner may give."""
    return fields.String(validate=validate.OneOf(DECIDED), **options)


def _bound(name: str, description: str) -> GivenMoment:
    """A moment that bounds the time to vote, if any."""
    return GivenMoment(
        attribute=f"schedule.{name}",
        load_default=None,
        allow_none=True,
        metadata={"description": description, "example": None},
    )


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
        validate=validate.Length(max=lengths.LONGEST_TITLE),
        metadata={
            "description": "Left out, the question is the title.",
            "example": "Region interest",
        },
    )
    status = _status(
        attribute="schedule.status",
        load_default=Status.DRAFT.value,
        metadata={"example": "open"},
    )
    opens_at = _bound("opens_at", "Before it an open poll is scheduled.")
    closes_at = _bound("closes_at", "From then on the poll is closed.")
    results_visibility = one_of(ResultsVisibility.ALWAYS, "When readers see results.")
    duplicate_policy = one_of(DuplicatePolicy.DEVICE, "What counts as one voter.")
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
    choice_order = one_of(ChoiceOrder.FIXED, "How choices are offered.")
    results_order = one_of(ResultsOrder.AS_LISTED, "How results list the choices.")
    percent_only = Flag(
        load_default=False,
        metadata={"description": "Readers see shares without counts.", "example": False},
    )
    thank_you = text_or_null(lengths.LONGEST_THANKS, "Shown to whoever has voted.")
    when_closed = one_of(WhenClosed.RESULTS, "What is shown once the poll is closed.")
    translations = translations(
        "Poll",
        {"title": "Les régions"},
        title=lengths.LONGEST_TITLE,
        thank_you=lengths.LONGEST_THANKS,
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

    status = _status(
        attribute="schedule.status",
        load_default=None,
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

    status = _status(required=True, metadata={"example": "closed"})

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
