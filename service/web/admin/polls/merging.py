"""Two versions of a poll side by side, where somebody else has saved one meanwhile.

`base` is the version from which the editor began: what only one side has changed since is that
side's to keep unless the editor says otherwise, and what both have changed is the editor's to
choose. Whatever is not chosen can still be seen and chosen: nothing is overwritten unseen.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from service.web.admin.polls.form import (
    OWN_FIELDS,
    QUESTION_FIELDS,
    ChoiceForm,
    PollForm,
    QuestionForm,
    is_new,
    new_code,
)

THEIRS, MINE = "theirs", "mine"
Row = TypeVar("Row", ChoiceForm, QuestionForm)
Picks = Mapping[str, str]
Versions = tuple[object, object, object]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the versions hold differently; a row that a version has not is None.

    `name` names it in the form; `kept` is the side to keep unless the editor says otherwise, and
    `by_both` says that each side has changed it in its own way.
    """

    name: str
    field: str
    theirs: object
    mine: object
    kept: str
    by_both: bool
    question: str = ""


def differences(base: PollForm, theirs: PollForm, mine: PollForm) -> list[Difference]:
    """All that the two versions hold differently, in the order of the form."""
    found = [
        *_questions(base, theirs, mine),
        *_in_fields("", OWN_FIELDS, base, theirs, mine),
        *_order("questions", base.questions, theirs.questions, mine.questions),
    ]
    return [difference for difference in found if difference.theirs != difference.mine]


def merged(base: PollForm, theirs: PollForm, mine: PollForm, picks: Picks) -> PollForm:
    """One version of the two, by what the editor has picked of `differences`."""
    chosen: dict[str, Any] = {
        one.name: one.theirs if picks.get(one.name, one.kept) == THEIRS else one.mine
        for one in differences(base, theirs, mine)
    }
    questions = [
        _merged_question(code, theirs.question(code), mine.question(code), chosen)
        for code in _codes(theirs.questions, mine.questions)
    ]
    own = {name: chosen[name] for name in OWN_FIELDS if name in chosen}
    order = chosen.get("questions", [question.code for question in theirs.questions])
    kept = [question for question in questions if question is not None]
    return replace(theirs, **own, questions=_renewed(_ordered(kept, order), theirs.questions))


def _questions(base: PollForm, theirs: PollForm, mine: PollForm) -> Iterator[Difference]:
    for code in _codes(theirs.questions, mine.questions):
        versions = base.question(code), theirs.question(code), mine.question(code)
        before, one, other = versions
        if one is None or other is None:
            yield _difference(code, "question", versions, code)
            continue
        began = before or one
        yield from _in_fields(f"{code}-", QUESTION_FIELDS, began, one, other, code)
        yield from _choices(code, began, one, other)
        name = f"{code}-choices"
        yield from _order(name, began.choices, one.choices, other.choices, code)


def _choices(
    question: str, base: QuestionForm, theirs: QuestionForm, mine: QuestionForm
) -> Iterator[Difference]:
    before, one, other = (_by_code(version.written) for version in (base, theirs, mine))
    for code in _codes(theirs.written, mine.written):
        versions = before.get(code), one.get(code), other.get(code)
        yield _difference(f"{question}-{code}", "choice", versions, question)


def _in_fields(
    prefix: str,
    names: Iterable[str],
    base: object,
    theirs: object,
    mine: object,
    question: str = "",
) -> Iterator[Difference]:
    for name in names:
        versions = getattr(base, name), getattr(theirs, name), getattr(mine, name)
        yield _difference(f"{prefix}{name}", name, versions, question)


def _order(
    name: str, base: Sequence[Row], theirs: Sequence[Row], mine: Sequence[Row], question: str = ""
) -> Iterator[Difference]:
    """The order of the rows that both versions have; the others find their place in either."""
    shared = {row.code for row in theirs} & {row.code for row in mine}
    before, one, other = (
        [row.code for row in rows if row.code in shared] for rows in (base, theirs, mine)
    )
    if one != other:
        difference = _difference(name, "order", (before, one, other), question)
        whole = [row.code for row in theirs], [row.code for row in mine]
        yield replace(difference, theirs=whole[0], mine=whole[1])


def _difference(name: str, field: str, versions: Versions, question: str) -> Difference:
    base, theirs, mine = versions
    by_them, by_me = theirs != base, mine != base
    kept = MINE if by_me else THEIRS
    return Difference(name, field, theirs, mine, kept, by_them and by_me, question)


def _merged_question(
    code: str, theirs: QuestionForm | None, mine: QuestionForm | None, chosen: Mapping[str, Any]
) -> QuestionForm | None:
    if theirs is None or mine is None:
        kept = chosen[code]
        return kept if isinstance(kept, QuestionForm) else None
    rows = {**_by_code(mine.written), **_by_code(theirs.written)}
    choices = [chosen.get(f"{code}-{row}", choice) for row, choice in rows.items()]
    fields = {name: chosen.get(f"{code}-{name}", getattr(theirs, name)) for name in QUESTION_FIELDS}
    order = chosen.get(f"{code}-choices", [choice.code for choice in mine.choices])
    kept = [choice for choice in choices if isinstance(choice, ChoiceForm)]
    return replace(theirs, **fields, choices=_renewed(_ordered(kept, order), theirs.choices))


def _ordered(rows: Sequence[Row], order: object) -> tuple[Row, ...]:
    """The rows in the order; those it does not name come last."""
    codes = order if isinstance(order, list) else []
    places = {code: place for place, code in enumerate(codes)}
    return tuple(sorted(rows, key=lambda row: places.get(row.code, len(places))))


def _renewed(rows: Sequence[Row], saved: Sequence[Row]) -> tuple[Row, ...]:
    """The rows; one that they have removed comes back as something new."""
    known, renewed = {row.code for row in saved}, list(rows)
    for place, row in enumerate(rows):
        if row.code not in known and not is_new(row.code):
            code = new_code(one.code for one in renewed)
            renewed[place] = replace(_with_new_rows(row), code=code)
    return tuple(renewed)


def _with_new_rows(row: Row) -> Row:
    """The row; the choices of a question are as new as the question."""
    if isinstance(row, QuestionForm):
        return replace(row, choices=_renewed(row.choices, ()))
    return row


def _by_code(rows: Sequence[Row]) -> dict[str, Row]:
    return {row.code: row for row in rows}


def _codes(theirs: Sequence[Row], mine: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(row.code for row in (*theirs, *mine)))
