"""What voters wrote for `is_other` choices, in SQL."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from service.records import Ballot, OtherText, OtherTextStatus
from service.stores.sql import models
from service.stores.sql.db import reading
from service.stores.sql.dialect import Insert, insert, insert_many, parameters

TEXT = models.OtherText
TextKey = tuple[str, str]
"""Question code and text."""
COLUMNS: tuple[Any, ...] = (TEXT.question_code, TEXT.text, TEXT.votes, TEXT.status)
NAMES = ("poll_id", "question_code", "text", "votes", "status")
MOST_SHOWN = 50
RANK = sa.func.row_number().over(
    partition_by=TEXT.question_code, order_by=(TEXT.votes.desc(), TEXT.text)
)
RANKED = (
    sa.select(*COLUMNS, RANK.label("rank"))
    .where(TEXT.poll_id == sa.bindparam("of_poll"))
    .where(models.SHOWN, TEXT.votes > 0)
    .subquery()
)
SHOWN = sa.select(RANKED).where(RANKED.c.rank <= MOST_SHOWN).order_by(RANKED.c.rank)


def add(connection: sa.Connection, poll_id: int, ballots: Iterable[Ballot]) -> None:
    """Count the texts of ballots that this transaction has just inserted. A new one waits for an
    owner to let it show."""
    written = Counter(pair for ballot in ballots for pair in ballot.other_texts.items())
    rows = [
        {"poll_id": poll_id, "question_code": question, "text": text, "votes": votes}
        | {"status": OtherTextStatus.PENDING.value}
        for (question, text), votes in sorted(written.items())
    ]
    if rows:
        dialect = connection.dialect.name
        connection.execute(_upsert(dialect), parameters(dialect, rows))


@cache
def _upsert(dialect: str) -> Insert:
    statement = insert_many(dialect, TEXT, NAMES)
    return statement.on_conflict_do_update(
        index_elements=[TEXT.poll_id, TEXT.question_code, TEXT.text],
        set_={"votes": TEXT.votes + statement.excluded.votes},
    )


def shift(connection: sa.Connection, poll_id: int, votes: Mapping[TextKey, int]) -> None:
    """Raise or lower the votes of texts by what this transaction has changed of the ballots."""
    statement = (
        sa.update(TEXT)
        .where(TEXT.poll_id == poll_id)
        .where(TEXT.question_code == sa.bindparam("of_question"))
        .where(TEXT.text == sa.bindparam("of_text"))
        .values(votes=TEXT.votes + sa.bindparam("more"))
    )
    rows = [
        {"of_question": question, "of_text": text, "more": more}
        for (question, text), more in sorted(votes.items())
    ]
    if rows:
        connection.execute(statement, rows)


def put(connection: sa.Connection, poll_id: int, votes: Mapping[TextKey, int]) -> None:
    """Set the votes of texts to what their ballots say; a text that is missing waits for an
    owner, as any new one does."""
    statement = insert(connection, TEXT)
    statement = statement.on_conflict_do_update(
        index_elements=[TEXT.poll_id, TEXT.question_code, TEXT.text],
        set_={"votes": statement.excluded.votes},
    )
    rows = [
        {"poll_id": poll_id, "question_code": question, "text": text, "votes": n}
        for (question, text), n in sorted(votes.items())
    ]
    if rows:
        connection.execute(statement, rows)


def decide(
    connection: sa.Connection,
    poll_id: int,
    question: str,
    texts: Sequence[str],
    status: OtherTextStatus,
) -> list[str]:
    """Give the texts the status; give those whose status it was not."""
    known = sa.and_(TEXT.poll_id == poll_id, TEXT.question_code == question, TEXT.text.in_(texts))
    query = sa.select(TEXT.text).where(known, TEXT.status != status).order_by(TEXT.text)
    changed = list(connection.scalars(query))
    if changed:
        connection.execute(sa.update(TEXT).where(known).values(status=status))
    return changed


class OtherTextStore:
    """Reads the texts."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def shown(self, poll_id: int) -> Mapping[str, Sequence[OtherText]]:
        """The texts that owners let show, by question, most votes first, at most MOST_SHOWN."""
        texts: dict[str, list[OtherText]] = defaultdict(list)
        with reading(self._engine) as connection:
            for row in connection.execute(SHOWN, {"of_poll": poll_id}):
                texts[row.question_code].append(_record(row))
        return dict(texts)

    def page(
        self, poll_id: int, statuses: Iterable[OtherTextStatus], after: OtherText | None, limit: int
    ) -> list[OtherText]:
        """Texts that have votes, those with the most first; of those behind `after` if it is
        given."""
        query = (
            sa.select(TEXT)
            .where(TEXT.poll_id == poll_id, TEXT.votes > 0, TEXT.status.in_(list(statuses)))
            .order_by(TEXT.votes.desc(), TEXT.question_code, TEXT.text)
            .limit(limit)
        )
        if after is not None:
            place = sa.tuple_(-TEXT.votes, TEXT.question_code, TEXT.text)
            query = query.where(place > sa.tuple_(-after.votes, after.question, after.text))
        with reading(self._engine) as connection:
            return [_record(row) for row in connection.execute(query.with_only_columns(*COLUMNS))]

    def known(self, poll_id: int, question: str, texts: Sequence[str]) -> set[str]:
        """Those of the texts that somebody has written."""
        if not texts:
            return set()
        query = sa.select(TEXT.text).where(
            TEXT.poll_id == poll_id, TEXT.question_code == question, TEXT.text.in_(texts)
        )
        with reading(self._engine) as connection:
            return set(connection.scalars(query))


def _record(row: Any) -> OtherText:
    return OtherText(
        question=row.question_code,
        text=row.text,
        votes=row.votes,
        status=OtherTextStatus(row.status),
    )
