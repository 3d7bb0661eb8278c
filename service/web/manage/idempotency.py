"""Calls that make something are safe to send again: `Idempotency-Key`."""

import hashlib
import hmac
import re
from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

import orjson
from flask import Response, request

from service.domain import repeats
from service.errors import FieldError, ValidationError
from service.records import Call, KeptAnswer
from service.web import auth, current

HEADER = "Idempotency-Key"
KEY = re.compile(r"[!-~]{1,255}", re.ASCII)
KEPT_HEADERS = ("Cache-Control", "Content-Type", "ETag", "Location")
View = Callable[..., Response]


def once(*, forget: Collection[str] = ()) -> Callable[[View], View]:
    """Have the view make a thing once for each `Idempotency-Key`; sent again, it answers the same.

    The fields named in `forget` are null in what is kept. A call that fails has made nothing and
    frees its key. The view raises ValidationError, StillUnderWay, IdempotencyKeyReused.
    """

    def decorator(view: View) -> View:
        @wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Response:
            if HEADER not in request.headers:
                return view(*args, **kwargs)
            return _once(lambda: view(*args, **kwargs), forget)

        return wrapper

    return decorator


def _once(make: Callable[[], Response], forget: Collection[str]) -> Response:
    stores, call, now = current.stores(), _call(), current.now()
    known = repeats.begin(stores, call, now)
    if known is not None:
        return Response(known.body, known.status, dict(known.headers))
    try:
        response = make()
    except BaseException:
        repeats.fail(stores, call, now)
        raise
    repeats.finish(stores, call, now, _kept(response, forget))
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


def _kept(response: Response, forget: Collection[str]) -> KeptAnswer:
    body = response.get_data()
    if forget:
        body = orjson.dumps({**orjson.loads(body), **dict.fromkeys(forget)})
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    return KeptAnswer(response.status_code, headers, body)
