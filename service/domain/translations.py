"""A poll's texts in other languages than its site's, and the poll as it reads in one of them.

What is translated is a text that there is, and only that: each one falls back to the original by
itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from service.domain import languages, locales, texts
from service.domain.lengths import (
    LONGEST_CHOICE,
    LONGEST_HELP,
    LONGEST_QUESTION,
    LONGEST_THANKS,
    LONGEST_TITLE,
)
from service.domain.locales import LONGEST_TAG
from service.errors import FieldError
from service.records import Choice, Poll, PollDraft, Question

MOST_LOCALES = 30
LONGEST: Mapping[type, Mapping[str, int]] = {
    PollDraft: {"title": LONGEST_TITLE, "thank_you": LONGEST_THANKS},
    Question: {"text": LONGEST_QUESTION, "help": LONGEST_HELP},
    Choice: {"text": LONGEST_CHOICE, "image_alt": LONGEST_CHOICE},
}
IN_LINES = frozenset({"thank_you", "help"})
OWN = "This is the site's own language: its texts are those of the poll itself."

Thing = TypeVar("Thing", bound=PollDraft | Question | Choice)
Piece = tuple[str, PollDraft | Question | Choice]
"""A part of a poll that has texts, with the pointer to it."""


def pieces(draft: PollDraft) -> Iterator[Piece]:
    """All that has texts."""
    yield "", draft
    for place, question in enumerate(draft.questions):
        yield f"/questions/{place}", question
        for row, choice in enumerate(question.choices):
            yield f"/questions/{place}/choices/{row}", choice


def locales_of(draft: PollDraft) -> set[str]:
    """The languages that anything of the poll is translated into."""
    return {locale for _, thing in pieces(draft) for locale in thing.translations}


def tidy(thing: Thing) -> Thing:
    """The thing with its translations under the usual tags, tidied as its own texts are; those that
    say nothing are none."""
    tidied: dict[str, dict[str, str]] = {}
    for tag, given in thing.translations.items():
        kept = {
            field: text
            for field, written in given.items()
            if (text := texts.tidy_or_none(written, lines=field in IN_LINES))
        }
        usual = languages.normal(tag) or tag
        if kept:
            tidied[tag if usual in tidied else usual] = kept
    return replace(thing, translations=tidied)


def faults(draft: PollDraft, own_locale: str | None = None) -> Iterator[FieldError]:
    """What is wrong with the tidied draft's translations; none is of `own_locale`."""
    if len(locales_of(draft)) > MOST_LOCALES:
        yield FieldError("/translations", f"Must be at most {MOST_LOCALES} languages.")
    for pointer, thing in pieces(draft):
        for locale, given in thing.translations.items():
            within = f"{pointer}/translations/{_token(locale)}"
            yield from _tag_faults(within, locale, own_locale)
            for field, text in given.items():
                yield from _text_faults(within, thing, field, text)
    for place, question in enumerate(draft.questions):
        yield from _alike(f"/questions/{place}/choices", question)


def carried(draft: PollDraft, stands: PollDraft) -> PollDraft:
    """The draft with the translations of what it has under the codes of what stands, as far as
    there is still a text that they translate."""
    questions = {question.code: question for question in stands.questions}
    return replace(
        _carried(draft, stands),
        questions=tuple(
            _carried_question(question, questions.get(question.code))
            for question in draft.questions
        ),
    )


def locale_for(poll: Poll, asked: str | None) -> str | None:
    """Which of the poll's translations fits the asked language best, or else the site's own; None
    where that is what the poll's texts are in.

    A site may take up a language into which its polls were translated before: readers have those
    translations then, and not the texts that they were made of.
    """
    if not poll.locales:
        return None
    found = locales.match(asked, (poll.locale, *poll.locales)) if asked else None
    wanted = found or poll.locale
    return next((locale for locale in poll.locales if _is_same(locale, wanted)), None)


