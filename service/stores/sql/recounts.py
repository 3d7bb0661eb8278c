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
    transaction sees them."""
    votes = _differing(_kept_votes(connection, poll_id), _counted_votes(connection, poll_id))
    texts = _differing(_kept_texts(connection, poll_id), _counted_texts(connection, poll_id))
    return [
        *(Difference(*vote, None, *pair) for vote, pair in votes),
        *(Difference(question, "", text, *pair) for (question, text), pair in texts),
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


def _kept_texts(connection: sa.Connection, poll_id: int) -> Mapping[tuple[str, str], int]:
    query = sa.select(TEXT.question_code, TEXT.text, TEXT.votes).where(TEXT.poll_id == poll_id)
    return {(row.question_code, row.text): row.votes for row in connection.execute(query)}


def _counted_votes(connection: sa.Connection, poll_id: int) -> Counter[tuple[str, str]]:
    counted: Counter[tuple[str, str]] = Counter()
    for answers, ballots in _grouped(connection, poll_id, BALLOT.answers):
        for vote in votes_of(answers):
            counted[vote] += ballots
    return counted


def _counted_texts(connection: sa.Connection, poll_id: int) -> Counter[tuple[str, str]]:
    counted: Counter[tuple[str, str]] = Counter()
    for texts, ballots in _grouped(connection, poll_id, BALLOT.other_texts):
        for key in (texts or {}).items():
            counted[key] += ballots
    return counted


def _grouped(connection: sa.Connection, poll_id: int, column: Any) -> Iterable[tuple[Any, int]]:
    """The column's values with their counted ballots: the database counts equal ones together."""
    query = (
        sa.select(column, sa.func.count())
        .where(BALLOT.poll_id == poll_id, BALLOT.status == BallotStatus.COUNTED)
        .where(column.is_not(None))
        .group_by(column)
    )
    rows = connection.execute(query, execution_options=STREAMED)
    return ((value, ballots) for value, ballots in rows)
