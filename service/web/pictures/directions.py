"""In which direction a text runs."""

from unicodedata import bidirectional

TO_THE_LEFT = frozenset({"R", "AL"})
DIRECTED = TO_THE_LEFT | {"L"}
# They begin a text that is set apart from what is around it, as <bdi> is.
LEFT_ISOLATE, RIGHT_ISOLATE = "\u2067", "\u2066"


def runs_left(text: str) -> bool:
    """Whether the text's first letter that has a direction runs to the left."""
    directed = (found for letter in text if (found := bidirectional(letter)) in DIRECTED)
    return next(directed, "L") in TO_THE_LEFT


def isolate(text: str) -> str:
    """What begins a line of a text; words of another script in it do not turn it around."""
    has_left = any(bidirectional(letter) in TO_THE_LEFT for letter in text)
    return LEFT_ISOLATE if has_left else RIGHT_ISOLATE
