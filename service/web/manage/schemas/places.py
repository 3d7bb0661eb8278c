"""The shape of what shows at a site's places."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from service.domain import slugs
from service.records import CurrentPoll


class CurrentPollSchema(Schema):
    """Which poll the places show that ask for the site's current one."""

    poll = fields.String(
        attribute="slug",
        required=True,
        allow_none=True,
        validate=validate.Length(1, slugs.LONGEST),
        metadata={
            "description": "A poll's slug; null leaves it to be the latest.",
            "example": "region-interest",
        },
    )

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> CurrentPoll:
        return CurrentPoll(**data)
