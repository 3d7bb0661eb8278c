"""The archive: the polls that readers may look up, open ones and those that are over."""

from dataclasses import replace
from datetime import datetime

from service.domain import locales, results, texts
from service.records import ArchiveEntry, ArchivePage, ArchiveQuery
from service.stores import Stores

LONGEST_TEXT = 200


def page(
    stores: Stores, query: ArchiveQuery, now: datetime, locale: str | None = None
) -> ArchivePage:
    """The page, newest first, with the counts that everybody may see and no others; each question
    in the language asked for, where it is translated into that."""
    text = texts.tidy_or_none((query.text or "").replace("\0", " ")[:LONGEST_TEXT])
    found = stores.archive.page(replace(query, text=text), now)
    items = (_read(entry, locale) for entry in found.items)
    return replace(found, items=tuple(_for_readers(entry, now) for entry in items))


def _read(entry: ArchiveEntry, asked: str | None) -> ArchiveEntry:
    locale = locales.match(asked or "", (entry.locale, *entry.questions))
    if locale is None or locale.lower() == entry.locale.lower():
        return entry
    return replace(entry, question=entry.questions[locale], question_locale=locale)


def _for_readers(entry: ArchiveEntry, now: datetime) -> ArchiveEntry:
    shown = results.visible(entry, now, has_voted=False) and not entry.percent_only
    return entry if shown else replace(entry, ballots=None)
