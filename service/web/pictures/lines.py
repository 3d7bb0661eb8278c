"""A text in as many lines as it takes, or as it may take."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import islice

from service.web.pictures import fonts

ELLIPSIS = "…"
# Chinese and Japanese break between any two signs, but not before a closing one.
SIGN = "\u2e80-\u2fff\u3040-\ua4cf\uf900-\ufaff"
CLOSING = "\u3001-\u3003\u3009\u300b\u300d\u300f\u3011\uff01\uff09\uff0c\uff0e\uff1a\uff1b\uff1f"
PIECES = re.compile(rf"\s+|[{SIGN}][{CLOSING}]*|[^\s{SIGN}]+")


def wrapped(text: str, room: float, size: float, most: int, *, bold: bool = False) -> list[str]:
    """The text's lines, none wider than the room; where they are too many the last one ends in an
    ellipsis. No more of a long text is measured than is drawn of it."""
    pieces = (found[0] for found in PIECES.finditer(text.strip()))
    lines = list(islice(_lines(pieces, room, size, bold=bold), most + 1))
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], _cut(lines[most - 1] + ELLIPSIS, room, size, bold=bold)]


def _lines(pieces: Iterable[str], room: float, size: float, *, bold: bool) -> Iterator[str]:
    line, used = "", 0.0
    for piece in (part for whole in pieces for part in _parts(whole, room, size, bold=bold)):
        wide = fonts.width(piece, size, bold=bold)
        if line and used + wide > room and not piece.isspace():
            yield line.rstrip()
            line, used = "", 0.0
        if line or not piece.isspace():
            line, used = line + piece, used + wide
    if line.strip():
        yield line.rstrip()


def _parts(piece: str, room: float, size: float, *, bold: bool) -> Iterator[str]:
    """The piece, or parts of it where not even a line of its own has room for all of it."""
    while piece and not _fits(piece, room, size, bold=bold):
        fits = max(1, _fitting(piece, room, size, bold=bold))
        yield piece[:fits]
        piece = piece[fits:]
    if piece:
        yield piece


def _fitting(piece: str, room: float, size: float, *, bold: bool) -> int:
    """How many letters of the piece's beginning there is room for."""
    lengths = range(1, len(piece) + 1)
    return bisect_right(
        lengths, room, key=lambda length: fonts.width(piece[:length], size, bold=bold)
    )


def _cut(line: str, room: float, size: float, *, bold: bool) -> str:
    """The line, which ends in an ellipsis, without what there is no room for before it."""
    while len(line) > 1 and not _fits(line, room, size, bold=bold):
        line = line[:-2].rstrip() + ELLIPSIS
    return line


def _fits(text: str, room: float, size: float, *, bold: bool) -> bool:
    return fonts.width(text, size, bold=bold) <= room
