"""What Redis learns of sign-ins."""

import pytest

from service.domain import sign_ins
from service.errors import SignInFailed
from service.stores import Stores
from service.stores.redis.keys import SIGN_IN_WINDOW_SECONDS
from tests.conftest import NOON
from tests.support.redis import RedisServer


def test_redis_holds_counts_under_pseudonyms_that_end_by_themselves(
    empty_redis: RedisServer, stores: Stores
) -> None:
    with pytest.raises(SignInFailed):
        sign_ins.sign_in(stores, b"key", "ann@news.test", "wrong password", "192.0.2.1", NOON)
    client = empty_redis.client
    names = [name.decode() for name in client.scan_iter()]
    assert len(names) == 3, "account, account and network, network"
    assert not [name for name in names if "ann" in name or "192" in name]
    assert all(0 < client.ttl(name) <= 2 * SIGN_IN_WINDOW_SECONDS for name in names)
