"""Calls that make something are safe to send again: `Idempotency-Key`."""

import hashlib
import hmac
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Response, request

from service.domain import repeats
from service.errors import FieldError, ValidationError
from service.records import Call, Claim, KeptAnswer
from service.web import auth, current

HEADER = "Idempotency-Key"
KEY = re.compile(r"[!-~]{1,255}", re.ASCII)
# Where the call is while its view makes something, with the moment at which it began.
UNDER_WAY = "voxpop.under_way"
KEPT_HEADERS = ("Cache-Control", "Content-Type", "ETag", "Location")
Thing = TypeVar("Thing")
View = Callable[..., Response]


def once(view: View) -> View:
    """Have the view make a thing once for each `Idempotency-Key`; sent again, it answers the same.

    The view hands the domain its `claim`, for the transaction that makes the thing. It raises
    ValidationError, StillUnderWay, IdempotencyKeyReused.
    """

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Response:
        if HEADER not in request.headers:
            return view(*args, **kwargs)
        return _once(lambda: view(*args, **kwargs))

    return wrapper


def claim(answer: Callable[[Thing], Response]) -> Claim[Thing] | None:
    """How this call will answer for what it makes when it is sent again; None where it cannot be,
    because it has no key."""
    if UNDER_WAY not in request.environ:
        return None
    call, began_at = request.environ[UNDER_WAY]
    return Claim(call, began_at, lambda thing: _kept(answer(thing)))


def _once(make: Callable[[], Response]) -> Response:
    stores, call, now = current.stores(), _call(), current.now()
    known = repeats.begin(stores, call, now)
    if known is not None:
        return Response(known.body, known.status, dict(known.headers))
    request.environ[UNDER_WAY] = call, now
    try:
        response = make()
    except BaseException:
        repeats.fail(stores, call, now)
        raise
    repeats.finish(stores, now)
    return response


def _call() -> Call:
    key = request.headers[HEADER]
    if not KEY.fullmatch(key):
        raise ValidationError(
            FieldError("", f"{HEADER} must be 1 to 255 visible characters of ASCII.")
        )
    # Keyed, because the body may hold a password, which a plain digest would give away.
    secret = current.settings().secret_key.encode()
    sent = b"\0".join((request.method.encode(), request.path.encode(), request.get_data()))
    return Call(auth.actor().name, key, hmac.digest(secret, sent, hashlib.sha256))


def _kept(response: Response) -> KeptAnswer:
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    return KeptAnswer(response.status_code, headers, response.get_data())
