"""`python -m bench.ballots SLUG [BALLOTS]`: cast five million ballots, or so many, in a poll of
DATABASE_URL, whose question `q1` has at least seven choices; Redis is told nothing.

Never in a database that readers vote in: nobody cast these.
"""

import argparse
import os
import time

import sqlalchemy as sa

from tests.support.many_ballots import cast_many

MANY = 5_000_000


def main() -> None:
    """Cast them and say how long it took."""
    parser = argparse.ArgumentParser(prog="python -m bench.ballots")
    parser.add_argument("slug")
    parser.add_argument("ballots", type=int, nargs="?", default=MANY)
    wanted = parser.parse_args()
    started = time.monotonic()
    cast_many(sa.create_engine(os.environ["DATABASE_URL"]), wanted.slug, wanted.ballots)
    seconds = time.monotonic() - started
    print(f"{wanted.ballots} ballots in {seconds:.0f} s; `flask recount` must find no difference")


if __name__ == "__main__":
    main()
