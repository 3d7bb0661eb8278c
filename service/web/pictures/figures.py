"""The choices of a picture: with their figures as bars, or as they are offered."""

from collections.abc import Iterator, Sequence

from service.web.pictures import fonts, lines
from service.web.pictures.scene import Row
from service.web.pictures.shapes import EDGE, INNER, LINE, MARGIN, QUIET, Box, Text

GAP = 14
MARK_ROOM = 26
LABEL_ROOM = 260  # labels no wider than this have their bars beside them
FAINT = 0.5
TIGHT = 26

Shapes = Iterator[Text | Box]


class Columns:
    """The figures of all rows, right-aligned in two columns at the end."""

    def __init__(self, rows: Sequence[Row], size: float) -> None:
        self._size = size
        self._percent = max((fonts.width(row.percent, size, bold=True) for row in rows), default=0)
        self._votes = max((fonts.width(row.votes, size) for row in rows), default=0)

    @property
    def room(self) -> float:
        """How wide they are, with what keeps them apart."""
        return sum(width + GAP for width in (self._percent, self._votes) if width)

    def of(self, row: Row, y: float) -> Shapes:
        """The row's figures."""
        yield Text(EDGE, y, row.percent, self._size, bold=True, ends=True, column=self._percent)
        if row.votes:
            end = EDGE - self._percent - GAP
            yield Text(end, y, row.votes, self._size, QUIET, ends=True, column=self._votes)


def size_in(pitch: float) -> float:
    """The size of the words in rows of this height."""
    return min(pitch - 7.5, 11 + pitch / 9)


def beside(rows: Sequence[Row], y: float, pitch: float, accent: str) -> Shapes | None:
    """Bars beside their labels, where all labels are short; the longest bar has all the room."""
    size = size_in(pitch)
    labels = max(fonts.width(row.label, size, bold=row.leads) for row in rows)
    if labels > LABEL_ROOM:
        return None
    return _beside(rows, y, pitch, accent, MARGIN + labels + GAP)


def _beside(rows: Sequence[Row], y: float, pitch: float, accent: str, start: float) -> Shapes:
    size, thick = size_in(pitch), min(24.0, pitch * 0.62)
    columns = Columns(rows, size)
    room, most = EDGE - columns.room - start, max(row.share or 0 for row in rows)
    for place, row in enumerate(rows):
        middle = y + (place + 0.5) * pitch
        base = middle + size * 0.36
        yield Text(MARGIN, base, row.label, size, bold=row.leads)
        wide = room * (row.share or 0) / most
        opacity = 1 if row.leads else FAINT
        yield Box(start, middle - thick / 2, max(wide, 1), thick, accent, opacity)
        yield from columns.of(row, base)


class Stack:
    """Rows one below the other: the label, and on the line below it its bar."""

    def __init__(self, rows: Sequence[Row], pitch: float, accent: str, *, square: bool) -> None:
        self._pitch = pitch
        self._accent = accent
        self._size = size_in(pitch)
        self._square = square
        self._columns = Columns(rows, self._size)

    def row(self, row: Row, y: float, most_lines: int) -> tuple[list[Text | Box], float]:
        """The row that begins at `y`, and where it ends."""
        size, figured = self._size, row.share is not None
        start = MARGIN if figured else MARGIN + MARK_ROOM
        room = EDGE - start - (self._columns.room if figured else 0)
        written = lines.wrapped(row.label, room, size, most_lines, bold=row.leads)
        base = y + (self._pitch - 6 + size * 0.72) / 2
        end = y + self._pitch + (len(written) - 1) * size * 1.3
        drawn: list[Text | Box] = [
            Text(start, base + place * size * 1.3, line, size, bold=row.leads)
            for place, line in enumerate(written)
        ]
        drawn += self._columns.of(row, base) if figured else [self._mark(base - size * 0.36)]
        return [*drawn, *self._rule(row, end)], end

    def _mark(self, middle: float) -> Box:
        """What stands for a radio button or a checkbox."""
        radius = 2.0 if self._square else 5.5
        return Box(MARGIN + 1, middle - 5.5, 11, 11, QUIET, radius=radius, outlined=True)

    def _rule(self, row: Row, y: float) -> Shapes:
        yield Box(MARGIN, y - 1, INNER, 1, LINE)
        if row.share:
            wide, thick = INNER * min(row.share, 100) / 100, 5 if self._pitch > TIGHT else 3
            opacity = 1 if row.leads else FAINT
            yield Box(MARGIN, y - thick, wide, thick, self._accent, opacity)
