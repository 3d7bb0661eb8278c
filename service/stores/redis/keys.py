"""Every key in Redis, its type and its lifetime. Braces keep a poll's keys in one cluster slot."""

VOTERS_SECONDS = 30 * 24 * 3600
TALLY_SECONDS = 7 * 24 * 3600
RATE_WINDOW_SECONDS = 60
SIGN_IN_WINDOW_SECONDS = 15 * 60


def voters(poll_id: int) -> str:
    """Hash: voter key -> stamp of the voter's ballot; 30 days after the last vote."""
    return f"voxpop:{{{poll_id}}}:voters"


def tally(poll_id: int) -> str:
    """Hash of `revision` and `tally` (JSON); 7 days after the last vote."""
    return f"voxpop:{{{poll_id}}}:tally"


def rate(rate_key: bytes, window: int) -> str:
    """Integer: votes of one network (a keyed pseudonym) in one minute; lives for two windows."""
    return f"voxpop:rate:{rate_key.hex()}:{window}"


def limit(purpose: str, name: str, window: int) -> str:
    """Integer: what one caller did in one minute; lives for two windows."""
    return f"voxpop:limit:{purpose}:{name}:{window}"


def sign_ins(key: bytes, window: int) -> str:
    """Integer: failed sign-ins of one account or network (a keyed pseudonym) in one quarter of an
    hour; lives for two windows."""
    return f"voxpop:sign-ins:{key.hex()}:{window}"
