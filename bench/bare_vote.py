"""The limit for votes: a WSGI function that runs the vote's transaction with group commit.

No routing, no validation, no origin check, no pseudonym, no verdict, no receipt, no results: JSON
in; the transaction's four steps, two in Redis around two in PostgreSQL, through the bare drivers;
a constant answer out.
"""

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import orjson
import psycopg
import redis

from service.stores.redis.connection import script

CAST = """
WITH inserted AS (
    INSERT INTO ballots (id, poll_id, voter_key, answers, cast_at, status)
    SELECT *, now(), 'counted' FROM unnest(%s::uuid[], %s::int[], %s::bytea[], %s::jsonb[])
    ON CONFLICT DO NOTHING
), changed AS (
    INSERT INTO tallies (poll_id, question_code, choice_code, votes, counted_at)
    SELECT *, now() FROM unnest(%s::int[], %s::text[], %s::text[], %s::bigint[])
    ON CONFLICT (poll_id, question_code, choice_code)
    DO UPDATE SET votes = tallies.votes + excluded.votes,
        counted_at = greatest(tallies.counted_at, excluded.counted_at)
    RETURNING question_code, choice_code, votes
)
SELECT * FROM changed
UNION ALL
SELECT question_code, choice_code, votes FROM tallies
WHERE poll_id = 1 AND (question_code, choice_code) NOT IN
    (SELECT question_code, choice_code FROM changed)
"""
LOCK = (
    "UPDATE polls SET revision = revision + 1 WHERE id = 1 AND status = 'open' RETURNING revision"
)

lock = threading.Lock()
waiting: list[tuple[dict[str, Any], threading.Lock]] = []
busy = False
connection: psycopg.Connection[Any] | None = None
board = redis.Redis.from_url(os.environ["REDIS_URL"])
publish_tally = script("values", "publish_tally", "publish")


def application(
    environ: dict[str, Any], start_response: Callable[[str, list[tuple[str, str]]], Any]
) -> Iterable[bytes]:
    """Count the ballot in the body and answer once it is committed."""
    body = orjson.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    cast(body)
    answer = b'{"status":"counted"}'
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))]
    start_response("201 Created", headers)
    return [answer]


def cast(body: dict[str, Any]) -> None:
    """Wait until a batch with the ballot is committed; the first that waits commits it."""
    global busy
    done = threading.Lock()
    done.acquire()
    with lock:
        waiting.append((body, done))
        leads, busy = not busy, True
    if not leads:
        done.acquire()
        with lock:
            leads = bool(waiting) and waiting[0][1] is done
        if not leads:
            return
    with lock:
        batch = waiting[:]
        waiting.clear()
    commit([ballot for ballot, _ in batch])
    with lock:
        busy = bool(waiting)
        if busy:
            waiting[0][1].release()
    for _, other in batch[1:]:
        other.release()


def commit(bodies: list[dict[str, Any]]) -> None:
    """The four steps: look, lock, insert and count, tell."""
    global connection
    voters = [body["voter"].encode()[:16] for body in bodies]
    board.hmget("bare:voters", voters)
    if connection is None:
        url = os.environ["DATABASE_URL"].replace("+psycopg", "")
        connection = psycopg.connect(url)
    counts: Counter[tuple[str, str]] = Counter()
    for body in bodies:
        counts.update([("", ""), ("q1", ""), ("q1", body["answers"]["q1"][0])])
    votes = sorted(counts.items())
    size = len(bodies)
    ballots = [
        [body["ballot_id"] for body in bodies],
        [1] * size,
        voters,
        [orjson.dumps(body["answers"]).decode() for body in bodies],
    ]
    codes = [list(column) for column in zip(*(vote for vote, _ in votes), strict=True)]
    added = [[1] * len(votes), *codes, [number for _, number in votes]]
    with connection.transaction():
        [(revision,)] = connection.execute(LOCK).fetchall()
        tally = connection.execute(CAST, [*ballots, *added]).fetchall()
    with board.pipeline(transaction=False) as pipeline:
        pipeline.hset("bare:voters", mapping=dict.fromkeys(voters, b"twelve bytes"))
        pipeline.eval(publish_tally, 1, "bare:tally", revision, orjson.dumps(tally), 600, 0)
        pipeline.execute()
