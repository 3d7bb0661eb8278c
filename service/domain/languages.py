"""Which languages there are, and what they are called: the names of CLDR, in English."""

import re
from functools import lru_cache

from babel import Locale
from babel.core import get_global

ENGLISH = Locale("en")
TAG = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|[0-9]{3}))?", re.IGNORECASE | re.ASCII)
MOST_KEPT = 1000
NONE = frozenset({"mul", "und", "zxx"})
RIGHT_TO_LEFT = frozenset(
    {"Adlm", "Arab", "Aran", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"}
)


def normal(tag: str) -> str | None:
    """The tag (BCP 47) in its usual letters, `zh-Hant` or `pt-BR`; None where there is no such
    language, script or place, and for tags that say more than these."""
    parts = _parts(tag)
    if parts is None or parts[0] in NONE:
        return None
    language, script, place = parts
    known = (
        language in ENGLISH.languages
        and (not script or script in ENGLISH.scripts)
        and (not place or place in ENGLISH.territories)
    )
    return "-".join(filter(None, parts)) if known else None


def is_none(tag: str) -> bool:
    """Whether the tag names no language in particular: `und`, `mul-Latn`."""
    return re.split("[-_]", tag.lower(), maxsplit=1)[0] in NONE


@lru_cache(MOST_KEPT)
def name(tag: str) -> str:
    """`Arabic`, `Brazilian Portuguese`, `French (Morocco)`; the tag of what has no name."""
    if normal(tag) is None:
        return tag
    language, script, place = _parts(tag) or (tag, "", "")
    whole = ENGLISH.languages.get("_".join(filter(None, (language, script, place))))
    if whole:
        return str(whole)
    details = [ENGLISH.scripts.get(script), ENGLISH.territories.get(place)]
    return f"{ENGLISH.languages[language]} ({', '.join(filter(None, details))})"


def direction(tag: str) -> str:
    """`rtl` where the language is written from right to left, else `ltr`."""
    language, script, place = _parts(tag) or ("", "", "")
    return "rtl" if (script or _usual_script(language, place)) in RIGHT_TO_LEFT else "ltr"


def listed() -> list[tuple[str, str]]:
    """The languages to choose from, by name: each one, and its kinds that have names."""
    tags = (str(each).replace("_", "-") for each in ENGLISH.languages)
    return sorted(((tag, name(tag)) for tag in tags if normal(tag) == tag), key=lambda one: one[1])


def _parts(tag: str) -> tuple[str, str, str] | None:
    """Language, script and place."""
    match = TAG.fullmatch(tag)
    if match is None:
        return None
    language, script, place = (part or "" for part in match.groups())
    return language.lower(), script.title(), place.upper()


def _usual_script(language: str, place: str) -> str:
    likely = get_global("likely_subtags")
    full = likely.get(f"{language}_{place}") or likely.get(language) or ""
    return next((part for part in full.split("_")[1:] if len(part) == len("Arab")), "")
