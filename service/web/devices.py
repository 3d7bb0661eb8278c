"""The device that votes without JavaScript: a signed cookie, given when Vote is pressed."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from functools import lru_cache
from uuid import UUID, uuid4

import orjson
from flask import Request, Response
from itsdangerous import BadSignature, Signer

from service.config import Settings
from service.records import DuplicatePolicy, Poll

COOKIE = "voxpop_device"
SALT = "voxpop.device"
YEAR_SECONDS = 365 * 24 * 60 * 60


def token_of(request: Request, settings: Settings) -> str | None:
    """The random token of the device that asks, or nothing where it has none of ours."""
    try:
        return _signer(settings.secret_key).unsign(request.cookies.get(COOKIE, "")).decode()
    except BadSignature:
        return None


def give_token(response: Response, settings: Settings) -> None:
    """Make a device known by a new random token."""
    response.set_cookie(
        COOKIE,
        _signer(settings.secret_key).sign(secrets.token_urlsafe(18)).decode(),
        max_age=YEAR_SECONDS,
        path=settings.public_path or "/",
        secure=settings.public_url.startswith("https:"),
        httponly=True,
        samesite="Lax",
    )


def ballot_id(
    settings: Settings, poll: Poll, device: str, answers: Mapping[str, Sequence[str]]
) -> UUID:
    """The id of this device's ballot with these answers: always the same, so that a form that is
    sent twice is one ballot. Where a poll takes any number of ballots, each is another."""
    if poll.duplicate_policy is DuplicatePolicy.NONE:
        return uuid4()
    content = orjson.dumps([SALT, poll.id, device, answers], option=orjson.OPT_SORT_KEYS)
    digest = hmac.digest(settings.secret_key.encode(), content, hashlib.sha256)
    return UUID(bytes=digest[:16], version=4)


@lru_cache(maxsize=4)
def _signer(secret_key: str) -> Signer:
    return Signer(secret_key, salt=SALT, digest_method=hashlib.sha256)
