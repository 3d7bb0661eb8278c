"""Batches of ballots in the demo poll, as the ballot box has them judged."""

from collections.abc import Sequence
from uuid import uuid4

import sqlalchemy as sa

from service.errors import VoxpopError
from service.records import Ballot, Ruling
from service.stores import Stores
from service.stores.sql import models
from service.stores.sql.db import db

NETWORK = bytes(16)


def new_ballot(page: str | None = None) -> Ballot:
    """The ballot of a voter who is new."""
    key = uuid4().bytes
    return Ballot(uuid4(), 1, key, None, None, {"q1": ("c1",)}, key, page, NETWORK)


def judge(
    stores: Stores, *ballots: Ballot, joined: Sequence[Ballot] = ()
) -> list[Ruling | type[VoxpopError]]:
    """The verdicts of a batch and of those that join it; of refusals their kind."""
    coming = [joined, ()]
    verdicts = stores.ballot_box._judge(ballots, lambda: coming.pop(0))
    return [one if isinstance(one, Ruling) else type(one) for one in verdicts]


def in_sql() -> int:
    """The ballots that SQL has."""
    with db.engine.connect() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(models.Ballot)) or 0
