"""Languages as BCP 47 tags name them, and which of those there are fits one best."""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

LONGEST_TAG = 35
# A language of two letters or three, then subtags; with `_` too, as some programs write it.
TAG = re.compile(r"([a-z]{2,3})((?:[-_][a-z0-9]{1,8})*)", re.IGNORECASE | re.ASCII)
# Languages by names that are out of use, or that are kinds of one that goes by its own name.
SAME = {"in": "id", "iw": "he", "zsm": "ms", "cmn": "zh", "arb": "ar", "pes": "fa", "prs": "fa"}
# Chinese is written in two scripts, and a place says which as well as the script's own name.
TRADITIONAL = frozenset({"hant", "tw", "hk", "mo"})
MOST_KEPT = 1000


def match(tag: str, available: Collection[str]) -> str | None:
    """Which of the available tags fits the asked one best: the same, one less exact, another kind
    of its language; None where none does or `tag` is no tag.

    `zh-TW` is written as `zh-Hant` is, so that comes before `zh`.
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
        yield "zh-hant" if TRADITIONAL & set(others) else "zh-hans"
    yield language
    yield from (each for each in known if each.startswith(f"{language}-"))
