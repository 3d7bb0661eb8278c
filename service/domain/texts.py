"""What any text of an owner must be, whatever it is for."""

import re
import unicodedata
from collections.abc import Iterator

from service.errors import FieldError

LINE_END = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
FORBIDDEN = frozenset({"Cc", "Cs", "Zl", "Zp"})  # controls, surrogates, odd line ends
INVISIBLE = frozenset({"Cf", "Mn"})


def tidy(text: str, *, lines: bool = False) -> str:
    """The text without spaces around it, each character in one way of writing it (NFC).

    What came with a paste is a space: a tab, or the end of a line where `lines` says of none.
    """
    text = LINE_END.sub("\n" if lines else " ", unicodedata.normalize("NFC", text))
    return text.replace("\t", " ").strip()


def tidy_or_none(text: str | None, *, lines: bool = False) -> str | None:
    """The tidied text; None for one that says nothing."""
    return tidy(text, lines=lines) or None if text else None


def folded(text: str) -> str:
    """The text as readers tell texts apart: without case, doubled spaces and letter forms."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def faults(
    pointer: str, text: str, longest: int, *, required: bool = True, lines: bool = False
) -> Iterator[FieldError]:
    """What is wrong with the text; `lines` lets it have several."""
    if required and not any(_is_seen(character) for character in text):
        yield FieldError(pointer, "Must not be empty.")
    if len(text) > longest:
        yield FieldError(pointer, f"Must be at most {longest} characters.")
    if any(_is_forbidden(character, lines) for character in text):
        yield FieldError(pointer, "Must not hold control characters.")
    if any(_is_none(character) for character in text):
        yield FieldError(pointer, "Must not hold what is no character in Unicode.")


def _is_seen(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) not in INVISIBLE


def _is_forbidden(character: str, lines: bool) -> bool:
    return unicodedata.category(character) in FORBIDDEN and not (lines and character == "\n")


def _is_none(character: str) -> bool:
    """Whether Unicode keeps it for programs. Such are not for texts: not even XML holds all."""
    code = ord(character)
    return 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE
