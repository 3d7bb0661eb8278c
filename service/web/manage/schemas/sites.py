"""The shapes of sites."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from service.domain import sites, slugs
from service.records import SiteDraft
from service.web.manage.schemas.fields import NEXT, AnswerSchema


class SiteSchema(Schema):
    """All that is decided about a site. What is read may be changed and sent back."""

    slug = fields.String(
        required=True,
        validate=validate.Regexp(rf"^{slugs.SLUG.pattern}$"),
        metadata={"example": "demo"},
    )
    name = fields.String(
        required=True,
        validate=validate.Length(1, sites.LONGEST_NAME),
        metadata={"example": "Centre for the Study of Asian Affairs"},
    )
    locale = fields.String(
        load_default="en",
        validate=validate.Length(1, sites.LONGEST_LOCALE),
        metadata={"description": "A language tag (BCP 47).", "example": "en"},
    )
    timezone = fields.String(
        load_default="UTC",
        validate=validate.Length(1, 64),
        metadata={"description": "An IANA time zone.", "example": "Asia/Kolkata"},
    )
    theme = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        load_default=dict,
        metadata={
            "description": "CSS colours by the widget's custom properties.",
            "example": {"--voxpop-accent": "#2a6bd0"},
        },
    )
    origins = fields.List(
        fields.String(validate=validate.Length(1, 255)),
        load_default=list,
        validate=validate.Length(max=sites.MOST_ORIGINS),
        metadata={
            "description": "Whose pages may vote: scheme, host and port.",
            "example": ["https://news.example.org"],
        },
    )

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> SiteDraft:
        return SiteDraft(**{**data, "origins": tuple(data["origins"])})


class SitesSchema(AnswerSchema):
    """A page of sites."""

    sites = fields.List(fields.Nested(SiteSchema))
    next = fields.String(allow_none=True, metadata=NEXT)
