"""Where everything in a picture stands. A unit is two pixels; all forms are 600 units wide."""

import re
from collections.abc import Iterable, Sequence
from math import ceil
from typing import NamedTuple

from service.phrases import Phrase
from service.web.pictures import figures, fonts, lines
from service.web.pictures.scene import Row, Scene
from service.web.pictures.shapes import EDGE, INK, INNER, MARGIN, QUIET, Box, Drawing, Text

ACCENT = "#2a6bd0"
DRAWABLE = re.compile(r"#[0-9a-f]{3,8}|[a-z]+|(rgb|hsl)a?\([^()]*\)", re.IGNORECASE)
HEAD = 38
FOOT = 52
LEAST_PITCH, USUAL_PITCH, MOST_PITCH = 20.0, 36.0, 46.0
LEADING = 1.24
LEAST_SIZE = 9.5
# A poll may hold far more. While a picture becomes a PNG, its process does nothing else.
MOST_ROWS = 24


class Form(NamedTuple):
    """How a kind of picture is filled: the sizes of the headline to try, how many lines it and a
    label may take, and the height, if that is fixed."""

    sizes: tuple[float, ...]
    headline_lines: int
    label_lines: int
    height: int | None = None


CARD = Form(sizes=(26, 22, 19), headline_lines=3, label_lines=1, height=315)
COLUMN = Form(sizes=(26, 22), headline_lines=8, label_lines=3)


def draw(scene: Scene, form: Form) -> Drawing:
    """The scene in the form."""
    drawn = _Pen(scene, form).draw()
    return drawn.mirrored() if scene.runs_left else drawn


class _Pen:
    """Draws from the top to the bottom, as if everything were written from left to right."""

    def __init__(self, scene: Scene, form: Form) -> None:
        self._scene = scene
        self._form = form
        drawable = scene.accent and DRAWABLE.fullmatch(scene.accent)
        self._accent = scene.accent if scene.accent and drawable else ACCENT
        self._texts: list[Text] = []
        self._boxes: list[Box] = []
        self._y = 0.0

    def draw(self) -> Drawing:
        self._head()
        self._rows()
        height = self._foot()
        return Drawing(height, self._texts, self._boxes)

    def _head(self) -> None:
        """The publisher and the question."""
        self._boxes.append(Box(MARGIN, 0, 44, 7, self._accent))
        self._line(self._scene.kicker, 32, 12.5, QUIET)
        size, written = self._headline()
        self._y = float(HEAD)
        for line in written:
            self._y += size * LEADING
            self._texts.append(Text(MARGIN, self._y - size * 0.2, line, size, bold=True))
        self._y += 8

    def _headline(self) -> tuple[float, list[str]]:
        """The question in the largest size in which it takes one line, else two, else in the
        smallest."""
        most = self._form.headline_lines
        tried = [
            (size, lines.wrapped(self._scene.headline, INNER, size, most, bold=True))
            for size in self._form.sizes
        ]
        for enough in (1, 2):
            for size, written in tried:
                if len(written) <= enough:
                    return size, written
        return tried[-1]

    def _rows(self) -> None:
        """The choices, as many as there is room for."""
        scene = self._scene
        rows, pitch = self._fitting()
        fixed = self._form.height is not None and scene.has_figures
        bars = figures.beside(rows, self._y, pitch, self._accent) if fixed else None
        if bars is not None:
            self._add(bars)
            self._y += pitch * len(rows)
        else:
            self._stack(rows, pitch)
        if left_out := len(scene.rows) - len(rows):
            more = scene.writing.said(Phrase("and {n} more", n=left_out))
            self._y += 16
            self._line(more, self._y, 12.5, QUIET)

    def _stack(self, rows: Sequence[Row], pitch: float) -> None:
        square = self._scene.takes_several
        stack = figures.Stack(rows, pitch, self._accent, square=square)
        for row in rows:
            drawn, self._y = stack.row(row, self._y, self._form.label_lines)
            self._add(drawn)

    def _fitting(self) -> tuple[Sequence[Row], float]:
        """The rows to draw, and how high each is at least. Where not all fit, those with the most
        votes are drawn."""
        rows = self._scene.rows
        if self._form.height is None or not rows:
            return _foremost(rows, MOST_ROWS), USUAL_PITCH
        room = self._form.height - FOOT - self._y
        if room >= LEAST_PITCH * len(rows):
            return rows, min(MOST_PITCH, room / len(rows))
        return _foremost(rows, max(1, int(room / LEAST_PITCH) - 1)), LEAST_PITCH

    def _foot(self) -> int:
        """What is said below the figures; where the picture ends."""
        scene = self._scene
        bottom = self._form.height or ceil(self._y) + FOOT + 8
        self._pair(bottom - 32, 12.5, scene.status, scene.moment, bold=True)
        self._pair(bottom - 15, 11.5, scene.note, scene.place)
        return bottom

    def _pair(self, y: float, size: float, first: str, last: str, *, bold: bool = False) -> None:
        """Two texts in a line, one at each of its ends, somewhat smaller where they must be; the
        first has what room it needs, and the last is whole or not there."""
        wide = fonts.width(first, 1, bold=bold) + fonts.width(last, 1)
        size = max(LEAST_SIZE, min(size, (INNER - figures.GAP) / wide)) if wide else size
        self._line(first, y, size, INK if bold else QUIET, bold=bold)
        if last and size * wide + figures.GAP <= INNER + 1:
            self._texts.append(Text(EDGE, y, last, size, QUIET, ends=True))

    def _line(self, text: str, y: float, size: float, colour: str, *, bold: bool = False) -> None:
        for line in lines.wrapped(text, INNER, size, 1, bold=bold):
            self._texts.append(Text(MARGIN, y, line, size, colour, bold=bold))

    def _add(self, shapes: Iterable[Text | Box]) -> None:
        for shape in shapes:
            if isinstance(shape, Text):
                self._texts.append(shape)
            else:
                self._boxes.append(shape)


def _foremost(rows: Sequence[Row], most: int) -> Sequence[Row]:
    """All of the rows, or those with the most votes where there are more."""
    if len(rows) <= most:
        return rows
    return sorted(rows, key=lambda row: -(row.share or 0))[:most]
