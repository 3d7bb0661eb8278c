"""No faster than a person tries: limits by account and by network."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from unittest.mock import Mock

import pytest
from argon2 import PasswordHasher
from flask import Flask

from service.app import create_app
from service.config import Settings
from service.domain import owners, passwords, sign_ins
from service.errors import RateLimited, SignInFailed, TemporarilyUnavailable
from service.records import OPERATOR, Owner
from service.stores import Stores
from service.stores.sql.db import db
from service.web import current
from tests.conftest import NOON

SECRET = b"a secret of the tests"
PASSWORD = "correct horse battery"
NETWORK = "192.0.2.1"


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attempts are counted here, some hundred of them; what each costs is looked at elsewhere."""
    cheap = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", cheap)


@pytest.fixture(autouse=True)
def ann(stores: Stores, cheap_passwords: None) -> Owner:
    return owners.create(stores, OPERATOR, "ann@news.test", PASSWORD, {}, NOON)


def sign_in(
    stores: Stores,
    password: str = PASSWORD,
    email: str = "ann@news.test",
    network: str = NETWORK,
    minutes: int = 0,
) -> Owner:
    now = NOON + timedelta(minutes=minutes)
    return sign_ins.sign_in(stores, SECRET, email, password, network, now)


def fail(stores: Stores, times: int, email: str = "ann@news.test") -> None:
    for _ in range(times):
        with pytest.raises(SignInFailed):
            sign_in(stores, "wrong password", email)


def raise_unavailable(*_: object) -> Owner:
    raise TemporarilyUnavailable(5)


@pytest.fixture(params=["redis", "redis away"])
def stores(app: Flask, settings: Settings, request: pytest.FixtureRequest) -> Iterator[Stores]:
    """The stores, with Redis and without it: the limits are the same."""
    if request.param == "redis":
        yield current.stores()
        return
    values = {field: getattr(settings, field) for field in settings.__slots__}
    blind = create_app(Settings(**{**values, "redis_url": "redis://127.0.0.1:1"}))
    with blind.app_context():
        yield current.stores()
        db.engine.dispose()


def test_after_ten_failures_even_the_right_password_must_wait(stores: Stores) -> None:
    fail(stores, 10)
    with pytest.raises(RateLimited) as refused:
        sign_in(stores, minutes=5)
    assert refused.value.retry_after_seconds == 600
    assert sign_in(stores, minutes=15)


def test_failures_elsewhere_keep_nobody_out(stores: Stores) -> None:
    fail(stores, 10)
    assert sign_in(stores, network="192.0.2.2")


def test_who_is_refused_makes_nobody_else_wait(stores: Stores) -> None:
    owners.create(stores, OPERATOR, "ben@news.test", PASSWORD, {}, NOON)
    fail(stores, 10)
    for password in ("wrong password", PASSWORD) * 15:
        with pytest.raises(RateLimited):
            sign_in(stores, password)
    assert sign_in(stores, email="ben@news.test")
    assert sign_in(stores, network="192.0.2.2")


def test_an_attempt_that_could_not_be_looked_at_is_not_counted(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(owners, "authenticate", raise_unavailable)
        for _ in range(10):
            with pytest.raises(TemporarilyUnavailable):
                sign_in(stores)
    assert sign_in(stores)


def test_of_many_at_once_no_more_are_looked_at_than_may_fail(
    stores: Stores, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = Mock(return_value=False)
    monkeypatch.setattr("service.domain.passwords.fits", looked_at)

    def attempt(_: int) -> None:
        with app.app_context(), pytest.raises((SignInFailed, RateLimited)):
            sign_in(stores, "wrong password")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(attempt, range(40)))
    assert looked_at.call_count <= 10
    for number in range(10):  # two at once may refuse each other; one after the other none does
        attempt(number)
    assert looked_at.call_count == 10


def test_an_account_may_fail_a_hundred_times_from_all_networks(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.domain.passwords.fits", lambda *_: False)
    for number in range(100):
        with pytest.raises(SignInFailed):
            sign_in(stores, network=f"192.0.2.{number}")
    with pytest.raises(RateLimited):
        sign_in(stores, network="198.51.100.1")


def test_an_unknown_account_is_limited_in_the_same_way(stores: Stores) -> None:
    fail(stores, 10, email="nobody@news.test")
    with pytest.raises(RateLimited):
        sign_in(stores, email="NOBODY@news.test ")


def test_other_accounts_of_the_network_go_on_until_it_has_failed_thirty_times(
    stores: Stores,
) -> None:
    for name in "abc":
        assert sign_in(stores)
        fail(stores, 10, email=f"{name}@news.test")
    with pytest.raises(RateLimited):
        sign_in(stores)
    assert sign_in(stores, network="192.0.2.2")


def test_who_signs_in_is_not_counted(stores: Stores) -> None:
    for _ in range(35):
        assert sign_in(stores)


def test_a_session_that_was_found_is_no_way_to_guess_the_password(
    stores: Stores, ann: Owner
) -> None:
    for _ in range(10):
        with pytest.raises(SignInFailed, match="your password"):
            sign_ins.confirm(stores, SECRET, ann, "wrong password", NETWORK, NOON)
    with pytest.raises(RateLimited):
        sign_ins.confirm(stores, SECRET, ann, PASSWORD, NETWORK, NOON)
