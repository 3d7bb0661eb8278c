"""Signing in, no faster than a person tries: failures are counted by account and by network.

Who knows an owner's address must not keep them out by failing in their name: the small limit is
that of an account from one network.
"""

from contextlib import ExitStack
from datetime import datetime

from service.domain import owners
from service.domain.voters import pseudonym
from service.errors import RateLimited, SignInFailed
from service.records import Owner
from service.stores import Stores

ACCOUNT_FAILURES = 10  # from one network, so that nobody keeps an owner out from elsewhere
WHOLE_ACCOUNT_FAILURES = 100  # from all networks together
NETWORK_FAILURES = 30  # people of one newsroom share an address
TOO_MANY = "Too many sign-ins have failed. Please try again in some minutes."


def sign_in(
    stores: Stores, secret: bytes, email: str, password: str, network: str, now: datetime
) -> Owner:
    """The owner who signs in.

    An attempt is counted before it is looked at, so that many at once are not more than many, and
    taken back unless it was looked at and wrong: who goes on trying at an account that must wait
    makes nobody else of the network wait. `secret` keys the pseudonyms that are counted under.
    Raises SignInFailed, RateLimited.
    """
    with ExitStack() as taken_back:
        for key, most in _counted(secret, email.strip().lower(), network).items():
            taken_back.callback(stores.sign_ins.count, key, -1, now)
            if stores.sign_ins.count(key, 1, now) >= most:
                raise RateLimited(stores.sign_ins.seconds_left(now), TOO_MANY)
        try:
            return owners.authenticate(stores, email, password, now)
        except SignInFailed:
            taken_back.pop_all()
            raise


def _counted(secret: bytes, email: str, network: str) -> dict[bytes, int]:
    """The pseudonyms that an attempt is counted under, and how many failures each may have; those
    that most share come last, so that what is refused before does not show there even for now."""
    return {
        pseudonym(secret, "sign-in account and network", f"{email}\0{network}"): ACCOUNT_FAILURES,
        pseudonym(secret, "sign-in account", email): WHOLE_ACCOUNT_FAILURES,
        pseudonym(secret, "sign-in network", network): NETWORK_FAILURES,
    }


def confirm(
    stores: Stores, secret: bytes, owner: Owner, password: str, network: str, now: datetime
) -> None:
    """Return if it is the signed-in owner's password; counted like a sign-in, so that a found
    session is no way to guess it. Raises SignInFailed, RateLimited."""
    try:
        sign_in(stores, secret, owner.email, password, network, now)
    except SignInFailed:
        raise SignInFailed("This is not your password.") from None
