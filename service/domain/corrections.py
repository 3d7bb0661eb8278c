"""Corrections of texts that readers have voted by, told from changes of what they say.

Case, punctuation, accents and spacing are free. Besides, one letter may be added, left out or
changed, or change places with the next, in a word of five letters and more and behind the first two
of them. No word comes or goes, and none is negated: `Legal` cannot become `Illegal`, nor `Yes` `No`
by way of `Yos` and `Nos`. Numbers, and characters that are words or syllables by themselves, as in
Chinese, stay what they are.
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import takewhile

SHORTEST = 5
BEGINNING = 2
ACCENTS = re.compile("[\u0300-\u036f\ufe00-\ufe0f]")  # and what says how an emoji is to look
APOSTROPHES = re.compile(r"(?<=\w)['\u2019\u02bc](?=\w)")
MINUS = re.compile(r"(?<![\w)])[-\u2013](?=\d)")
NUMBERS = re.compile(r"\d+")
WHOLE = ("CJK ", "HIRAGANA ", "KATAKANA ", "HANGUL ")
SIGNS = "%‰"
RULE = (
    "Once readers have voted, a correction changes case, accents, punctuation or spacing, or one "
    f"letter of a word of {SHORTEST} letters or more that keeps its first {BEGINNING}."
)


def is_correction(old: str, new: str, others: Sequence[str] = ()) -> bool:
    """Whether the new text says what the old one said, and none of the others."""
    before, after = _words(old), _words(new)
    if _joined(before) == _joined(after):
        return True
    if any(_is_close(_words(other), after) for other in others):
        return False
    return _is_close(before, after)


def _is_close(old: Sequence[str], new: Sequence[str]) -> bool:
    if len(old) != len(new):
        return False
    return all(a == b or _is_slip(a, b) for a, b in zip(old, new, strict=True))


def _is_slip(old: str, new: str) -> bool:
    """Whether one letter makes the difference between the two words."""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
    if min(len(old), len(new)) < SHORTEST or same < BEGINNING or not (old + new).isalpha():
        return False
    left, right = old[same:], new[same:]
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
    return swapped or left[1:] == right or left == right[1:] or left[1:] == right[1:]


def _words(text: str) -> list[str]:
    """The text's words, and its symbols (an emoji, a plus) as words of their own."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = MINUS.sub("\u2212", APOSTROPHES.sub("", ACCENTS.sub("", plain)))
    return "".join(map(_spaced, unicodedata.normalize("NFC", plain))).split()


def _spaced(character: str) -> str:
    """The character; a space where it parts words, spaces about it where it is one itself."""
    kind = unicodedata.category(character)
    if kind[0] == "S" or character in SIGNS:
        return f" {character} "
    if kind[0] in "LN":
        is_whole = unicodedata.name(character, "").startswith(WHOLE)
        return f" {character} " if is_whole else character
    return character if kind in ("Mn", "Mc") else " "


def _joined(words: Sequence[str]) -> tuple[str, list[str]]:
    """What is left of the words where spacing does not count; between digits it does."""
    return "".join(words), NUMBERS.findall(" ".join(words))
