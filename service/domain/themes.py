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
# The names of CSS Color 4.
NAMES = frozenset(
    re.findall(
        r"\w+",
        """
        aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue
        blueviolet brown burlywood cadetblue chartreuse chocolate coral cornflowerblue cornsilk
        crimson cyan darkblue darkcyan darkgoldenrod darkgray darkgreen darkgrey darkkhaki
        darkmagenta darkolivegreen darkorange darkorchid darkred darksalmon darkseagreen
        darkslateblue darkslategray darkslategrey darkturquoise darkviolet deeppink deepskyblue
        dimgray dimgrey dodgerblue firebrick floralwhite forestgreen fuchsia gainsboro ghostwhite
        gold goldenrod gray green greenyellow grey honeydew hotpink indianred indigo ivory khaki
        lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan
        lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen
        lightskyblue lightslategray lightslategrey lightsteelblue lightyellow lime limegreen linen
        magenta maroon mediumaquamarine mediumblue mediumorchid mediumpurple mediumseagreen
        mediumslateblue mediumspringgreen mediumturquoise mediumvioletred midnightblue mintcream
        mistyrose moccasin navajowhite navy oldlace olive olivedrab orange orangered orchid
        palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff peru pink plum
        powderblue purple rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown
        seagreen seashell sienna silver skyblue slateblue slategray slategrey snow springgreen
        steelblue tan teal thistle tomato transparent turquoise violet wheat white whitesmoke
        yellow yellowgreen currentcolor
        """,
    )
)
NUMBER = r"[+-]?(\d{1,4}(\.\d{1,6})?|\.\d{1,6})(%|deg|turn|rad|grad)?"
COLOUR = re.compile(
    r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})"
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
        elif not isinstance(value, str) or not _is_colour(value):
            yield FieldError(where, "Must be a CSS colour such as #2a6bd0.")


def _is_colour(value: str) -> bool:
    return value.lower() in NAMES or COLOUR.fullmatch(value) is not None
