"""Finds what there is to translate, for Babel's command line: `make translations`."""

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

Found = tuple[int, str | None, str | tuple[str, ...], list[str]]
"""A message as Babel takes it: line, the function that says it, its text or texts, comments."""

KEY = re.compile(r'^  "(\w+)":')
NOT_A_TEXT = "locale"


def texts(file: BinaryIO, *_: Any, **__: Any) -> Iterator[Found]:
    """The widget's texts, each with the key that the widget knows it by."""
    source = file.read().decode()
    lines = {
        found[1]: number
        for number, line in enumerate(source.splitlines(), 1)
        if (found := KEY.match(line))
    }
    for key, text in json.loads(source).items():
        if key == NOT_A_TEXT:
            continue
        forms = (text["one"], text["other"]) if isinstance(text, dict) else text
        yield lines[key], "ngettext" if isinstance(text, dict) else None, forms, [f"Widget: {key}"]
