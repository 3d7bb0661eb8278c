"""What the domain finds wrong with a draft, told at the fields of the form."""

from collections.abc import Sequence

from service.errors import PollHasBallots, ValidationError
from service.web.admin.polls import words
from service.web.admin.polls.form import ChoiceForm, PollForm, QuestionForm

IN_WORDS = {
    "order": "Must be after the poll opens.",
    "over": "Has passed. Set another time, or none.",
    "limit": "Write how many ballots a network may cast.",
    "bounds": "Must be at least the fewest, and at most the number of choices.",
    "locked": "Readers have voted meanwhile: this stays as it is.",
    "reserved": "This address has another use. Choose another.",
    "carried": "Pages carry this poll: its address cannot change any more.",
}
"""The domain speaks in the API's names; where it does, so does the form in its own."""
TAKEN = "Another poll has this address."


def by_field(form: PollForm, error: ValidationError | PollHasBallots) -> dict[str, str]:
    """The first fault of each field, by the field's name in the form."""
    faults: dict[str, str] = {}
    for fault in error.errors:
        detail = IN_WORDS.get(fault.rule, fault.detail)
        faults.setdefault(field_of(form, fault.pointer), detail)
    if not form.title.strip():
        faults.pop("title", None)  # it would be the question, which has the fault itself
    return faults


def called(form: PollForm, name: str) -> str:
    """What the form calls the field: `Choice 2`."""
    code, _, rest = name.partition("-")
    question = form.question(code)
    if question is None or not rest:
        return words.FIELD_NAMES.get(name, "")
    row, _, field = rest.partition("-")
    codes = [choice.code for choice in question.choices]
    if not field:
        return words.FIELD_NAMES.get(row, "")
    label = f"Choice {codes.index(row) + 1}" if row in codes else words.FIELD_NAMES["choice"]
    return label if field == "text" else f"{label}, {words.FIELD_NAMES.get(field, '')}"


def anchor(form: PollForm, name: str) -> str:
    """What to lead to for a fault of the field: a field itself, so that it gets the focus."""
    question = form.question(name.removesuffix("-choices"))
    if question is None or not question.choices:
        return name
    return f"{question.code}-{question.choices[0].code}-text"


def field_of(form: PollForm, pointer: str) -> str:
    """The name of the field that a pointer into the draft means: `q1-c2-text` for
    `/questions/0/choices/1/text`. What has no field of its own is told at the nearest one."""
    name, *path = pointer.strip("/").split("/")
    if name == "translations":
        return path[-1]
    if name != "questions":
        return name
    place = _place(path, len(form.questions))
    if place is None:
        return "questions"
    question = form.questions[place]
    return f"{question.code}-{_field_in(question, path[1:])}"


def _field_in(question: QuestionForm, path: Sequence[str]) -> str:
    name = path[0] if path else "id"
    if name == "translations":
        return path[-1]
    if name != "choices":
        return "text" if name == "id" else name
    choices: tuple[ChoiceForm, ...] = question.written
    place = _place(path[1:], len(choices))
    if place is None:
        return "choices"
    field = path[2] if len(path) > 2 else "id"
    field = path[-1] if field == "translations" else field
    return f"{choices[place].code}-{'text' if field == 'id' else field}"


def _place(path: Sequence[str], rows: int) -> int | None:
    """Which row the path begins with, if there is one."""
    place = int(path[0]) if path and path[0].isdecimal() else rows
    return place if place < rows else None
