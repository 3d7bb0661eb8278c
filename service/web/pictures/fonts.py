"""The fonts that pictures are drawn with, and how wide a text becomes in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from unicodedata import category

import uharfbuzz as hb

FOLDER = Path(__file__).resolve().parent.parent.parent / "fonts"
# The one to look into first stands before the others.
FILES = {
    "Noto Sans": "NotoSans-{}.ttf",
    "Noto Sans Arabic": "NotoSansArabic-{}.ttf",
    "Noto Sans Devanagari": "NotoSansDevanagari-{}.ttf",
    "Noto Sans CJK SC": "NotoSansCJKsc-{}.otf",
}
ANY_FAMILY = "sans-serif"
USUAL_WIDTH = 0.6  # of a letter in a font that we do not have, against its size


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A font file, ready to measure with."""

    family: str
    path: str
    font: hb.Font
    letters: frozenset[int]
    per_em: int


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a text that one font has all letters of; none of ours, where there is no face."""

    text: str
    face: Face | None

    @property
    def family(self) -> str:
        """What the font is called."""
        return self.face.family if self.face else ANY_FAMILY


@cache
def faces(*, bold: bool = False) -> tuple[Face, ...]:
    """Our fonts of the weight."""
    weight = "Bold" if bold else "Regular"
    return tuple(_open(family, FOLDER / name.format(weight)) for family, name in FILES.items())


@lru_cache(maxsize=10_000)
def runs(text: str, *, bold: bool = False) -> tuple[Run, ...]:
    """The text by font. What several have, such as spaces, stays with the letters before it: in
    many scripts neighbours change each other's shape."""
    return tuple(_runs(text, faces(bold=bold)))


def lead(text: str, *, bold: bool = False) -> str:
    """The font to begin the text's drawing with. The drawing library shapes all of a text in each
    of its fonts and puts the runs together again, which goes wrong with letters that change places
    unless their font is the first."""
    families = [run.family for run in runs(text, bold=bold)]
    usual = faces()[0].family
    return next((family for family in families if family != usual), usual)


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide the text is when it is drawn at the size."""
    return size * sum(_width(run) for run in runs(text, bold=bold))


def files_for(text: str) -> list[str]:
    """The font files that the text needs; the large one only where it is needed."""
    used = {run.family for run in runs(text)}
    both = (*faces(), *faces(bold=True))
    return [face.path for face in both if face.family in used]


def are_enough_for(text: str) -> bool:
    """Whether our fonts have every letter and sign of the text."""
    unknown = "".join(run.text for run in runs(text) if run.face is None)
    return all(category(letter)[0] in "CZ" for letter in unknown)


def _runs(text: str, ours: tuple[Face, ...]) -> Iterator[Run]:
    face, start = None, 0
    for place, letter in enumerate(text):
        if face is not None and ord(letter) in face.letters:
            continue
        other = next((one for one in ours if ord(letter) in one.letters), None)
        if other is not face and place > start:
            yield Run(text[start:place], face)
            start = place
        face = other
    if text:
        yield Run(text[start:], face)


def _width(run: Run) -> float:
    """How wide the run is at the size 1, shaped."""
    if run.face is None:
        return len(run.text) * USUAL_WIDTH
    buffer = hb.Buffer()
    buffer.add_str(run.text)
    buffer.guess_segment_properties()
    hb.shape(run.face.font, buffer)
    advances: list[int] = [place.x_advance for place in buffer.glyph_positions]
    return sum(advances) / run.face.per_em


def _open(family: str, path: Path) -> Face:
    face = hb.Face(hb.Blob.from_file_path(str(path)))
    return Face(family, str(path), hb.Font(face), frozenset(face.unicodes), face.upem)
