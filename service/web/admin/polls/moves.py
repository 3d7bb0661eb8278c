"""What the form's own buttons do, where no script does it: rows come, go and move, nothing is kept.

A button's value says what it does and where: `up q1 c3`. `done` gives the form after it, and the
name of the field that whoever pressed it will want next.
"""

from collections.abc import Callable
from dataclasses import replace

from service.web.admin.polls.form import (
    ChoiceForm,
    PollForm,
    QuestionForm,
    new_code,
    new_question,
)

Done = tuple[PollForm, str]


def done(form: PollForm, move: str) -> Done | None:
    """The form after the move and the field to go on in; None where there is no such move."""
    verb, _, place = move.partition(" ")
    code, _, choice = place.partition(" ")
    if verb == "add-question":
        return _add_question(form)
    question = form.question(code)
    if question is None:
        return None
    if verb == "remove-question" and len(form.questions) > 1:
        return _remove_question(form, question)
    if verb == "add":
        return _add(form, question)
    if verb in ROW_MOVES and choice in (one.code for one in question.choices):
        changed, field = ROW_MOVES[verb](question, choice)
        return form.with_question(changed), f"{code}-{field}"
    return None


def _add_question(form: PollForm) -> Done:
    added = new_question(question.code for question in form.questions)
    return replace(form, questions=(*form.questions, added)), f"{added.code}-text"


def _remove_question(form: PollForm, gone: QuestionForm) -> Done:
    left = tuple(question for question in form.questions if question.code != gone.code)
    return replace(form, questions=left), f"{left[-1].code}-text"


def _add(form: PollForm, question: QuestionForm) -> Done:
    row = ChoiceForm(new_code(choice.code for choice in question.choices))
    changed = replace(question, choices=(*question.choices, row))
    return form.with_question(changed), f"{question.code}-{row.code}-text"


def _remove(question: QuestionForm, code: str) -> tuple[QuestionForm, str]:
    place = _place(question, code)
    left = question.choices[:place] + question.choices[place + 1 :]
    nearest = left[min(place, len(left) - 1)].code if left else ""
    return replace(question, choices=left), f"{nearest}-text" if nearest else "text"


def _move(question: QuestionForm, code: str, step: int) -> QuestionForm:
    rows = list(question.choices)
    place = _place(question, code)
    other = min(max(place + step, 0), len(rows) - 1)
    rows.insert(other, rows.pop(place))
    return replace(question, choices=tuple(rows))


def _up(question: QuestionForm, code: str) -> tuple[QuestionForm, str]:
    return _move(question, code, -1), f"{code}-up"


def _down(question: QuestionForm, code: str) -> tuple[QuestionForm, str]:
    return _move(question, code, 1), f"{code}-down"


def _set(question: QuestionForm, code: str, *, retired: bool) -> QuestionForm:
    choices = (
        replace(choice, retired=retired) if choice.code == code else choice
        for choice in question.choices
    )
    return replace(question, choices=tuple(choices))


def _retire(question: QuestionForm, code: str) -> tuple[QuestionForm, str]:
    return _set(question, code, retired=True), f"{code}-offer"


def _offer(question: QuestionForm, code: str) -> tuple[QuestionForm, str]:
    return _set(question, code, retired=False), f"{code}-retire"


def _place(question: QuestionForm, code: str) -> int:
    return [choice.code for choice in question.choices].index(code)


ROW_MOVES: dict[str, Callable[[QuestionForm, str], tuple[QuestionForm, str]]] = {
    "remove": _remove,
    "up": _up,
    "down": _down,
    "retire": _retire,
    "offer": _offer,
}
