"""Results and ballots as files, for spreadsheets and programs."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from service.domain import polls, results, sheets
from service.domain.sheets import Cell, Format, Pieces, Row, Table
from service.records import (
    Actor,
    BallotFilter,
    LoggedBallot,
    Permission,
    Poll,
    Question,
    QuestionType,
)
from service.stores import Stores

EVERY_BALLOT = BallotFilter()
RESULT_COLUMNS = ("question", "question_text", "choice", "choice_text", "votes", "percent", "base")
BALLOT_COLUMNS = ("ballot_id", "cast_at", "status", "reason", "page", "country")
BALLOT_MOMENTS = frozenset({"cast_at"})


class What(StrEnum):
    """What is exported."""

    RESULTS = "results"
    BALLOTS = "ballots"


@dataclass(frozen=True, slots=True)
class Export:
    """A file as it is made: its name, its media type, its bytes piece by piece."""

    name: str
    media_type: str
    pieces: Pieces


NEEDS: Mapping[What, Permission] = {
    What.RESULTS: Permission.RESULTS_READ,
    What.BALLOTS: Permission.BALLOTS_READ,
}


@contextmanager
def table(
    stores: Stores,
    actor: Actor,
    slug: str,
    what: What,
    now: datetime,
    wanted: BallotFilter = EVERY_BALLOT,
) -> Iterator[Table]:
    """The poll's results, or its ballots that are wanted, as a table whose rows are read as they
    are asked for within the block: with its columns they are of one moment, and hardly any are in
    memory at a time.

    Raises PollNotFound, NotAllowed, TemporarilyUnavailable.
    """
    if what is What.RESULTS:
        yield _results(results.for_owners(stores, actor, slug, now))
        return
    poll_id = polls.managed(stores, actor, slug, NEEDS[what]).id
    with stores.ballots.stream(poll_id, wanted) as (poll, ballots):
        named = (column for question in poll.questions for column in _columns(question))
        rows = (_ballot(poll, ballot) for ballot in ballots)
        yield Table(what.value, (*BALLOT_COLUMNS, *named), rows, BALLOT_MOMENTS)


def export(
    stores: Stores,
    actor: Actor,
    slug: str,
    what: What,
    form: Format,
    now: datetime,
    wanted: BallotFilter = EVERY_BALLOT,
) -> Export:
    """The table's file. Raises PollNotFound, NotAllowed; its pieces, TemporarilyUnavailable."""
    polls.managed(stores, actor, slug, NEEDS[what])

    def pieces() -> Pieces:
        with table(stores, actor, slug, what, now, wanted) as content:
            yield from sheets.write(content, form)

    return Export(
        name=f"{slug}-{what}-{now.astimezone(UTC):%Y-%m-%d}.{form}",
        media_type=sheets.MEDIA_TYPES[form],
        pieces=pieces(),
    )


def _results(found: results.Results) -> Table:
    rows: list[Row] = [
        (
            question.code,
            question.text,
            choice.code,
            choice.text,
            choice.votes,
            choice.percent,
            question.answered,
        )
        for question in found.questions
        for choice in question.choices
    ]
    return Table(What.RESULTS.value, RESULT_COLUMNS, rows)


def _columns(question: Question) -> Iterator[str]:
    """`q1`, `q1_text`; `q1_other` where voters write; `q1.c1` where they mark several."""
    yield from (question.code, f"{question.code}_text")
    if any(choice.is_other for choice in question.choices):
        yield f"{question.code}_other"
    if question.type is QuestionType.MULTIPLE_CHOICE:
        yield from (f"{question.code}.{choice.code}" for choice in question.choices)


def _ballot(poll: Poll, ballot: LoggedBallot) -> Row:
    cells: list[Cell] = [
        str(ballot.id),
        ballot.cast_at,
        ballot.status.value,
        ballot.reason,
        ballot.page,
        ballot.country,
    ]
    for question in poll.questions:
        cells += _answer(question, ballot)
    return cells


def _answer(question: Question, ballot: LoggedBallot) -> Iterator[Cell]:
    """The cells of the question's columns; all are empty where the ballot left it out."""
    marked = ballot.answers.get(question.code, ())
    text_of = {choice.code: choice.text for choice in question.choices}
    texts = tuple(text_of.get(code, "") for code in marked)
    several = question.type is QuestionType.MULTIPLE_CHOICE
    yield marked if several else next(iter(marked), None)
    yield texts if several else next(iter(texts), None)
    if any(choice.is_other for choice in question.choices):
        yield ballot.other_texts.get(question.code)
    if several:
        yield from (int(c.code in marked) if marked else None for c in question.choices)
