"""`python -m deploy.languages`: the languages that the proxy tells apart, as nginx maps them."""

from collections.abc import Iterator
from pathlib import Path

from service.domain import languages, locales

FILE = Path(__file__).with_name("languages.conf")
HEAD = """\
# Made by `python -m deploy.languages`: the languages that owners choose from for their polls, and
# their other names. nginx finds them in whatever letters they are asked for.
"""
# Where Chinese is written in traditional letters: the service knows which by these places too.
PLACES_OF_CHINESE = ("zh-HK", "zh-MO", "zh-TW")


def text() -> str:
    """The whole file."""
    return HEAD + "".join(f"{asked} locale={tag};\n" for asked, tag in sorted(_known()))


def _known() -> Iterator[tuple[str, str]]:
    yield from ((tag, tag) for tag, _ in languages.listed())
    yield from ((tag, tag) for tag in PLACES_OF_CHINESE)
    yield from locales.SAME.items()


if __name__ == "__main__":
    FILE.write_text(text(), encoding="ascii")
