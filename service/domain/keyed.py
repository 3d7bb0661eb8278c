"""Keyed digests: what nobody without the key can make, or make anything of."""

from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC


def digest(key: bytes, message: bytes) -> bytes:
    """HMAC-SHA256 (RFC 2104) of the message. To go on from where the key has been taken in spares
    two thirds of the time, which each vote needs three times."""
    started = _started(key).copy()
    started.update(message)
    return started.finalize()


@lru_cache(maxsize=1000)
def _started(key: bytes) -> HMAC:
    return HMAC(key, SHA256())
