"""Counting again from the ballots."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from service.records import BallotStatus, Difference, votes_of
from service.stores.sql import models, other_texts, tallies
from service.stores.sql.long_reads import STREAMED

BALLOT, TEXT = models.Ballot, models.OtherText


def differences(connection: sa.Connection, poll_id: int) -> list[Difference]:
    """Where the poll's tally and texts are not what its counted ballots say, both as this
    transaction sees them. However many ballots and texts there are, few are in memory."""
    votes = _differing(_kept_votes(connection, poll_id), _counted_votes(connection, poll_id))
    return [
        *(Difference(*vote, None, *pair) for vote, pair in votes),
        *(
            Difference(row.question, "", row.text, row.kept, row.counted)
            for row in connection.execute(_differing_texts(connection.dialect.name, poll_id))
        ),
    ]


def repair(
    connection: sa.Connection, poll_id: int, found: Iterable[Difference], now: datetime
) -> None:
    """Write what the ballots say where it differs."""
    found = list(found)
    votes = {(one.question, one.choice): one.counted for one in found if one.text is None}
    texts = {(one.question, one.text): one.counted for one in found if one.text is not None}
    tallies.put(connection, poll_id, votes, now)
    other_texts.put(connection, poll_id, texts)


def _differing(
    kept: Mapping[tuple[str, str], int], counted: Mapping[tuple[str, str], int]
) -> list[tuple[tuple[str, str], tuple[int, int]]]:
    pairs = [(key, (kept.get(key, 0), counted.get(key, 0))) for key in sorted({*kept, *counted})]
    return [(key, pair) for key, pair in pairs if pair[0] != pair[1]]


def _kept_votes(connection: sa.Connection, poll_id: int) -> Mapping[tuple[str, str], int]:
    return tallies.read(connection, poll_id, 0).counts


def _counted_votes(connection: sa.Connection, poll_id: int) -> Counter[tuple[str, str]]:
    """The database counts ballots that are alike together."""
    query = (
        sa.select(BALLOT.answers, sa.func.count())
        .where(BALLOT.poll_id == poll_id, BALLOT.status == BallotStatus.COUNTED)
        .group_by(BALLOT.answers)
    )
    counted: Counter[tuple[str, str]] = Counter()
    for answers, ballots in connection.execute(query, execution_options=STREAMED):
        for vote in votes_of(answers):
            counted[vote] += ballots
    return counted


def _differing_texts(dialect: str, poll_id: int) -> sa.Select[Any]:
    """Compared by the database: there may be as many texts as ballots."""
    each = sa.func.jsonb_each_text if dialect == "postgresql" else sa.func.json_each
    pair = each(BALLOT.other_texts).table_valued("key", "value", name="pair")
    counted = (
        sa.select(pair.c.key, pair.c.value, sa.literal(0), sa.func.count())
        .select_from(BALLOT)
        .join(pair, sa.true())
        .where(BALLOT.poll_id == poll_id, BALLOT.status == BallotStatus.COUNTED)
        .where(BALLOT.other_texts.is_not(None))
        .group_by(pair.c.key, pair.c.value)
    )
    kept = sa.select(
        TEXT.question_code.label("question"),
        TEXT.text.label("text"),
        TEXT.votes.label("kept"),
        sa.literal(0).label("counted"),
    ).where(TEXT.poll_id == poll_id)
    both = kept.union_all(counted).subquery().c
    sums = [sa.cast(sa.func.sum(one), sa.BigInteger) for one in (both.kept, both.counted)]
    return (
        sa.select(both.question, both.text, sums[0].label("kept"), sums[1].label("counted"))
        .group_by(both.question, both.text)
        .having(sums[0] != sums[1])
        .order_by(both.question, both.text)
    )
