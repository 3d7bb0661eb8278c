"""A call that makes something may be sent again under the same key: it makes nothing anew.

The transaction that makes the thing also keeps the answer (`Claim`). So whatever dies, and when, a
call that is sent again finds either the answer or nothing made.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from service.errors import IdempotencyKeyReused, StillUnderWay, TemporarilyUnavailable
from service.records import Call, KeptAnswer
from service.stores import Stores

KEPT = timedelta(days=1)
# A call that takes longer has died with its process.
LONGEST = timedelta(minutes=1)


def begin(stores: Stores, call: Call, now: datetime) -> KeptAnswer | None:
    """Nothing where the call is the first, and from then on under way; else the first's answer.

    Raises IdempotencyKeyReused, StillUnderWay.
    """
    if stores.repeats.claim(call, now, now - LONGEST, now - KEPT):
        return None
    found = stores.repeats.find(call)
    if found is None:
        raise StillUnderWay  # the first has failed this moment, the next is free
    digest, answer = found
    if digest != call.digest:
        raise IdempotencyKeyReused
    if answer is None:
        raise StillUnderWay
    return answer


def finish(stores: Stores, began_at: datetime) -> None:
    """Let go of answers that are older than a day."""
    with suppress(TemporarilyUnavailable):  # what was made is made, and must be told
        stores.repeats.prune(began_at - KEPT)


def fail(stores: Stores, call: Call, began_at: datetime) -> None:
    """Let the call be made again, unless it has made its thing and only that was not learned."""
    with suppress(TemporarilyUnavailable):  # then it counts as dead in a minute
        stores.repeats.free(call, began_at)
