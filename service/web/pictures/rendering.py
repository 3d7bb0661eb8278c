"""A scene as SVG, and as PNG: drawn once for all who ask."""

import hashlib
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

import resvg_py
from flask import render_template

from service.web import xml
from service.web.pictures import drawing, fonts
from service.web.pictures.drawing import Form
from service.web.pictures.scene import Scene

ZOOM = 2
KEPT = 200

_one_at_a_time = Lock()


class Picture(NamedTuple):
    """A drawn scene; `words` is all that is written in it."""

    svg: str
    words: str

    @property
    def etag(self) -> str:
        """What names the picture's content."""
        return hashlib.blake2b(self.svg.encode(), digest_size=8).hexdigest()

    @property
    def png(self) -> bytes:
        """The picture with two pixels a unit. To draw takes a processor for some hundredths of a
        second: however many ask, this process draws one picture at a time, and each once."""
        with _one_at_a_time:
            return _png(self.svg, self.words)


def draw(scene: Scene, form: Form) -> Picture:
    """The scene in the form."""
    drawn = drawing.draw(scene, form)
    svg = render_template(
        "picture.svg",
        name=scene.headline,
        height=drawn.height,
        texts=drawn.texts,
        boxes=drawn.boxes,
        runs=fonts.runs,
        lead=fonts.lead,
    )
    return Picture(xml.clean(svg), scene.words)


@lru_cache(maxsize=KEPT)
def _png(svg: str, words: str) -> bytes:
    """The machine's own fonts are looked through only for what ours do not have: that is slow."""
    return resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=ZOOM,
        font_files=fonts.files_for(words),
        skip_system_fonts=fonts.are_enough_for(words),
    )
