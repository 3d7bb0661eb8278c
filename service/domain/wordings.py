"""The texts of a poll one by one, beside what each is in another language.

A text goes by its path: `("title",)`, `("q1", "help")`, `("q1", "c2", "text")`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from service.domain import translations
from service.domain.translations import IN_LINES, Thing
from service.records import Choice, PollDraft, Question

Draft = TypeVar("Draft", bound=PollDraft)
Path = tuple[str, ...]
Texts = Mapping[Path, str]
# How many tokens of a pointer name a question, and a choice.
QUESTION_DEPTH, CHOICE_DEPTH = 2, 4


@dataclass(frozen=True, slots=True)
class Wording:
    """A text, and its translation if there is one. `place` is that of its question or choice among
    the others, from 1; what belongs to a retired choice is `retired`."""

    path: Path
    original: str
    translation: str
    longest: int
    place: int = 1
    retired: bool = False

    @property
    def field(self) -> str:
        """What it is of its poll, question or choice."""
        return self.path[-1]

    @property
    def in_lines(self) -> bool:
        """Whether it may have several lines."""
        return self.field in IN_LINES


def of(draft: PollDraft, locale: str) -> list[Wording]:
    """All texts that there are to translate, in their order. The name of a poll that is named after
    its question is none, unless it has a translation."""
    found = [
        *_wordings(draft, (), locale),
        *(wording for question in _placed(draft) for wording in _of_question(*question, locale)),
    ]
    leaves_title = draft.is_named_after_its_question
    return [
        wording
        for wording in found
        if wording.path != ("title",) or wording.translation or not leaves_title
    ]


def given(draft: Draft, locale: str, texts: Texts) -> Draft:
    """The draft with these translations in the place of those that it had in the language; what is
    not named stays."""
    questions = (
        replace(
            _given(question, (question.code,), locale, texts),
            choices=tuple(
                _given(choice, (question.code, choice.code), locale, texts)
                for choice in question.choices
            ),
        )
        for question in draft.questions
    )
    return replace(_given(draft, (), locale, texts), questions=tuple(questions))


def counts(draft: PollDraft, locale: str) -> tuple[int, int]:
    """How many of how many texts are translated."""
    wordings = of(draft, locale)
    return sum(bool(wording.translation) for wording in wordings), len(wordings)


def outdated(before: PollDraft, after: PollDraft) -> list[str]:
    """The languages in which a text was left as it was while its original became another."""
    return [
        locale
        for locale in sorted(translations.locales_of(after))
        if _is_outdated(of(before, locale), of(after, locale))
    ]


def path_of(draft: PollDraft, pointer: str) -> Path:
    """The path of the text that a fault points at: `("q1", "c2", "text")` for
    `/questions/0/choices/1/translations/fr/text`."""
    _, *tokens = pointer.split("/")
    path: list[str] = []
    if tokens[0] == "questions" and len(tokens) > QUESTION_DEPTH:
        question = draft.questions[int(tokens[1])]
        path.append(question.code)
        if tokens[2] == "choices" and len(tokens) > CHOICE_DEPTH:
            path.append(question.choices[int(tokens[3])].code)
    return (*path, tokens[-1])


def _placed(draft: PollDraft) -> Iterator[tuple[int, Question]]:
    return enumerate(draft.questions, start=1)


def _of_question(place: int, question: Question, locale: str) -> Iterator[Wording]:
    yield from _wordings(question, (question.code,), locale, place)
    for row, choice in enumerate(question.choices, start=1):
        yield from _wordings(choice, (question.code, choice.code), locale, row)


def _wordings(
    thing: PollDraft | Question | Choice, path: Path, locale: str, place: int = 1
) -> Iterator[Wording]:
    translated = thing.translations.get(locale, {})
    retired = isinstance(thing, Choice) and thing.retired
    for field in thing.TRANSLATED:
        if text := translations.original(thing, field):
            longest = translations.longest(thing, field)
            yield Wording((*path, field), text, translated.get(field, ""), longest, place, retired)


def _given(thing: Thing, path: Path, locale: str, texts: Texts) -> Thing:
    new = {field: texts[*path, field] for field in thing.TRANSLATED if (*path, field) in texts}
    if not new:
        return thing
    kept = {**thing.translations.get(locale, {}), **new}
    filled = {field: text for field, text in kept.items() if text.strip()}
    others = {tag: each for tag, each in thing.translations.items() if tag != locale}
    return replace(thing, translations=others | ({locale: filled} if filled else {}))


def _is_outdated(before: list[Wording], after: list[Wording]) -> bool:
    known = {wording.path: wording for wording in before}
    return any(
        wording.translation
        and (old := known.get(wording.path))
        and old.original != wording.original
        and old.translation == wording.translation
        for wording in after
    )
