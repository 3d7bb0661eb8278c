"""Edits name the version that they have seen: `If-Match`."""

from flask import request

from service.errors import StaleEdit, VersionMissing
from service.web.errors import CURRENT_ETAG
from service.web.rendering import Rendered


def check(current: Rendered) -> None:
    """Return if the program has seen what stands now. `*` means: whatever stands.

    Raises VersionMissing, StaleEdit; the answer to the latter gives the ETag that stands.
    """
    if "If-Match" not in request.headers:
        raise VersionMissing
    if not request.if_match.contains(current.etag):
        tell(current)
        raise StaleEdit


def tell(current: Rendered) -> None:
    """Have the refusal of an edit give the ETag that stands."""
    request.environ[CURRENT_ETAG] = f'"{current.etag}"'
