"""Passwords, of which only Argon2id digests are kept, with OWASP's least parameters."""

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from service.errors import FieldError, ValidationError

SHORTEST, LONGEST = 12, 256
_hasher = PasswordHasher(memory_cost=19456, time_cost=2, parallelism=1)


def make() -> str:
    """A random password."""
    return secrets.token_urlsafe(15)


def digest(password: str, pointer: str = "/password") -> str:
    """What is kept of the password. Raises ValidationError if it is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        detail = f"A password has {SHORTEST} to {LONGEST} characters."
        raise ValidationError(FieldError(pointer, detail))
    return _hasher.hash(_normal(password))


def fits(password: str, kept: str | None) -> bool:
    """Whether this is the password of which `kept` is kept.

    None stands for nobody: the same work is done, so that the time does not tell.
    """
    if len(password) > LONGEST:
        password = ""  # none that long is kept, and work must not grow with it
    try:
        _hasher.verify(kept or _nobodys(), _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether new passwords are digested with other parameters than this one was."""
    return _hasher.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    return _hasher.hash(make())


def _normal(password: str) -> str:
    """The same bytes whichever keyboard it was typed on."""
    return unicodedata.normalize("NFKC", password)
