"""Keys with which a publisher's own server signs for the readers who are signed in there."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SigningAlgorithm(StrEnum):
    """How tokens are signed with a key (RFC 7518, RFC 8037): it follows from the key alone, never
    from a token."""

    HS256 = "HS256"
    ES256 = "ES256"
    RS256 = "RS256"
    EDDSA = "EdDSA"


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A site's key. Of a pair `public_key` is the public half, in PEM; a shared secret (`HS256`) is
    nowhere kept: it follows from the deployment's own secret and the key's id."""

    id: str
    site_id: int
    algorithm: SigningAlgorithm
    public_key: str | None
    created_at: datetime
