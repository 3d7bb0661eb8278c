"""What pictures are made of: lines of words, and boxes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from service.web.pictures import directions

WIDTH = 600
MARGIN = 28
EDGE = WIDTH - MARGIN
INNER = WIDTH - 2 * MARGIN
INK, QUIET, LINE = "#16181d", "#575d68", "#d5d8de"


@dataclass(frozen=True, slots=True)
class Text:
    """A line of words, which begins at `x` or ends there. Figures end under one another whichever
    way the picture runs: `column` is how wide the widest of them is."""

    x: float
    y: float
    text: str
    size: float
    colour: str = INK
    bold: bool = False
    ends: bool = False
    column: float = 0

    @property
    def isolate(self) -> str:
        """What keeps it apart from a picture that runs the other way."""
        return directions.isolate(self.text)

    def mirrored(self) -> "Text":
        """The same where everything runs to the left."""
        if self.column:
            return replace(self, x=WIDTH - self.x + self.column)
        return replace(self, x=WIDTH - self.x, ends=not self.ends)


@dataclass(frozen=True, slots=True)
class Box:
    """A filled or outlined rectangle; with round corners it may be a circle."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    opacity: float = 1
    radius: float = 0
    outlined: bool = False

    def mirrored(self) -> "Box":
        """The same where everything runs to the left."""
        return replace(self, x=WIDTH - self.x - self.width)


class Drawing(NamedTuple):
    """All that is drawn, on a ground of this height."""

    height: int
    texts: Sequence[Text]
    boxes: Sequence[Box]

    def mirrored(self) -> "Drawing":
        """The same where everything runs to the left."""
        texts = [text.mirrored() for text in self.texts]
        return Drawing(self.height, texts, [box.mirrored() for box in self.boxes])
