"""Results and ballots as files, for programs."""

from typing import Any

from flask import Response

from service.domain import exports, sheets
from service.domain.exports import What
from service.domain.sheets import Format
from service.records import Permission
from service.web import auth, current
from service.web.blueprints import Decorator, ProgramsBlueprint
from service.web.downloads import download
from service.web.manage.schemas.exports import ExportQuery, FormatQuery

blueprint = ProgramsBlueprint(
    "exports",
    __name__,
    url_prefix="/v1/polls/<slug>/exports",
    description="For programs: results and ballots as files.",
)
ROWS = {"type": "array", "items": {"type": "object"}}
FILE = {"type": "string"}
CONTENT = {
    sheets.MEDIA_TYPES[form]: {"schema": ROWS if form is Format.JSON else FILE} for form in Format
}
NAME = {"Content-Disposition": {"description": "The file's name.", "schema": {"type": "string"}}}


def sends(description: str) -> Decorator:
    """Document an answer that is a file."""
    decorator: Decorator = blueprint.doc(
        responses={"200": {"description": description, "content": CONTENT, "headers": NAME}}
    )
    return decorator


@blueprint.get("/results")
@blueprint.needs(
    Permission.RESULTS_READ,
    sends("A row for each choice: its votes, and their percentage of the base."),
    p404="`poll_not_found`",
)
@blueprint.arguments(FormatQuery(), location="query")
def export_results(query: dict[str, Any], slug: str) -> Response:
    """Export a poll's results, whatever readers may see of them."""
    return _file(slug, What.RESULTS, query)


@blueprint.get("/ballots")
@blueprint.needs(
    Permission.BALLOTS_READ,
    sends("A row for each ballot, the newest first, however many they are."),
    p404="`poll_not_found`",
)
@blueprint.arguments(ExportQuery(), location="query")
def export_ballots(query: dict[str, Any], slug: str) -> Response:
    """Export a poll's ballots."""
    return _file(slug, What.BALLOTS, query)


def _file(slug: str, what: What, query: dict[str, Any]) -> Response:
    stores, actor = current.stores(), auth.actor()
    return download(exports.export(stores, actor, slug, what, now=current.now(), **query))
