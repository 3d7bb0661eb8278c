"""All faults, in an order in which web processes are not killed one soon after the other."""

from itertools import chain, zip_longest

from tests.faults import closing_faults, paused_faults, postgres_faults, redis_faults, web_faults
from tests.faults.stage import Fault

MILD = (
    *redis_faults.FAULTS,
    *postgres_faults.FAULTS,
    *paused_faults.FAULTS,
    *closing_faults.FAULTS,
    *web_faults.LINKED,
)
BETWEEN = -(-len(MILD) // len(web_faults.KILLED))
ROWS = zip_longest(*(MILD[place::BETWEEN] for place in range(BETWEEN)), web_faults.KILLED)
FAULTS: tuple[Fault, ...] = tuple(fault for fault in chain.from_iterable(ROWS) if fault)

LONG_SECONDS = {
    "Redis frozen": 10.0,
    "PostgreSQL link refused": 60.0,
    "PostgreSQL link a black hole": 60.0,
    **dict.fromkeys((fault.name for fault in paused_faults.FAULTS), 30.0),
}
"""Those that outlast all time-outs and limits of the database, once in a long run."""
LONG = tuple(
    fault.lasting(LONG_SECONDS[fault.name]) for fault in FAULTS if fault.name in LONG_SECONDS
)
