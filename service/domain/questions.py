"""The one validator of answers."""

from collections.abc import Mapping, Sequence

from service.errors import FieldError, InvalidChoice
from service.records import Answers, Question


def answer(questions: Sequence[Question], given: Mapping[str, Sequence[str]]) -> Answers:
    """The given answers, checked against the questions, in the questions' own order.

    Raises InvalidChoice naming every fault.
    """
    known = {question.code: question for question in questions}
    faults = [
        FieldError(f"/answers/{_escape(code)}", "The poll has no such question.")
        for code in given
        if code not in known
    ]
    for question in questions:
        faults += _faults(question, given.get(question.code, ()))
    if faults:
        raise InvalidChoice(*faults)
    return {
        question.code: _in_order(question, given[question.code])
        for question in questions
        if given.get(question.code)
    }


def _faults(question: Question, chosen: Sequence[str]) -> list[FieldError]:
    pointer = f"/answers/{question.code}"
    offered = {choice.code for choice in question.offered}
    unknown = [
        FieldError(f"{pointer}/{place}", "The question does not offer this choice.")
        for place, code in enumerate(chosen)
        if code not in offered
    ]
    if unknown:
        return unknown
    return [FieldError(pointer, text) for text in _broken_rules(question, chosen)]


def _broken_rules(question: Question, chosen: Sequence[str]) -> list[str]:
    if not chosen:
        return ["Choose an answer."] if question.required else []
    if len(set(chosen)) < len(chosen):
        return ["A choice is named twice."]
    if len(chosen) < question.min_choices:
        return [f"Choose at least {question.min_choices}."]
    if len(chosen) > question.max_choices:
        return [f"Choose at most {question.max_choices}."]
    return []


def _in_order(question: Question, chosen: Sequence[str]) -> tuple[str, ...]:
    return tuple(choice.code for choice in question.choices if choice.code in chosen)


def _escape(code: str) -> str:
    """As a reference token of a JSON pointer (RFC 6901, section 3), cut to a readable length."""
    return code[:40].replace("~", "~0").replace("/", "~1")
