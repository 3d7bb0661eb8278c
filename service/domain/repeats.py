"""A call that makes something may be sent again under the same key: it makes nothing anew."""

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


def finish(stores: Stores, call: Call, began_at: datetime, answer: KeptAnswer) -> None:
    """Keep what the call was answered, for a day; answers older than that go."""
    with suppress(TemporarilyUnavailable):  # what was made is made, and must be told
        stores.repeats.keep(call, began_at, answer)
        stores.repeats.prune(began_at - KEPT)


def fail(stores: Stores, call: Call, began_at: datetime) -> None:
    """Let the call be made again: it has made nothing."""
    with suppress(TemporarilyUnavailable):  # then it counts as dead in a minute
        stores.repeats.free(call, began_at)
