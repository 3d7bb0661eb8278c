"""Keys under which programs ask: `vp_<8 hexadecimal digits>_<43 characters>`.

The secret's second half is 256 random bits, so its digest needs no slow hash.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from service.domain import moments, texts
from service.domain.permissions import require, require_own
from service.errors import (
    FieldError,
    KeyNotFound,
    NotAllowed,
    NotSignedIn,
    RateLimited,
    TemporarilyUnavailable,
    ValidationError,
)
from service.records import Actor, ApiKey, AuditEvent, Claim, Permission
from service.stores import Stores

SECRET = re.compile(r"(vp_[0-9a-f]{8})_[A-Za-z0-9_-]{43}", re.ASCII)
PREFIX = re.compile(r"vp_[0-9a-f]{8}", re.ASCII)
NAME_LENGTH = 200
NOTED_EVERY = timedelta(minutes=1)
TOO_MANY = "This key asks too often. Please wait."


def create(
    stores: Stores,
    actor: Actor,
    site_id: int,
    name: str,
    scopes: Iterable[Permission],
    expires_at: datetime | None,
    now: datetime,
    claim: Claim[ApiKey] | None = None,
) -> tuple[ApiKey, str]:
    """Make a key to the site; the key and its secret, which nobody can learn later.

    Nobody can give a key more than it may itself, or for longer. Raises SiteNotFound, NotAllowed,
    ValidationError.
    """
    require(actor, Permission.KEYS_WRITE, site_id)
    prefix = f"vp_{secrets.token_hex(4)}"
    key = ApiKey(
        site_id=site_id,
        name=texts.tidy(name),
        prefix=prefix,
        scopes=frozenset(scopes),
        created_at=now,
        expires_at=expires_at,
    )
    _check(key, now)
    require_own(actor, key.scopes, site_id)
    _check_end(actor, key)
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    event = _event(key, actor, "key.create", now, _told(key))
    stores.keys.add(key, _digest(secret), event, claim)
    return key, secret


def list_for(
    stores: Stores, actor: Actor, site_id: int, *, before: str | None = None, limit: int = 100
) -> list[ApiKey]:
    """The site's newest keys, ended ones too; the next page is `before` the last one's prefix.

    Raises SiteNotFound, NotAllowed, and ValidationError if none of the site's has that prefix.
    """
    require(actor, Permission.KEYS_WRITE, site_id)
    if before is not None:
        last = stores.keys.find(before) if PREFIX.fullmatch(before) else None
        if last is None or last[0].site_id != site_id:
            raise ValidationError(FieldError("/before", "Is no place in this list."))
    return stores.keys.list_before(site_id, before, limit)


def find(stores: Stores, actor: Actor, prefix: str) -> ApiKey:
    """The key with that prefix. Raises KeyNotFound, NotAllowed."""
    found = stores.keys.find(prefix) if PREFIX.fullmatch(prefix) else None
    if found is None:
        raise KeyNotFound
    require(actor, Permission.KEYS_WRITE, found[0].site_id, KeyNotFound)
    return found[0]


def revoke(stores: Stores, actor: Actor, prefix: str, now: datetime) -> None:
    """End the key at once and for good; to do so again changes nothing.

    Raises KeyNotFound, NotAllowed.
    """
    key = find(stores, actor, prefix)
    stores.keys.revoke(prefix, now, _event(key, actor, "key.revoke", now, None))


def admit(stores: Stores, secret: str, most: int | None, now: datetime) -> ApiKey:
    """The valid key whose secret this is, for one call of the `most` that it may make in a minute;
    None is no limit. Raises NotSignedIn, RateLimited."""
    key = key_of(stores, secret, now)
    if most is not None and (wait := stores.limits.exceeded("api", key.prefix, most, now)):
        raise RateLimited(wait, TOO_MANY)
    return key


def key_of(stores: Stores, secret: str, now: datetime) -> ApiKey:
    """The valid key whose secret this is. Raises NotSignedIn."""
    shape = SECRET.fullmatch(secret)
    found = stores.keys.find(shape[1]) if shape else None
    if found is None:
        raise NotSignedIn
    key, digest = found
    if not hmac.compare_digest(digest, _digest(secret)) or not key.is_valid_at(now):
        raise NotSignedIn
    return key


def note_use(stores: Stores, key: ApiKey, now: datetime) -> None:
    """Keep that the key is in use, to the minute. Trouble with that is nobody's trouble."""
    if key.last_used_at is None or now - key.last_used_at >= NOTED_EVERY:
        with suppress(TemporarilyUnavailable):
            stores.keys.note_use(key.prefix, now, now - NOTED_EVERY)


def _check(key: ApiKey, now: datetime) -> None:
    faults = [*texts.faults("/name", key.name, NAME_LENGTH)]
    if not key.scopes:
        faults.append(FieldError("/scopes", "Name at least one scope."))
    faults += _end_faults(key.expires_at, now)
    if faults:
        raise ValidationError(*faults)


def _end_faults(expires_at: datetime | None, now: datetime) -> list[FieldError]:
    faults = [*moments.faults("/expires_at", expires_at)]
    if not faults and expires_at is not None and expires_at <= now:
        faults.append(FieldError("/expires_at", "Must be in the future."))
    return faults


def _check_end(actor: Actor, key: ApiKey) -> None:
    if actor.until is not None and (key.expires_at is None or key.expires_at > actor.until):
        raise NotAllowed("You cannot give a key for longer than your own is valid.")


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _told(key: ApiKey) -> dict[str, object]:
    """What the audit log says of a new key."""
    expires_at = None if key.expires_at is None else key.expires_at.isoformat()
    return {"name": key.name, "scopes": sorted(key.scopes), "expires_at": expires_at}


def _event(
    key: ApiKey, actor: Actor, action: str, now: datetime, after: dict[str, object] | None
) -> AuditEvent:
    return AuditEvent(
        site_id=key.site_id,
        actor=actor.name,
        action=action,
        subject=f"key:{key.prefix}",
        after=after,
        at=now,
    )
