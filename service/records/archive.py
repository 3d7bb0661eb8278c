"""Polls as readers find them in the archive."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from service.records.polls import ResultsVisibility, Schedule, Status, WhenClosed


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveQuery:
    """Which polls to list, newest first.

    `text` is looked for in what is listed: the first question. `older` and `newer` are what a page
    has given for the pages around it; at most one of them is asked for.
    """

    site_id: int | None = None
    text: str | None = None
    older: int | None = None
    newer: int | None = None
    limit: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveEntry:
    """A poll in the archive. `question` is its first one, in the language `question_locale`, and
    `questions` are the same in others, by their tags. `locale` and `timezone` are its site's;
    `ballots` is None where their number is not shown to everybody."""

    id: int
    slug: str
    question: str
    question_locale: str
    questions: Mapping[str, str]
    locale: str
    timezone: str
    site_name: str
    schedule: Schedule
    results_visibility: ResultsVisibility
    when_closed: WhenClosed
    percent_only: bool
    ballots: int | None

    def status_at(self, now: datetime) -> Status:
        """The status as readers see it at `now`."""
        return self.schedule.status_at(now)


@dataclass(frozen=True, slots=True)
class ArchivePage:
    """A page of the archive; `older` and `newer` ask for the pages around it, where there are."""

    items: tuple[ArchiveEntry, ...]
    older: int | None
    newer: int | None
