"""Signing keys: what a publisher's own server signs with for the readers who are signed in there.

Either the service makes a secret, which both sides know, or the publisher keeps a key pair and
gives its public half. A site has two keys at most, so that one can take the other's place without a
gap.
"""

import hashlib
import hmac
import json
import secrets
from base64 import urlsafe_b64encode
from datetime import datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from service.domain.permissions import require
from service.errors import FieldError, SigningKeyNotFound, ValidationError
from service.records import Actor, AuditEvent, Claim, Permission, SigningAlgorithm, SigningKey
from service.stores import Stores

MOST = 2
LONGEST_PUBLIC_KEY = 4096
RSA_BITS = (2048, 4096)
# Ed25519's field, and the points of small order on its curve, by their y: under these as keys
# anybody can sign. Libraries take them all, written as numbers past the field's end too.
FIELD = 2**255 - 19
EIGHTH = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
SMALL_ORDER = frozenset({0, 1, FIELD - 1, EIGHTH, FIELD - EIGHTH})
PURPOSE = "voxpop.signing"
PRIVATE = "This is a private key, which nobody but your own server may have: paste its public half."
UNREADABLE = "Must be a public key, as PEM (BEGIN PUBLIC KEY) or as a JWK."
UNSUITABLE = "Must be a key for ES256 (P-256), EdDSA (Ed25519) or RS256 (RSA, 2048 to 4096 bits)."

WEAK = "Anybody could sign under this key. Make a new pair, and paste its public half."


def create(
    stores: Stores,
    actor: Actor,
    site_id: int,
    public_key: str | None,
    now: datetime,
    claim: Claim[SigningKey] | None = None,
) -> SigningKey:
    """Make a key of the site's: of the public half of a pair, else one with a secret, which
    `secret_of` tells.

    Raises SiteNotFound, NotAllowed, ValidationError, SigningKeysFull.
    """
    require(actor, Permission.SITES_WRITE, site_id)
    algorithm, pem = _read(public_key) if public_key is not None else (SigningAlgorithm.HS256, None)
    key = SigningKey(
        id=f"sk_{secrets.token_hex(8)}",
        site_id=site_id,
        algorithm=algorithm,
        public_key=pem,
        created_at=now,
    )
    event = _event(key, actor, "signing_key.create", now, after=_told(key))
    stores.signing_keys.add(key, MOST, event, claim)
    return key


def list_for(stores: Stores, actor: Actor, site_id: int) -> list[SigningKey]:
    """The site's keys, oldest first. Raises SiteNotFound, NotAllowed."""
    require(actor, Permission.SITES_READ, site_id)
    return stores.signing_keys.list_of(site_id)


def find(
    stores: Stores, actor: Actor, key_id: str, permission: Permission = Permission.SITES_READ
) -> SigningKey:
    """The key, for whoever may do that on its site. Raises SigningKeyNotFound, NotAllowed."""
    key = stores.signing_keys.find(key_id)
    require(actor, permission, key.site_id, SigningKeyNotFound)
    return key


def remove(stores: Stores, actor: Actor, key_id: str, now: datetime) -> None:
    """Take no token of the key any more, from a second later. Raises SigningKeyNotFound,
    NotAllowed."""
    key = find(stores, actor, key_id, Permission.SITES_WRITE)
    event = _event(key, actor, "signing_key.remove", now, before=_told(key))
    stores.signing_keys.remove(key.id, event)


def secret_of(key: SigningKey, deployment_secret: bytes) -> str:
    """The secret that the service and the publisher share: 43 characters for 256 bits. It is kept
    nowhere, so whoever gets hold of the database learns nothing."""
    digest = hmac.digest(deployment_secret, f"{PURPOSE}\0{key.id}".encode(), hashlib.sha256)
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def unreadable() -> ValidationError:
    """The refusal of what is no public key."""
    return _fault(UNREADABLE)


def _read(text: str) -> tuple[SigningAlgorithm, str]:
    """The algorithm of a public key and the key as PEM. Raises ValidationError."""
    if len(text) > LONGEST_PUBLIC_KEY:
        raise unreadable()
    key = _from_jwk(text) if text.lstrip().startswith("{") else _from_pem(text)
    algorithm = _algorithm(key)
    if algorithm is None:
        raise _fault(UNSUITABLE)
    if isinstance(key, ed25519.Ed25519PublicKey) and _is_of_small_order(key):
        raise _fault(WEAK)
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return algorithm, key.public_bytes(serialization.Encoding.PEM, form).decode()  # type: ignore[attr-defined]


def _from_pem(text: str) -> object:
    if "PRIVATE KEY" in text:
        raise _fault(PRIVATE)
    try:
        return serialization.load_pem_public_key(text.strip().encode())
    except Exception:  # the library raises many kinds
        raise unreadable() from None


def _from_jwk(text: str) -> object:
    try:
        document = json.loads(text)
        if "d" in document or "k" in document:
            raise _fault(PRIVATE)
        return jwt.PyJWK(document).key
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        raise unreadable() from None


def _algorithm(key: object) -> SigningAlgorithm | None:
    match key:
        case ec.EllipticCurvePublicKey() if key.curve.name == "secp256r1":
            return SigningAlgorithm.ES256
        case ed25519.Ed25519PublicKey():
            return SigningAlgorithm.EDDSA
        case rsa.RSAPublicKey() if RSA_BITS[0] <= key.key_size <= RSA_BITS[1]:
            return SigningAlgorithm.RS256
    return None


def _is_of_small_order(key: ed25519.Ed25519PublicKey) -> bool:
    y = int.from_bytes(key.public_bytes_raw(), "little") % 2**255  # the last bit is the sign of x
    return y % FIELD in SMALL_ORDER


def _fault(detail: str) -> ValidationError:
    return ValidationError(FieldError("/public_key", detail))


def _told(key: SigningKey) -> dict[str, str]:
    """What the log tells of a key."""
    return {"algorithm": key.algorithm.value}


def _event(key: SigningKey, actor: Actor, action: str, now: datetime, **values: Any) -> AuditEvent:
    return AuditEvent(
        site_id=key.site_id,
        actor=actor.name,
        action=action,
        subject=f"signing_key:{key.id}",
        at=now,
        **values,
    )
