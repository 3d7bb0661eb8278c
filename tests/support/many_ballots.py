"""Very many ballots, made by the database itself, and the tally that they come to."""

from collections import Counter
from datetime import UTC, datetime

import sqlalchemy as sa

from service.records import ALL_BALLOTS, VoteKey
from service.stores.sql import models, tallies
from service.stores.sql.db import UtcDateTime

CHOICES = 7
AT_ONCE = 250_000
# As with real ones nothing is in order but the time: ids and voters fall anywhere in their indexes.
BALLOTS = {
    "postgresql": """
INSERT INTO ballots (id, poll_id, voter_key, network_key, answers, page, country, cast_at, status)
SELECT gen_random_uuid(), :poll_id, uuid_send(gen_random_uuid()),
       decode(md5((n % CAST(:networks AS int))::text), 'hex'),
       jsonb_build_object('q1', jsonb_build_array('c' || (n % :choices + 1))),
       'https://news.example.org/page/' || n % 500, 'IN',
       CAST(:now AS timestamptz) - make_interval(secs => :ballots - n), 'counted'
FROM generate_series(CAST(:first AS int), :last) AS n
""",
    "sqlite": """
WITH RECURSIVE numbers(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM numbers WHERE n < :last)
INSERT INTO ballots (id, poll_id, voter_key, network_key, answers, page, country, cast_at, status)
SELECT lower(hex(randomblob(16))), :poll_id, randomblob(16),
       CAST(substr('sixteen bytes ..' || n % :networks, -16) AS BLOB),
       json_object('q1', json_array('c' || (n % :choices + 1))),
       'https://news.example.org/page/' || n % 500, 'IN',
       strftime('%Y-%m-%d %H:%M:%f000', :now, (n - :ballots) || ' seconds'), 'counted'
FROM numbers
""",
}


def cast_many(
    engine: sa.Engine,
    slug: str,
    ballots: int,
    *,
    networks: int | None = None,
    now: datetime | None = None,
) -> None:
    """Cast so many ballots in the poll, one a second until now, each of another voter, for the
    seven choices of its question `q1` in turn; by so many networks, where it limits them."""
    now = now or datetime.now(UTC)
    statement = sa.text(BALLOTS[engine.dialect.name]).bindparams(
        sa.bindparam("now", type_=UtcDateTime())
    )
    with engine.connect() as connection:
        query = sa.select(models.Poll.id).where(models.Poll.slug == slug)
        poll_id = connection.scalars(query).one()
    for first in range(1, ballots + 1, AT_ONCE):
        last = min(first + AT_ONCE - 1, ballots)
        part = {"first": first, "last": last, "ballots": ballots, "choices": CHOICES}
        with engine.begin() as connection:
            connection.execute(
                statement, {**part, "poll_id": poll_id, "networks": networks, "now": now}
            )
            _count(connection, poll_id, first, last, now)
    if engine.dialect.name == "postgresql":  # its planner, unlike SQLite's, goes by what is there
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE ballots, other_texts")


def _count(connection: sa.Connection, poll_id: int, first: int, last: int, now: datetime) -> None:
    """Add to the tally what the numbers of the ballots say, whatever the table says."""
    new: Counter[VoteKey] = Counter({ALL_BALLOTS: last - first + 1, ("q1", ""): last - first + 1})
    for n in range(first, last + 1):
        new["q1", f"c{n % CHOICES + 1}"] += 1
    poll = models.Poll
    connection.execute(sa.update(poll).where(poll.id == poll_id).values(revision=poll.revision + 1))
    tallies.put(
        connection, poll_id, new + Counter(tallies.read(connection, poll_id, 0).counts), now
    )
