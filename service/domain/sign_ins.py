"""Signing in, no faster than a person tries: failures are counted by account and by network."""

from datetime import datetime

from service.domain import owners
from service.domain.voters import pseudonym
from service.errors import RateLimited, SignInFailed
from service.records import Owner
from service.stores import Stores

ACCOUNT_FAILURES = 10
NETWORK_FAILURES = 30  # people of one newsroom share an address
TOO_MANY = "Too many sign-ins have failed. Please try again in some minutes."


def sign_in(
    stores: Stores, secret: bytes, email: str, password: str, network: str, now: datetime
) -> Owner:
    """The owner who signs in.

    An attempt is counted before it is looked at, so that many at once are not more than many, and
    taken back when it was right. `secret` keys the pseudonyms that are counted under.
    Raises SignInFailed, RateLimited.
    """
    account = pseudonym(secret, "sign-in account", email.strip().lower())
    counted = {account: ACCOUNT_FAILURES}
    counted[pseudonym(secret, "sign-in network", network)] = NETWORK_FAILURES
    before = [(stores.sign_ins.count(key, 1, now), most) for key, most in counted.items()]
    if any(failures >= most for failures, most in before):
        raise RateLimited(stores.sign_ins.seconds_left(now), TOO_MANY)
    owner = owners.authenticate(stores, email, password, now)
    for key in counted:
        stores.sign_ins.count(key, -1, now)
    return owner


def confirm(
    stores: Stores, secret: bytes, owner: Owner, password: str, network: str, now: datetime
) -> None:
    """Return if it is the signed-in owner's password; counted like a sign-in, so that a found
    session is no way to guess it. Raises SignInFailed, RateLimited."""
    try:
        sign_in(stores, secret, owner.email, password, network, now)
    except SignInFailed:
        raise SignInFailed("This is not your password.") from None
