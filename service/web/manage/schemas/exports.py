"""Which file is to be made of what."""

from marshmallow import Schema, fields

from service.domain.sheets import Format
from service.web.manage.schemas.ballots import BallotsFilter


class FormatQuery(Schema):
    """What kind of file to make."""

    form = fields.Enum(
        Format,
        by_value=True,
        data_key="format",
        load_default=Format.CSV,
        metadata={"description": "`csv` unless you say otherwise."},
    )


class ExportQuery(FormatQuery, BallotsFilter):
    """What kind of file to make of which ballots."""
