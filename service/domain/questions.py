"""The questions as voters get them, and the one validator of what they answer."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from service.domain import alphabets
from service.errors import FieldError, InvalidChoice
from service.phrases import Phrase
from service.records import Answers, Choice, ChoiceOrder, OtherTexts, Poll, Question

OTHER_TEXT_LENGTH = 200


def offered(poll: Poll) -> tuple[Question, ...]:
    """The questions with the choices that may be marked now, in the order that is public.

    A shuffled poll has them as listed: each reader's own order is made where the reader is.
    """
    return tuple(
        replace(question, choices=in_order(poll, question.offered)) for question in poll.questions
    )


def in_order(poll: Poll, choices: Iterable[Choice]) -> tuple[Choice, ...]:
    """The choices as the poll lists them; where by the alphabet, `is_other` is still the last."""
    if poll.choice_order is not ChoiceOrder.ALPHABETICAL:
        return tuple(choices)
    key = alphabets.sort_key
    return tuple(sorted(choices, key=lambda one: (one.is_other, key(one.text, poll.locale))))


def answer(questions: Sequence[Question], given: Mapping[str, Sequence[str]]) -> Answers:
    """The given answers, checked against the questions, in their order; those to one question in
    the order of their codes, so that they are the same however the owner lists the choices by then.

    Raises InvalidChoice naming every fault.
    """
    asked = {question.code for question in questions}
    sound = given.keys() <= asked and all(
        _is_sound(question, given.get(question.code, ())) for question in questions
    )
    if not sound:  # hardly any are: only these are looked at fault by fault
        raise InvalidChoice(*_all_faults(questions, given))
    return {
        question.code: tuple(sorted(given[question.code], key=_number))
        for question in questions
        if given.get(question.code)
    }


def _is_sound(question: Question, chosen: Sequence[str]) -> bool:
    """Whether all that is chosen is offered, named once, and not too little or too much."""
    if not chosen:
        return not question.required
    offered = [one.code for one in question.choices if one.code in chosen and not one.retired]
    return (
        len(chosen) == len(offered) and question.min_choices <= len(chosen) <= question.max_choices
    )


def _all_faults(
    questions: Sequence[Question], given: Mapping[str, Sequence[str]]
) -> list[FieldError]:
    known = {question.code for question in questions}
    faults = [
        FieldError(f"/answers/{_escape(code)}", Phrase("The poll has no such question."))
        for code in given
        if code not in known
    ]
    for question in questions:
        faults += _faults(question, given.get(question.code, ()))
    return faults


def written(
    questions: Sequence[Question], answers: Answers, given: Mapping[str, str]
) -> OtherTexts:
    """What the voter wrote for the `is_other` choices that the answers mark, in its plain form.

    Raises InvalidChoice naming every text that is missing, unfit, or for no such choice.
    """
    asked = [
        question.code
        for question in questions
        for choice in question.choices
        if choice.is_other and choice.code in answers.get(question.code, ())
    ]
    texts = {code: _plain(given.get(code, "")) for code in asked}
    faults = [
        FieldError(f"/other_texts/{_escape(code)}", "The choice that this is for is not marked.")
        for code in given
        if code not in texts
    ]
    faults += [
        FieldError(f"/other_texts/{code}", fault)
        for code, text in texts.items()
        if (fault := _unfit(text))
    ]
    if faults:
        raise InvalidChoice(*faults)
    return texts


def _plain(text: str) -> str:
    """The text in Unicode's composed form (NFC), with single spaces for all white space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _unfit(text: str) -> str | None:
    if any(unicodedata.category(character) == "Cc" for character in text):
        return Phrase("Control characters are not allowed.")
    if not any(map(str.isprintable, text.replace(" ", ""))):
        return Phrase("Write your answer.")
    if len(text) > OTHER_TEXT_LENGTH:
        return Phrase("Write at most {n} characters.", n=OTHER_TEXT_LENGTH)
    return None


def _faults(question: Question, chosen: Sequence[str]) -> list[FieldError]:
    pointer = f"/answers/{question.code}"
    offered = {choice.code for choice in question.offered}
    unknown = [
        FieldError(f"{pointer}/{place}", Phrase("The question does not offer this choice."))
        for place, code in enumerate(chosen)
        if code not in offered
    ]
    if unknown:
        return unknown
    return [FieldError(pointer, text) for text in _broken_rules(question, chosen)]


def _broken_rules(question: Question, chosen: Sequence[str]) -> list[str]:
    if not chosen:
        return [Phrase("Choose an answer.")] if question.required else []
    if len(set(chosen)) < len(chosen):
        return [Phrase("A choice is named twice.")]
    if len(chosen) < question.min_choices:
        return [Phrase("Choose at least {n}.", n=question.min_choices)]
    if len(chosen) > question.max_choices:
        return [Phrase("Choose at most {n}.", n=question.max_choices)]
    return []


def _number(code: str) -> tuple[int, str]:
    """Sorts c2 before c10."""
    return len(code), code


def _escape(code: str) -> str:
    """As a reference token of a JSON pointer (RFC 6901, section 3), cut to a readable length."""
    return code[:40].replace("~", "~0").replace("/", "~1")
