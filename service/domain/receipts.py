"""Receipts: what a voter gets back, and shows again where results need a vote."""

import hashlib
from functools import lru_cache
from uuid import UUID

from itsdangerous import BadSignature, Signer

from service.records import Poll

SALT = "voxpop.receipt"


def sign(secret_key: str, poll: Poll, ballot_id: UUID) -> str:
    """The receipt of a ballot; the same each time, so that a retry gets the first one."""
    signature = _signer(secret_key, poll.id).get_signature(ballot_id.bytes).decode()
    return f"{ballot_id.hex}.{signature}"


def is_ours(secret_key: str, poll: Poll, receipt: str) -> bool:
    """Whether the service gave this receipt for a ballot in this poll."""
    ballot_id, _, signature = receipt.partition(".")
    try:
        value = UUID(hex=ballot_id).bytes
        return _signer(secret_key, poll.id).verify_signature(value, signature)
    except (ValueError, BadSignature):
        return False


@lru_cache(maxsize=1000)
def _signer(secret_key: str, poll_id: int) -> Signer:
    return Signer(secret_key, salt=f"{SALT}.{poll_id}", digest_method=hashlib.sha256)
