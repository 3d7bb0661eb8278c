"""Themes: colours for the widget's custom properties, and nothing else that CSS can say."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from service.errors import FieldError

PROPERTIES = (
    "--voxpop-accent",
    "--voxpop-on-accent",
    "--voxpop-bar",
    "--voxpop-line",
    "--voxpop-error",
)
NUMBER = r"[+-]?(\d{1,4}(\.\d{1,6})?|\.\d{1,6})(%|deg|turn|rad|grad)?"
COLOUR = re.compile(
    r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})"
    r"|[a-z]{3,24}"
    rf"|(rgba?|hsla?|hwb|lab|lch|oklab|oklch)\( ?{NUMBER}([ ,/]{{1,3}}{NUMBER}){{2,3}} ?\)",
    re.IGNORECASE,
)


def faults(pointer: str, theme: Mapping[str, Any]) -> Iterator[FieldError]:
    """What is wrong with the theme: other properties than the widget's, values that are no plain
    colour (a name, a hexadecimal number, a colour function of numbers)."""
    for name, value in theme.items():
        where = f"{pointer}/{str(name)[:40].replace('~', '~0').replace('/', '~1')}"
        if name not in PROPERTIES:
            yield FieldError(where, f"Must be one of {', '.join(PROPERTIES)}.")
        elif not isinstance(value, str) or not COLOUR.fullmatch(value):
            yield FieldError(where, "Must be a CSS colour such as #2a6bd0.")
