"""Slugs: the public names of polls and sites, in letters that any address can hold."""

import re
import secrets
import unicodedata
from collections.abc import Iterator
from itertools import count, islice

from service.errors import FieldError

LONGEST = 64
SLUG = re.compile(rf"[a-z0-9-]{{1,{LONGEST}}}")
RESERVED = frozenset({"new"})  # the pages where new ones are made stand at this address
LETTERS = str.maketrans(  # the letters that Unicode does not take apart by itself
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l"}
    | dict(zip("абвгдезиклмнопрстуфыэ", "abvgdeziklmnoprstufye", strict=True))
    | {
        "ж": "zh",
        "\u0445": "kh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "shch",
        "ю": "yu",
        "я": "ya",
    }
    | {"ъ": "", "ь": "", "\u0456": "i", "\u0454": "ie", "\u0491": "g"}
)
# Scripts whose letters Unicode calls by their sounds; those of others it calls by names: `alpha`.
SPOKEN = re.compile(
    r"(DEVANAGARI|BENGALI|GUJARATI|GURMUKHI|ORIYA|TAMIL|TELUGU|KANNADA|MALAYALAM|SINHALA"
    r"|HIRAGANA|KATAKANA|ETHIOPIC|CYRILLIC)\b.* LETTER ([A-Z]+)"
)
NUMBERED_TRIES = 20


def faults(pointer: str, slug: str) -> Iterator[FieldError]:
    """What is wrong with the slug."""
    if not SLUG.fullmatch(slug):
        yield FieldError(pointer, f"Must be 1 to {LONGEST} of a-z, 0-9 and -.")
    elif slug in RESERVED:
        yield FieldError(pointer, "This slug has another use; choose another.", "reserved")


def of(text: str, otherwise: str) -> str:
    """A slug that speaks the text's words in Latin letters; `otherwise` where there are none."""
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(LETTERS)
    latin = "".join(_latin(character) for character in plain)
    words = re.findall(r"[a-z0-9]+", latin)
    slug = "-".join(words)
    if len(slug) > LONGEST:
        slug = slug[: LONGEST + 1].rpartition("-")[0] or slug[:LONGEST]
    return slug if slug and slug not in RESERVED else otherwise


def candidates(slug: str) -> Iterator[str]:
    """The slug, then the slug with a number, at last with chance: one of them is free."""
    yield slug
    numbers = (str(number) for number in islice(count(2), NUMBERED_TRIES))
    for suffix in (*numbers, secrets.token_hex(8)):
        yield f"{slug[: LONGEST - len(suffix) - 1].rstrip('-')}-{suffix}"


def _latin(character: str) -> str:
    """The character in Latin letters, as far as it can be had: by the name of one that stands for a
    sound (`DEVANAGARI LETTER KA`). Marks on letters fall away; what is no letter parts words."""
    if character.isascii() or not unicodedata.category(character).startswith(("L", "M")):
        return character if character.isalnum() else " "
    spoken = SPOKEN.fullmatch(unicodedata.name(character, ""))
    return spoken[2].lower() if spoken else ""
