"""Texts in Latin letters, as far as they can be had by what Unicode calls the letters."""

import re
import unicodedata

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
ACCENTS = re.compile("[\u0300-\u036f]")
# Scripts whose letters Unicode calls by their sounds; those of others it calls by names: `alpha`.
SPOKEN = re.compile(r"(HIRAGANA|KATAKANA|ETHIOPIC|CYRILLIC)\b.* LETTER ([A-Z]+)")
# Those of India, in which a consonant has an `a` that signs behind it replace or take away.
INDIAN = re.compile(
    r"(?:DEVANAGARI|BENGALI|GUJARATI|GURMUKHI|ORIYA|TAMIL|TELUGU|KANNADA|MALAYALAM)"
    r"(?: (LETTER|VOWEL SIGN|SIGN))?(?: (VOCALIC|CHILLU|KHANDA|CANDRA|SHORT))? ([A-Z]+)"
)
SOUNDS = {
    "CA": "cha",
    "CHA": "chha",
    "SSA": "sha",
    "ANUSVARA": "n",
    "VISARGA": "h",
} | dict.fromkeys(("CANDRABINDU", "BINDI", "TIPPI"), "n")

SOUNDS_AS = {
    "MALAYALAM AU LENGTH MARK": "MALAYALAM VOWEL SIGN AU",
    "MALAYALAM SIGN ANUSVARA": "MALAYALAM LETTER CHILLU M",
}


def of(text: str) -> str:
    """The text in small Latin letters and digits; spaces stand for what parts words, and nothing
    for letters that cannot be told. Accents fall away."""
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(LETTERS)
    latin = ""
    for character in unicodedata.normalize("NFC", ACCENTS.sub("", plain)):
        name = unicodedata.name(character, "")
        if indian := INDIAN.fullmatch(SOUNDS_AS.get(name, name)):
            latin = _spelt(latin, *indian.groups())
        else:
            latin += _letter(character, name)
    return latin


def _letter(character: str, name: str) -> str:
    kind = unicodedata.category(character)
    if kind == "Nd":
        return str(unicodedata.decimal(character))
    if character.isascii():
        return character if character.isalnum() else " "
    if kind[0] not in "LM":
        return "" if kind == "Cf" else " "  # a joiner of letters is inside a word
    spoken = SPOKEN.fullmatch(name)
    return spoken[2].lower() if spoken else ""


def _spelt(latin: str, kind: str | None, quality: str | None, sound: str) -> str:
    """The word with one more letter or sign of India: `DEVANAGARI VOWEL SIGN II`. Doubled letters
    in names (`TTA`, `II`) tell sounds apart for which Latin has one letter."""
    if sound == "VIRAMA":
        return latin.removesuffix("a")
    if kind in ("LETTER", "VOWEL SIGN"):
        spelt = SOUNDS.get(sound) or re.sub(r"(.)\1+", r"\1", sound.lower())
        spelt = spelt + "i" if quality == "VOCALIC" else spelt
        spelt = spelt.removesuffix("a") if quality in ("CHILLU", "KHANDA") else spelt
        return (latin.removesuffix("a") if kind == "VOWEL SIGN" else latin) + spelt
    return latin + SOUNDS.get(sound, "")
