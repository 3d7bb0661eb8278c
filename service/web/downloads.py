"""Files that are made whole before they are sent, so that none is sent torn."""

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from errno import EDQUOT, ENOSPC
from tempfile import SpooledTemporaryFile
from typing import IO

from flask import Response

from service.domain.exports import Export
from service.errors import TemporarilyUnavailable

PIECE_BYTES = 64 * 1024
SMALL_BYTES = 1024 * 1024
NO_ROOM = "There is no room for the file just now. Please try again later."
NO_ROOM_SECONDS = 60
log = logging.getLogger(__name__)


def download(export: Export) -> Response:
    """The file and its length, by which a transfer that is cut off can be told from a whole one.

    A large one lies on disk meanwhile, not in memory; the database is free once it is made. Raises
    TemporarilyUnavailable, before anything is sent.
    """
    file = SpooledTemporaryFile(SMALL_BYTES, prefix="voxpop-export-")  # noqa: SIM115 - closed later
    try:
        length = _fill(file, export)
    except BaseException:
        _close(file)
        raise
    response = Response(_pieces(file), content_type=export.media_type, direct_passthrough=True)
    response.call_on_close(file.close)
    response.content_length = length
    response.headers["Content-Disposition"] = f'attachment; filename="{export.name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _fill(file: IO[bytes], export: Export) -> int:
    """Write the export into the file; how long it is."""
    with _room(), closing(export.pieces) as pieces:
        for piece in pieces:
            file.write(piece)
        length = file.tell()
        file.seek(0)
    return length


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """What is in the file, which is closed at its end whoever reads it."""
    with file:
        while piece := file.read(PIECE_BYTES):
            yield piece


def _close(file: IO[bytes]) -> None:
    """Give the file up; what it could not write it tries again and fails again."""
    with suppress(OSError):
        file.close()


@contextmanager
def _room() -> Iterator[None]:
    """Turn a full disk into TemporarilyUnavailable, and tell the operator."""
    try:
        yield
    except OSError as error:
        if error.errno not in (ENOSPC, EDQUOT):
            raise
        log.error("No room for an export in the folder for temporary files (TMPDIR)")
        raise TemporarilyUnavailable(NO_ROOM_SECONDS, NO_ROOM) from error
