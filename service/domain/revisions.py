"""What may become of a poll in which readers have voted, and the codes of what is new.

Once there are ballots:
- the duplicate policy and a question's type, `required` and bounds stay as they are; no question is
  removed, and a new one cannot be required;
- a choice that a ballot marks, be it a voided one, may be retired and brought back, not removed;
- its text, and that of a question that a ballot answers, may be corrected: `corrections` tells that
  from turning it into another;
- what they are translated to may be corrected likewise, be added or be taken away, after which the
  original stands in its place, but not turned into something else;
- the picture of such a choice may be taken away, which a court may ask for; it cannot be put in the
  place of another or of none, and what is said of it may be corrected;
- all else is free, and all is audited.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from service.domain import corrections
from service.errors import FieldError, PollHasBallots, ValidationError
from service.records import Cast, Choice, PollDraft, Question

NEW_AND_REQUIRED = "Readers have voted: a new question cannot be required."
OTHER_QUESTION = (
    "“{}” has answers: it can be corrected, not made another question. "
    f"{corrections.RULE} To ask something else, duplicate the poll."
)
IS_MARKED = "“{}” has votes: retire it, it cannot be removed."
OTHER_CHOICE = (
    f"“{{}}” has votes and cannot become “{{}}”. {corrections.RULE} "
    "To offer something else, retire it and add another, or duplicate the poll."
)
OTHER_TRANSLATION = (
    f"“{{}}” has votes and cannot become “{{}}”. {corrections.RULE} "
    "To translate anew, take this away first, so that readers have the original; then add yours."
)
OTHER_PICTURE = (
    "“{}” has votes: its picture can be taken away, not put in or exchanged. Retire the choice and "
    "add another, or duplicate the poll."
)


def revised(poll: PollDraft, draft: PollDraft, cast: Cast) -> PollDraft:
    """The draft with a code for all that is new; what has one is what the poll has under it.

    Raises ValidationError for codes that the poll does not have, PollHasBallots.
    """
    faults = tuple(_unknown(poll, draft))
    if faults:
        raise ValidationError(*faults)
    falsified = tuple(_falsifying(poll, draft, cast)) if cast.has_ballots else ()
    if falsified:
        raise PollHasBallots(*falsified)
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


def _falsifying(poll: PollDraft, draft: PollDraft, cast: Cast) -> Iterator[FieldError]:
    if draft.duplicate_policy is not poll.duplicate_policy:
        yield _locked("/duplicate_policy", "duplicate_policy")
    known = {question.code: question for question in poll.questions}
    for place, question in enumerate(draft.questions):
        pointer = f"/questions/{place}"
        old = known.pop(question.code, None)
        if old:
            yield from _in_question(pointer, old, question, cast)
        elif question.required:
            yield FieldError(f"{pointer}/required", NEW_AND_REQUIRED)
    for gone in known.values():
        yield FieldError("/questions", f"Readers have voted: “{gone.text}” cannot be removed.")


def _in_question(pointer: str, old: Question, new: Question, cast: Cast) -> Iterator[FieldError]:
    for name in ("type", "required", "min_choices", "max_choices"):
        if getattr(old, name) != getattr(new, name):
            yield _locked(f"{pointer}/{name}", f"{name} of {old.code}")
    if (old.code, "") in cast.marked:
        if not corrections.is_correction(old.text, new.text):
            yield FieldError(f"{pointer}/text", OTHER_QUESTION.format(old.text))
        yield from _in_translations(pointer, old, new, ())
    places = {choice.code: place for place, choice in enumerate(new.choices)}
    for choice in old.choices:
        if (old.code, choice.code) not in cast.marked:
            continue
        if choice.code not in places:
            yield FieldError(f"{pointer}/choices", IS_MARKED.format(choice.text))
            continue
        place = places[choice.code]
        others = [other for other in old.choices if other is not choice]
        within = f"{pointer}/choices/{place}"
        yield from _in_choice(within, choice, new.choices[place], others)


def _in_choice(
    pointer: str, old: Choice, new: Choice, others: Sequence[Choice]
) -> Iterator[FieldError]:
    if not corrections.is_correction(old.text, new.text, [other.text for other in others]):
        yield FieldError(f"{pointer}/text", OTHER_CHOICE.format(old.text, new.text))
    yield from _in_translations(pointer, old, new, others)
    if old.is_other != new.is_other:
        yield _locked(f"{pointer}/is_other", f"is_other of “{old.text}”")
    if new.image_url is None:
        return
    if new.image_url != old.image_url:
        yield FieldError(f"{pointer}/image_url", OTHER_PICTURE.format(old.text))
    elif not corrections.is_correction(old.image_alt or "", new.image_alt or ""):
        yield FieldError(f"{pointer}/image_alt", OTHER_PICTURE.format(old.text))


def _in_translations(
    pointer: str, old: Question | Choice, new: Question | Choice, others: Sequence[Choice]
) -> Iterator[FieldError]:
    """Translations that become something else; `help` may, as the original may."""
    for locale in old.translations.keys() & new.translations.keys():
        before, after = old.translations[locale], new.translations[locale]
        beside = [
            text for other in others if (text := other.translations.get(locale, {}).get("text"))
        ]
        for name in ("text", "image_alt"):
            if name not in before or name not in after:
                continue
            rivals = beside if name == "text" else []
            if not corrections.is_correction(before[name], after[name], rivals):
                detail = OTHER_TRANSLATION.format(before[name], after[name])
                yield FieldError(f"{pointer}/translations/{locale}/{name}", detail)


def _locked(pointer: str, name: str) -> FieldError:
    return FieldError(pointer, f"Readers have voted: {name} cannot change.", "locked")
