"""Files that are made while they are sent."""

from itertools import chain

from flask import Response

from service.domain.exports import Export


def download(export: Export) -> Response:
    """The file, piece by piece. What keeps it from being made is raised before anything is sent:
    TemporarilyUnavailable."""
    first = next(export.pieces, b"")
    response = Response(chain([first], export.pieces), content_type=export.media_type)
    response.call_on_close(export.pieces.close)  # whoever leaves half-way frees the database
    response.headers["Content-Disposition"] = f'attachment; filename="{export.name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
