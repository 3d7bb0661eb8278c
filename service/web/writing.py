"""How Voxpop writes for its readers: its words, figures and moments in their language."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import jdatetime
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_datetime_format, get_timezone_name
from babel.numbers import NumberPattern, format_decimal
from markupsafe import Markup, escape

from service.domain import languages
from service.phrases import Phrase
from service.web import catalogues
from service.web.catalogues import Catalogue

MOST_KEPT = 200
# As the English of no country in particular is written here.
PLAIN_ENGLISH = "en-GB"
DIGITS = {"arab": "٠١٢٣٤٥٦٧٨٩", "arabext": "۰۱۲۳۴۵۶۷۸۹"}
# Where a figure of four digits is not parted: CLDR says so, in what Babel leaves out of it.
UNPARTED = frozenset({"es", "es_EA", "es_ES", "es_GQ", "es_IC", "es_PH", "ru_UA"})


@dataclass(frozen=True, slots=True)
class Writing:
    """Our words in one language, and by which habits figures and moments are written with them."""

    catalogue: Catalogue
    habits: Locale

    @property
    def tag(self) -> str:
        """The language's tag."""
        return str(self.catalogue.locale)

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return languages.direction(self.tag)

    def plain(self, text: str, **values: object) -> str:
        """What our text is called, with the values put in."""
        return self.catalogue.text(pattern(text)).format(**self._written(text, values))

    def said(self, text: str) -> str:
        """The text, translated if it is one of ours."""
        return self.plain(text) if isinstance(text, Phrase) else text

    def say(self, text: str, **values: object) -> Markup:
        """The same for a page, where the values may have markup."""
        return escape(self.catalogue.text(pattern(text))).format(**self._written(text, values))

    def count(self, one: str, other: str, number: int) -> Markup:
        """The form of our text that fits the number, which is put in as `n`."""
        return escape(self.catalogue.form(one, other, number)).format(n=self.figure(number))

    def figure(self, value: int) -> str:
        """`12,345`."""
        parted = value > 9999 or str(self.habits) not in UNPARTED
        written = format_decimal(
            value, locale=self.habits, group_separator=parted, numbering_system="default"
        )
        return self._in_digits(written)

    def share(self, percent: float) -> str:
        """`40.7%`, with one decimal always, so that a column of them lines up."""
        written = _percent_pattern(self.habits).apply(
            percent / 100, self.habits, numbering_system="default"
        )
        return self._in_digits(written.replace("%", self._symbols["percentSign"]))

    def moment(self, value: datetime, zone: str = "UTC") -> str:
        """`24 November 2026, 12:00 UTC`; in another zone, `24 November 2026, 17:30 (GMT+05:30)`
        or what its time is called. A page that is the same for all cannot know the reader's
        clocks, only the site's."""
        there = value.astimezone(ZoneInfo(zone))
        joined = str(get_datetime_format("long", self.habits)).replace("'", "")
        time = format_time(there, "short", locale=self.habits)
        written = joined.replace("{0}", time).replace("{1}", self._date(there))
        return self._in_digits(f"{written} {self._zone(there, zone)}")

    def _date(self, value: datetime) -> str:
        """The day, by the calendar of the language."""
        if self.habits.language == "fa":
            day = jdatetime.date.fromgregorian(date=value.date(), locale="fa_IR")
            return f"{day.day} {day.strftime('%B')} {day.year}"
        return format_date(value, "long", locale=self.habits)

    def _zone(self, value: datetime, zone: str) -> str:
        if zone == "UTC":
            return zone
        return f"({get_timezone_name(value, 'long', locale=self.habits)})"

    def _written(self, text: str, values: Mapping[str, object]) -> dict[str, object]:
        """What is put into the text, the figures in it as the language writes them."""
        own = text.values if isinstance(text, Phrase) else {}
        return {
            name: self.figure(value) if isinstance(value, int) else value
            for name, value in {**own, **values}.items()
        }

    @property
    def _symbols(self) -> Mapping[str, str]:
        symbols: Mapping[str, str] = self.habits.number_symbols[
            self.habits.default_numbering_system
        ]
        return symbols

    def _in_digits(self, text: str) -> str:
        digits = DIGITS.get(self.habits.default_numbering_system)
        return text.translate(str.maketrans("0123456789", digits)) if digits else text


def pattern(text: str) -> str:
    """The text as catalogues know it."""
    return text.pattern if isinstance(text, Phrase) else text


@lru_cache(MOST_KEPT)
def of(tag: str, site_locale: str) -> Writing:
    """The writing of one of our languages, by the site's habits where that is a kind of it."""
    catalogue = catalogues.catalogue(tag)
    habits = PLAIN_ENGLISH if site_locale == catalogues.SOURCE else site_locale
    for each in (habits, PLAIN_ENGLISH):
        known = _known(each)
        if known is not None and known.language == catalogue.locale.language:
            return Writing(catalogue, known)
    return Writing(catalogue, catalogue.locale)


def _known(tag: str) -> Locale | None:
    """The locale as CLDR has it; None for what it does not have."""
    try:
        return Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


@lru_cache(MOST_KEPT)
def _percent_pattern(locale: Locale) -> NumberPattern:
    exact: NumberPattern = copy(locale.percent_formats[None])
    exact.frac_prec = (1, 1)
    return exact


ENGLISH = of(catalogues.SOURCE, catalogues.SOURCE)
