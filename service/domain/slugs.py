"""Slugs: the public names of polls and sites, in letters that any address can hold."""

import re
import secrets
from collections.abc import Iterator
from itertools import count, islice

from service.domain import latin
from service.errors import FieldError

LONGEST = 64
SLUG = re.compile(rf"[a-z0-9-]{{1,{LONGEST}}}")
RESERVED = frozenset({"new"})  # the pages where new ones are made stand at this address
NUMBERED_TRIES = 20


def faults(pointer: str, slug: str) -> Iterator[FieldError]:
    """What is wrong with the slug."""
    if not SLUG.fullmatch(slug):
        yield FieldError(pointer, f"Must be 1 to {LONGEST} of a-z, 0-9 and -.")
    elif slug in RESERVED:
        yield FieldError(pointer, "This slug has another use; choose another.", "reserved")


def of(text: str, otherwise: str) -> str:
    """A slug that speaks the text's words in Latin letters; `otherwise` where there are none."""
    words = re.findall(r"[a-z0-9]+", latin.of(text))
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
