"""Which program asks: the API key in `Authorization: Bearer`."""

from typing import cast

from flask import Response, after_this_request, request

from service.domain import keys
from service.errors import NotSignedIn
from service.records import Actor, ApiKey
from service.web import current

# Where the request's key is kept once it is known.
KEY = "voxpop.key"


def key() -> ApiKey:
    """The key under which the request asks. Raises NotSignedIn, RateLimited."""
    if KEY not in request.environ:
        request.environ[KEY] = _admit()
    return cast(ApiKey, request.environ[KEY])


def actor() -> Actor:
    """The program that asks. Raises NotSignedIn, RateLimited."""
    return key().actor


def site_id() -> int:
    """The site that the key opens. Raises NotSignedIn, RateLimited."""
    return key().site_id


def _admit() -> ApiKey:
    service = current.service()
    now = service.clock()
    found = keys.admit(service.stores, _secret(), service.settings.api_rate_limit, now)

    @after_this_request
    def note(response: Response) -> Response:
        # Once the answer is with the program: to keep this must cost it no time.
        response.call_on_close(lambda: keys.note_use(service.stores, found, now))
        return response

    return found


def _secret() -> str:
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer":
        raise NotSignedIn
    return secret.strip()
