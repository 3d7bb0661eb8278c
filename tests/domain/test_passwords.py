"""Passwords as Argon2id digests."""

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from service.domain import passwords
from service.errors import ValidationError

PASSWORD = "correct horse battery"


def test_a_digest_is_argon2id_with_owasps_least_parameters() -> None:
    kept = extract_parameters(passwords.digest(PASSWORD))
    assert kept.type is Type.ID
    assert (kept.memory_cost, kept.time_cost, kept.parallelism) == (19456, 2, 1)


def test_only_the_password_itself_fits() -> None:
    kept = passwords.digest(PASSWORD)
    assert passwords.fits(PASSWORD, kept)
    assert not passwords.fits(PASSWORD + " ", kept)
    assert not passwords.fits("", kept)


def test_nothing_fits_nobody() -> None:
    assert not passwords.fits(PASSWORD, None)


def test_a_password_fits_however_its_letters_are_composed() -> None:
    assert passwords.fits("cafe\u0301 au lait, s'il", passwords.digest("caf\u00e9 au lait, s'il"))


@pytest.mark.parametrize("length", [0, 11, 257])
def test_a_password_that_is_too_short_or_too_long_is_refused(length: int) -> None:
    with pytest.raises(ValidationError) as refused:
        passwords.digest("x" * length)
    assert [fault.pointer for fault in refused.value.errors] == ["/password"]


@pytest.mark.parametrize("length", [12, 256])
def test_the_shortest_and_the_longest_password_fit(length: int) -> None:
    assert passwords.fits("x" * length, passwords.digest("x" * length))


def test_a_digest_with_other_parameters_is_outdated() -> None:
    assert passwords.is_outdated(
        PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    )
    assert not passwords.is_outdated(passwords.digest(PASSWORD))


def test_a_made_password_is_long_enough_and_never_the_same() -> None:
    made = {passwords.make() for _ in range(20)}
    assert len(made) == 20
    assert all(len(password) >= passwords.SHORTEST for password in made)


def test_what_is_no_digest_fits_nothing() -> None:
    assert not passwords.fits(PASSWORD, "no digest")
