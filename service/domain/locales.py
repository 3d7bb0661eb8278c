"""Languages as BCP 47 tags name them, and which of those there are fits one best."""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

LONGEST_TAG = 35
# A language of two letters or three, then subtags; with `_` too, as some programs write it.
TAG = re.compile(r"([a-z]{2,3})((?:[-_][a-z0-9]{1,8})*)", re.IGNORECASE | re.ASCII)
# Languages by names that are out of use, or that are kinds of one that goes by its own name.
SAME = {"in": "id", "iw": "he", "zsm": "ms", "cmn": "zh", "arb": "ar", "pes": "fa", "prs": "fa"}
# Chinese is written in two scripts. Where none is named, the place says which; of none it is hans.
SCRIPTS = ("hant", "hans")
TRADITIONAL = frozenset({"tw", "hk", "mo"})
MOST_KEPT = 1000


def match(tag: str, available: Collection[str]) -> str | None:
    """Which of the available tags fits the asked one best: the same, one less exact, another kind
    of its language; None where none does or `tag` is no tag.

    `zh-TW` is written as `zh-Hant` and `zh-HK` are, so these come before `zh`.
    """
    return _match(tag, tuple(available)) if is_tag(tag) else None


def is_tag(tag: str) -> bool:
    """Whether that is how a language can be named; there need be none of this name."""
    return len(tag) <= LONGEST_TAG and bool(TAG.fullmatch(tag))


@lru_cache(MOST_KEPT)
def _match(tag: str, available: tuple[str, ...]) -> str | None:
    known = {each.lower(): each for each in available}
    language, *others = tag.lower().replace("_", "-").split("-")
    wanted = _wanted(SAME.get(language, language), others, known)
    return next((known[each] for each in wanted if each in known), None)


def _wanted(language: str, others: list[str], known: Iterable[str]) -> Iterator[str]:
    """What would do, the best first."""
    for length in range(len(others), 0, -1):
        yield "-".join([language, *others[:length]])
    if language == "zh":
        yield f"zh-{_script(others)}"
        yield from _alike(others, known)
    yield language
    yield from (each for each in known if each.startswith(f"{language}-"))


def _alike(others: list[str], known: Iterable[str]) -> list[str]:
    """The kinds of Chinese in the same script, first what has most in common with the asked one."""
    kinds = [each for each in known if each.partition("-")[0] == "zh"]
    alike = [each for each in kinds if _script(each.split("-")[1:]) == _script(others)]
    return sorted(alike, key=lambda each: (-len(set(others) & set(each.split("-"))), len(each)))


def _script(others: list[str]) -> str:
    """The script of the Chinese with these subtags."""
    named = next((each for each in others if each in SCRIPTS), None)
    return named or ("hant" if TRADITIONAL & set(others) else "hans")
