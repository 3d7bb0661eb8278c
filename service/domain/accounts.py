"""Accounts: readers for whom the publisher's own server vouches by a token that it signed.

The token is a JWT (RFC 7519). It may be used any number of times: that each account has one ballot
is what the poll's unique key sees to. Neither the token nor what it says of the reader is kept.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization

from service.domain import signing_keys
from service.errors import VoterTokenExpired, VoterTokenInvalid, VoterTokenMissing
from service.records import Poll, SigningKey

LONGEST_TOKEN = 4096
LONGEST_ACCOUNT = 255
# Of anything that UTF-8 can hold.
ACCOUNT = re.compile(rf"[^\ud800-\udfff]{{1,{LONGEST_ACCOUNT}}}")
LEEWAY = timedelta(seconds=30)
LONGEST_LIFE = timedelta(hours=24)
# The moments are judged below, by the service's own clock; what else is said is nobody's business.
OPTIONS: Mapping[str, Any] = {
    "require": ["aud", "exp", "sub"],
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_sub": False,
    "verify_jti": False,
    "strict_aud": False,
}
UNSIGNED = "Must be a JWT that is signed with a key of the site."
NO_KEY = "The site has no signing key."
NOT_SET_UP = "This poll cannot take votes now: its publisher has yet to set it up."


def account_of(
    poll: Poll, token: str | None, deployment_secret: bytes, now: datetime | None
) -> str:
    """The account that the token names on the poll's site, as the publisher calls it; without `now`
    the one that it names or named at any time.

    Raises VoterTokenMissing, VoterTokenExpired, VoterTokenInvalid.
    """
    if not poll.signing_keys:
        raise VoterTokenInvalid(NO_KEY, NOT_SET_UP)
    if not token:
        raise VoterTokenMissing
    claims = _verified(poll, token, deployment_secret)
    if now is not None:
        _check_moments(claims, now.timestamp())
    account = claims["sub"]
    if not isinstance(account, str) or not ACCOUNT.fullmatch(account):
        raise VoterTokenInvalid(f"sub must be a string of 1 to {LONGEST_ACCOUNT} characters.")
    return account


def _verified(poll: Poll, token: str, deployment_secret: bytes) -> dict[str, Any]:
    """What the token says, if a key of the site signed it for the site."""
    if len(token) > LONGEST_TOKEN:
        raise VoterTokenInvalid(UNSIGNED)
    for key in poll.signing_keys:
        try:
            return dict(_decoded(token, key, poll.site_slug, deployment_secret))
        except (jwt.InvalidSignatureError, jwt.InvalidAlgorithmError):
            continue  # the other key may have signed it
        except jwt.MissingRequiredClaimError as error:
            raise VoterTokenInvalid(f"{error.claim} is missing.") from None
        except jwt.InvalidAudienceError:
            raise VoterTokenInvalid(f"aud must be {poll.site_slug}.") from None
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
            break
    raise VoterTokenInvalid(UNSIGNED)


def _decoded(token: str, key: SigningKey, audience: str, deployment_secret: bytes) -> Any:
    """Raises what PyJWT raises. Which algorithm is right the key says, whatever the token says."""
    return jwt.decode(
        token,
        _material(key, deployment_secret),
        algorithms=[key.algorithm.value],
        audience=audience,
        options=OPTIONS,  # type: ignore[arg-type]
    )


@lru_cache(maxsize=1000)
def _material(key: SigningKey, deployment_secret: bytes) -> Any:
    """What a signature is checked with."""
    if key.public_key is None:
        return signing_keys.secret_of(key, deployment_secret)
    return serialization.load_pem_public_key(key.public_key.encode())


def _check_moments(claims: Mapping[str, Any], now: float) -> None:
    expires, begins = _moment(claims, "exp"), _moment(claims, "nbf", 0.0)
    if expires + LEEWAY.total_seconds() <= now:
        raise VoterTokenExpired
    if begins - LEEWAY.total_seconds() > now:
        raise VoterTokenInvalid("nbf is still to come.")
    if expires - LEEWAY.total_seconds() > now + LONGEST_LIFE.total_seconds():
        raise VoterTokenInvalid("exp must be at most 24 hours ahead.")


def _moment(claims: Mapping[str, Any], name: str, otherwise: float | None = None) -> float:
    value = claims.get(name, otherwise)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e12:
        raise VoterTokenInvalid(f"{name} must be a number of seconds since 1970.")
    return float(value)
