"""Keyed digests are HMAC-SHA256, the first under a key and all that follow."""

import hashlib
import hmac

import pytest

from service.domain import keyed


@pytest.mark.parametrize("key", [b"k", b"k" * 32, b"k" * 200])
def test_a_digest_is_the_standards_for_each_message_in_turn(key: bytes) -> None:
    for message in (b"", b"first", b"second" * 100, b"first"):
        assert keyed.digest(key, message) == hmac.digest(key, message, hashlib.sha256)
