"""Edits name the version that they have seen: `If-Match`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from flask import request

from service.errors import StaleEdit, VersionMissing
from service.web.errors import CURRENT_ETAG
from service.web.rendering import Rendered

Version = TypeVar("Version")


def check(current: Rendered) -> None:
    """Return if the program has seen what stands now. `*` means: whatever stands.

    Raises VersionMissing, StaleEdit; the answer to the latter gives the ETag that stands.
    """
    if "If-Match" not in request.headers:
        raise VersionMissing
    if not request.if_match.contains(current.etag):
        _tell(current)
        raise StaleEdit


def named(version: Version) -> Version | None:
    """The version, to which the program holds the act; None where it takes whatever stands, also
    what somebody else makes of it in this moment."""
    return None if request.if_match.star_tag else version


@contextmanager
def telling(current: Callable[[], Rendered]) -> Iterator[None]:
    """Have the refusal of an act, before which somebody else was faster, give the ETag that stands.
    Raises StaleEdit."""
    try:
        yield
    except StaleEdit:
        _tell(current())
        raise


def _tell(current: Rendered) -> None:
    request.environ[CURRENT_ETAG] = f'"{current.etag}"'
