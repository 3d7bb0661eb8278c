"""How the page of two versions tells what they hold differently."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from service.web.admin.polls import words
from service.web.admin.polls.form import ChoiceForm, PollForm, QuestionForm
from service.web.admin.polls.merging import Difference

Piece = tuple[str, bool]
NOTHING = "Nothing"
NOT_THERE = "Not in this version"


@dataclass(frozen=True, slots=True)
class Told:
    """A difference for the eye: its name, and both sides in pieces of which some are marked."""

    difference: Difference
    name: str
    theirs: Sequence[Piece]
    mine: Sequence[Piece]


def told(difference: Difference, theirs: PollForm, mine: PollForm) -> Told:
    """The difference in words."""
    one = _written(difference, difference.theirs, theirs)
    other = _written(difference, difference.mine, mine)
    marked_one, marked_other = _marked(one, other)
    return Told(difference, _name(difference, theirs, mine), marked_one, marked_other)


def _name(difference: Difference, theirs: PollForm, mine: PollForm) -> str:
    name = words.FIELD_NAMES[difference.field]
    if difference.name == "questions":
        name = words.FIELD_NAMES["questions"]
    if not difference.question or len({*_codes(theirs), *_codes(mine)}) == 1:
        return name
    question = theirs.question(difference.question) or mine.question(difference.question)
    return f"{name} · {question.text}" if question else name


def _codes(version: PollForm) -> list[str]:
    return [question.code for question in version.questions]


def _written(difference: Difference, value: object, version: PollForm) -> str:
    if value is None:
        return NOT_THERE
    if isinstance(value, ChoiceForm):
        return _choice(value)
    if isinstance(value, QuestionForm):
        return f"{value.text}: {', '.join(choice.text for choice in value.written)}"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return _in_order(difference, value, version)
    text = str(value)
    return words.NAMES.get(text, text.replace("T", " ") if text[10:11] == "T" else text) or NOTHING


def _choice(choice: ChoiceForm) -> str:
    notes = [
        choice.retired and "retired",
        choice.is_other and "readers write their own answer",
        choice.image_url and f"picture {choice.image_url} ({choice.image_alt})",
    ]
    return ", ".join([choice.text or NOTHING, *(note for note in notes if note)])


def _in_order(difference: Difference, codes: Sequence[object], version: PollForm) -> str:
    question = version.question(difference.question)
    rows = question.written if question else version.questions
    texts = {row.code: row.text for row in rows}
    return " · ".join(texts[str(code)] for code in codes if code in texts)


def _marked(one: str, other: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces of whole words, marked where they differ."""
    left, right = one.split(" "), other.split(" ")
    sides: tuple[list[Piece], list[Piece]] = ([], [])
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        for side, piece in zip(sides, (left[a:b], right[c:d]), strict=True):
            if piece:
                side.append((" ".join(piece), tag != "equal"))
    return sides
