"""The order of words in a language's alphabet.

Letters compare without case and marks first, as in the root order of Unicode (UTS 10). Where a
language counts a marked letter as one of its own, OWN_LETTERS names it behind the letter that it
follows. Pairs that count as one letter (Czech ch, Hungarian sz) are not known here.
"""

import unicodedata
from functools import cache

DOTLESS_I = "\N{LATIN SMALL LETTER DOTLESS I}"
OWN_LETTERS = {
    "cs": "cč rř sš zž",
    "da": "zæøå",
    "es": "nñ",
    "fi": "zåäö",
    "hr": "cčć dđ sš zž",
    "hu": "oöő uüű",
    "nb": "zæøå",
    "nn": "zæøå",
    "no": "zæøå",
    "pl": "aą cć eę lł nń oó sś zźż",
    "ro": "aăâ iî sș tț",
    "sk": "aä cč oô sš zž",
    "sv": "zåäö",
    "tr": f"cç gğ h{DOTLESS_I} oö sş uü",
}
# Letters that Unicode does not take apart, as the root order does.
PLAIN = str.maketrans({"æ": "ae", "đ": "d", "ł": "l", "œ": "oe", "ø": "o"})

Weight = tuple[str, int]


def sort_key(text: str, locale: str) -> tuple[list[Weight], str]:
    """What orders the text among others in the locale's language."""
    language = locale.split("-")[0].lower()
    small = unicodedata.normalize("NFC", _lower(text, language))
    own = _own(language)
    weights = [weight for letter in small for weight in own.get(letter) or _plain(letter)]
    return weights, small


def _lower(text: str, language: str) -> str:
    if language == "tr":  # whose dotless i is a letter of its own in both sizes
        text = text.replace("I", DOTLESS_I).replace("İ", "i")
    return text.casefold()


@cache
def _own(language: str) -> dict[str, list[Weight]]:
    """The weights of the language's own letters."""
    return {
        letter: [(group[0], place)]
        for group in OWN_LETTERS.get(language, "").split()
        for place, letter in enumerate(group)
    }


@cache
def _plain(letter: str) -> list[Weight]:
    """The weights of a letter without its marks."""
    parts = unicodedata.normalize("NFD", letter.translate(PLAIN))
    return [(part, 0) for part in parts if not unicodedata.combining(part)]
