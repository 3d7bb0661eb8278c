"""Every key in Redis, its type and its lifetime.

Braces keep a poll's keys in one cluster slot. Its voters' buckets have no function here: the
scripts make their names, which are `voters(poll_id)` and a number. The networks' counters are apart
from any poll, and a vote reads both in one script: Redis is one server, not a cluster.

Voters take about 26 bytes each, and that is why they are in buckets: a hash of at most some hundred
small fields is kept as a list without pointers (2 bytes a field beside what it holds), a larger one
takes 67 bytes a voter. The buckets' number grows with the poll, so that a small poll needs few and
a large one is searched no longer: at 64 to 128 voters a bucket, which the server reads from front
to back, a look costs it 3 microseconds a voter and telling 6, whether the poll has 1,000 voters or
1,000,000; half as many a bucket would take 2 bytes more a voter, twice as many no less.

The number of buckets follows from the number of voters alone. Where that, or a bucket, has been
lost, its voters are strangers until SQL has judged them again; what was left behind stays true. A
lost number comes back with the next ballot that is counted, for the poll's ballots are as many; one
that is too large, since Redis was away or buckets are lost, only leaves them emptier. What is not
ours gives way wherever it stands.
"""

VOTER_BYTES = 8
VOTERS_SECONDS = 30 * 24 * 3600
TALLY_SECONDS = 7 * 24 * 3600
RATE_WINDOW_SECONDS = 60
SIGN_IN_WINDOW_SECONDS = 15 * 60


def voters(poll_id: int) -> str:
    """Integer: how many of the poll's voters are known; 30 days after the last vote. Each of the
    buckets `...:known:0`, `...:known:1` and so on is a hash of voters (`voter`) -> stamp of the
    voter's ballot; 30 days after its last vote."""
    return f"voxpop:{{{poll_id}}}:known"


def voter(voter_key: bytes) -> bytes:
    """A voter's name in a bucket: so much of the pseudonym that 5,000,000 voters of a poll have no
    two alike but by a chance of one in a million. It is keyed, so nobody can aim at another's."""
    return voter_key[:VOTER_BYTES]


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
