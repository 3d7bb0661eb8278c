"""What may become of a poll in which readers have voted, and the codes of what is new.

Once there are ballots:
- the duplicate policy and a question's type, `required` and bounds stay as they are; no question is
  removed, and a new one cannot be required;
- a choice that a ballot marks, be it a voided one, may be retired and brought back, not removed;
- its text may be corrected, which `is_correction` tells from turning it into another choice;
- all else is free, and all is audited.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from service.domain import texts
from service.errors import FieldError, PollHasBallots, ValidationError
from service.records import Cast, Choice, PollDraft, Question

SIMILAR = 0.6
NUMBERS = re.compile(r"\d+")


def revised(poll: PollDraft, draft: PollDraft, cast: Cast) -> PollDraft:
    """The draft with a code for all that is new; what has one is what the poll has under it.

    Raises ValidationError for codes that the poll does not have, PollHasBallots.
    """
    faults = tuple(_unknown(poll, draft))
    if faults:
        raise ValidationError(*faults)
    if cast.has_ballots:
        _refuse_falsifying(poll, draft, cast)
    return numbered(draft, cast.last_codes)


def numbered(draft: PollDraft, last_codes: Mapping[str, int]) -> PollDraft:
    """The draft with a code, never used before, for all that has none."""
    last, questions = last_codes.get("", 0), []
    for question in draft.questions:
        last += not question.code
        code = question.code or f"q{last}"
        given = last_codes.get(question.code, 0) if question.code else 0
        choices = _numbered(question.choices, given)
        questions.append(replace(question, code=code, choices=choices))
    return replace(draft, questions=tuple(questions))


def renumbered(draft: PollDraft) -> PollDraft:
    """The draft of a new poll, with codes from 1 in place of any it came with."""
    questions = tuple(
        replace(
            question,
            code="",
            choices=tuple(replace(choice, code="") for choice in question.choices),
        )
        for question in draft.questions
    )
    return numbered(replace(draft, questions=questions), {})


def is_correction(old: str, new: str, others: Sequence[str]) -> bool:
    """Whether the new text says what the old one said.

    It does if the two differ in case, spaces or letter forms only; or if they have the same
    numbers, are alike (a ratio of 0.6 by difflib) and the new text is nearer to the old one than to
    any of the question's other texts. So `Midle East` becomes `Middle East`, while `Yes` cannot
    become `No`, nor can two choices change places.
    """
    old, new = texts.folded(old), texts.folded(new)
    if old == new:
        return True
    likeness = _likeness(old, new)
    return (
        NUMBERS.findall(old) == NUMBERS.findall(new)
        and likeness >= SIMILAR
        and all(_likeness(texts.folded(other), new) < likeness for other in others)
    )


def _likeness(old: str, new: str) -> float:
    return SequenceMatcher(None, old, new, autojunk=False).ratio()


def _numbered(choices: Sequence[Choice], last: int) -> tuple[Choice, ...]:
    coded = []
    for choice in choices:
        last += not choice.code
        coded.append(replace(choice, code=choice.code or f"c{last}"))
    return tuple(coded)


def _unknown(poll: PollDraft, draft: PollDraft) -> Iterator[FieldError]:
    known = {question.code: question for question in poll.questions}
    yield from _unknown_codes("/questions", [q.code for q in draft.questions], known)
    for place, question in enumerate(draft.questions):
        old = known.get(question.code)
        choices = {choice.code for choice in old.choices} if old else set()
        codes = [choice.code for choice in question.choices]
        yield from _unknown_codes(f"/questions/{place}/choices", codes, choices)


def _unknown_codes(
    pointer: str, codes: Sequence[str], known: Mapping[str, object] | set[str]
) -> Iterator[FieldError]:
    for place, code in enumerate(codes):
        if code and code not in known:
            yield FieldError(f"{pointer}/{place}/id", "The poll has none with this id.")
        elif code and code in codes[:place]:
            yield FieldError(f"{pointer}/{place}/id", "This id is named twice.")


def _refuse_falsifying(poll: PollDraft, draft: PollDraft, cast: Cast) -> None:
    if draft.duplicate_policy is not poll.duplicate_policy:
        raise PollHasBallots("Readers have voted: duplicate_policy cannot change.")
    new = {question.code: question for question in draft.questions if question.code}
    for question in poll.questions:
        if question.code not in new:
            raise PollHasBallots(f"Readers have voted: {question.code} cannot be removed.")
        _refuse_other_rules(question, new[question.code])
        _refuse_other_choices(question, new[question.code], cast)
    if any(question.required for question in draft.questions if not question.code):
        raise PollHasBallots("Readers have voted: a new question cannot be required.")


def _refuse_other_rules(old: Question, new: Question) -> None:
    for name in ("type", "required", "min_choices", "max_choices"):
        if getattr(old, name) != getattr(new, name):
            raise PollHasBallots(f"Readers have voted: {name} of {old.code} cannot change.")


def _refuse_other_choices(old: Question, new: Question, cast: Cast) -> None:
    kept = {choice.code: choice for choice in new.choices}
    for choice in old.choices:
        if (old.code, choice.code) not in cast.marked:
            continue
        if choice.code not in kept:
            raise PollHasBallots(f"“{choice.text}” has votes: retire it, it cannot be removed.")
        others = [other.text for other in old.choices if other is not choice]
        if not is_correction(choice.text, kept[choice.code].text, others):
            raise PollHasBallots(
                f"“{choice.text}” has votes and cannot become “{kept[choice.code].text}”: "
                "retire it and add another."
            )
        if choice.is_other != kept[choice.code].is_other:
            raise PollHasBallots(f"“{choice.text}” has votes: is_other cannot change.")