def reading(poll: Poll, locale: str | None) -> Poll:
    """The poll as it reads in one of its other languages, text by text its own where it has none
    in that; without a language the poll as it is.

    A poll that is named after its first question is so in each language.
    """
    if locale is None:
        return poll
    questions = tuple(
        replace(
            _read(question, locale),
            choices=tuple(_read(choice, locale) for choice in question.choices),
        )
        for question in poll.questions
    )
    read = replace(_read(poll, locale), questions=questions)
    if read.title == poll.title and poll.is_named_after_its_question:
        read = replace(read, title=read.question_as_title)
    kept = dict.fromkeys(_left(poll, locale), poll.locale) | {poll.site_name: poll.locale}
    spoken = poll.locale if _is_same(locale, poll.locale) else locale
    return replace(read, locale=spoken, in_other_locales=kept)


def original(thing: PollDraft | Question | Choice, field: str) -> str:
    """The text that a translation is of; nothing where there is none."""
    return getattr(thing, field) or ""


def _carried_question(question: Question, stands: Question | None) -> Question:
    if stands is None:
        return question
    known = {choice.code: choice for choice in stands.choices}
    choices = (
        _carried(choice, known[choice.code]) if choice.code in known else choice
        for choice in question.choices
    )
    return replace(_carried(question, stands), choices=tuple(choices))


def _carried(thing: Thing, stands: Thing) -> Thing:
    there = {field for field in thing.TRANSLATED if field == "title" or original(thing, field)}
    founded = {
        locale: {field: text for field, text in given.items() if field in there}
        for locale, given in stands.translations.items()
    }
    return replace(thing, translations={tag: given for tag, given in founded.items() if given})


def longest(thing: PollDraft | Question | Choice, field: str) -> int:
    """How many characters the text may have."""
    return next(each for kind, each in LONGEST.items() if isinstance(thing, kind))[field]


def _read(thing: Thing, locale: str) -> Thing:
    given = thing.translations.get(locale, {})
    read: dict[str, Any] = {name: given[name] for name in thing.TRANSLATED if name in given}
    return replace(thing, **read)


def _left(poll: Poll, locale: str) -> Iterator[str]:
    """The texts that stay what they are."""
    for _, thing in pieces(poll):
        for field in thing.TRANSLATED:
            if field not in thing.translations.get(locale, {}):
                yield original(thing, field)


def _tag_faults(pointer: str, locale: str, own_locale: str | None) -> Iterator[FieldError]:
    usual = languages.normal(locale)
    if usual is None:
        yield FieldError(pointer, "Must be a language tag (BCP 47) such as fr or pt-BR.")
    elif usual != locale:
        yield FieldError(pointer, "This language is named twice.")
    elif own_locale is not None and _is_same(locale, own_locale):
        yield FieldError(pointer, OWN)


def _text_faults(
    pointer: str, thing: PollDraft | Question | Choice, field: str, text: str
) -> Iterator[FieldError]:
    within = f"{pointer}/{_token(field)}"
    if field not in thing.TRANSLATED:
        yield FieldError(within, "There is no such text.")
    elif not original(thing, field):
        yield FieldError(within, "There is no text that this would translate.")
    else:
        yield from texts.faults(within, text, longest(thing, field), lines=field in IN_LINES)


def _alike(pointer: str, question: Question) -> Iterator[FieldError]:
    """Translated choices that read like another one in their language."""
    for locale in sorted({tag for choice in question.choices for tag in choice.translations}):
        given = [choice.translations.get(locale, {}).get("text") for choice in question.choices]
        originals = zip(question.choices, given, strict=True)
        taken = {texts.folded(choice.text) for choice, text in originals if text is None}
        for place, text in enumerate(given):
            if text is None:
                continue
            if texts.folded(text) in taken:
                detail = f"Another choice reads like this in {languages.name(locale)}."
                yield FieldError(f"{pointer}/{place}/translations/{_token(locale)}/text", detail)
            taken.add(texts.folded(text))


def _is_same(locale: str, other: str) -> bool:
    return locale.lower() == other.lower()


def _token(name: str) -> str:
    """As a JSON pointer has it (RFC 6901); of a name longer than any of ours the beginning."""
    return name[:LONGEST_TAG].replace("~", "~0").replace("/", "~1")
