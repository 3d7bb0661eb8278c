"""Catalogues: what translators have made of Voxpop's words, as gettext's .po files keep it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

DIRECTORY = Path(__file__).resolve().parent.parent / "translations"
SOURCE = "en"
# The language of the messages first, then those that they are translated into.
LOCALES = (SOURCE, *sorted(file.parts[-3] for file in DIRECTORY.glob("*/LC_MESSAGES/messages.po")))
CATEGORIES = ("zero", "one", "two", "few", "many", "other")
# Whole numbers of every kind that one of these languages tells apart.
SAMPLES = (*range(201), 1_000_000)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Voxpop's words in one language. What is not translated yet stays English."""

    locale: Locale
    texts: Mapping[str, str] = field(default_factory=dict)
    plurals: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def text(self, english: str) -> str:
        """What the text is called."""
        return self.texts.get(english, english)

    def forms(self, one: str, other: str) -> Mapping[str, str]:
        """The text's form for each kind of number, as CLDR names them; `other` is among them."""
        return self.plurals.get(one) or {"one": one, "other": other}

    def form(self, one: str, other: str, number: int) -> str:
        """The form of the text that fits the number."""
        forms = self.forms(one, other)
        return forms.get(self.locale.plural_form(number), forms["other"])


@cache
def catalogue(locale: str) -> Catalogue:
    """The catalogue of one of LOCALES."""
    if locale == SOURCE:
        return Catalogue(Locale.parse(SOURCE))
    return _read(locale)


def path(locale: str) -> Path:
    """The file that translators write."""
    return DIRECTORY / locale / "LC_MESSAGES" / "messages.po"


def kinds_of_numbers(locale: Locale) -> tuple[str, ...]:
    """The kinds of whole numbers that the language tells apart, in the order of a text's forms."""
    kinds = {locale.plural_form(number) for number in SAMPLES}
    return tuple(kind for kind in CATEGORIES if kind in kinds)


def english(message: Message) -> tuple[str, ...]:
    """What the message says in English: one text, or one for 1 and one for other numbers."""
    return _as_tuple(message.id)


def translated(message: Message) -> tuple[str, ...]:
    """What it says in the catalogue's language: one text, or one for each kind of number."""
    return _as_tuple(message.string)


def _as_tuple(text: str | Iterable[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def _read(name: str) -> Catalogue:
    locale = Locale.parse(name)
    kinds = kinds_of_numbers(locale)
    texts, plurals = {}, {}
    with path(name).open("rb") as file:
        messages = [each for each in read_po(file, locale) if each.id and not each.fuzzy]
    for message in messages:
        if all(said := translated(message)):
            if message.pluralizable:
                plurals[english(message)[0]] = _with_other(dict(zip(kinds, said, strict=True)))
            else:
                texts[english(message)[0]] = said[0]
    return Catalogue(locale, texts, plurals)


def _with_other(forms: dict[str, str]) -> Mapping[str, str]:
    """The forms with one for `other`, which is for fractions alone in Russian: those take the same
    case of a noun as two does."""
    return forms if "other" in forms else forms | {"other": forms["few"]}
