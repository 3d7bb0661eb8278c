"""Receipts: what a voter gets back, and shows again where results need a vote."""

import hmac
from base64 import urlsafe_b64encode
from functools import lru_cache
from uuid import UUID

from service.domain import keyed
from service.records import Poll

PURPOSE = "voxpop.receipt"


def sign(secret_key: str, poll: Poll, ballot_id: UUID) -> str:
    """The receipt of a ballot: its id and HMAC-SHA256 of it (RFC 2104) under a key for this poll's
    receipts alone. It is the same each time, so that a retry gets the first one."""
    digest = keyed.digest(_key(secret_key, poll.id), ballot_id.bytes)
    return f"{ballot_id.hex}.{urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def is_ours(secret_key: str, poll: Poll, receipt: str) -> bool:
    """Whether the service gave this receipt for a ballot in this poll."""
    try:
        ballot_id = UUID(hex=receipt.partition(".")[0])
    except ValueError:
        return False
    return hmac.compare_digest(sign(secret_key, poll, ballot_id).encode(), receipt.encode())


@lru_cache(maxsize=1000)
def _key(secret_key: str, poll_id: int) -> bytes:
    return keyed.digest(secret_key.encode(), f"{PURPOSE}.{poll_id}".encode())
