"""A text in as many lines as it takes, or as it may take."""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from service.web.pictures import fonts

ELLIPSIS = "…"
# Chinese and Japanese break between any two signs, but not before a closing one.
SIGN = "\u2e80-\u2fff\u3040-\ua4cf\uf900-\ufaff"
CLOSING = "\u3001-\u3003\u3009\u300b\u300d\u300f\u3011\uff01\uff09\uff0c\uff0e\uff1a\uff1b\uff1f"
PIECES = re.compile(rf"\s+|[{SIGN}][{CLOSING}]*|[^\s{SIGN}]+")


def wrapped(text: str, room: float, size: float, most: int, *, bold: bool = False) -> list[str]:
    """The text's lines, none wider than the room; where they are too many the last one ends in an
    ellipsis."""
    lines = list(_lines(PIECES.findall(text.strip()), room, size, bold=bold))
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], _cut(lines[most - 1] + ELLIPSIS, room, size, bold=bold)]


def _lines(pieces: Sequence[str], room: float, size: float, *, bold: bool) -> Iterator[str]:
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
    while piece and fonts.width(piece, size, bold=bold) > room:
        fits = max(1, sum(1 for part in accumulate(piece) if _fits(part, room, size, bold=bold)))
        yield piece[:fits]
        piece = piece[fits:]
    if piece:
        yield piece


def _cut(line: str, room: float, size: float, *, bold: bool) -> str:
    """The line, which ends in an ellipsis, without what there is no room for before it."""
    while len(line) > 1 and not _fits(line, room, size, bold=bold):
        line = line[:-2].rstrip() + ELLIPSIS
    return line


def _fits(text: str, room: float, size: float, *, bold: bool) -> bool:
    return fonts.width(text, size, bold=bold) <= room
