"""The archive: the polls that readers may look up, open ones and those that are over."""

from dataclasses import replace
from datetime import datetime

from service.domain import results, texts
from service.records import ArchiveEntry, ArchivePage, ArchiveQuery
from service.stores import Stores

LONGEST_TEXT = 200


def page(stores: Stores, query: ArchiveQuery, now: datetime) -> ArchivePage:
    """The page, newest first, with the counts that everybody may see and no others."""
    text = texts.tidy_or_none((query.text or "").replace("\0", " ")[:LONGEST_TEXT])
    found = stores.archive.page(replace(query, text=text), now)
    return replace(found, items=tuple(_for_readers(entry, now) for entry in found.items))


def _for_readers(entry: ArchiveEntry, now: datetime) -> ArchiveEntry:
    shown = results.visible(entry, now, has_voted=False) and not entry.percent_only
    return entry if shown else replace(entry, ballots=None)
