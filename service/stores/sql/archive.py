"""The archive in SQL: what is public of the polls, a page in one query."""

from datetime import datetime

import sqlalchemy as sa

from service.records import (
    ArchiveEntry,
    ArchivePage,
    ArchiveQuery,
    ResultsVisibility,
    Status,
    WhenClosed,
)
from service.stores.sql import models, poll_rows
from service.stores.sql.db import reading
from service.stores.sql.poll_lists import stands_at

POLL = models.Poll
FIRST_POSITION = 1
ENTRIES = (
    sa.select(
        POLL.id,
        POLL.slug,
        POLL.status,
        POLL.opens_at,
        POLL.closes_at,
        POLL.results_visibility,
        POLL.settings,
        models.Site.name,
        models.Site.locale,
        models.Site.timezone,
        models.Question.text,
        models.Question.translations,
        models.Tally.votes,
    )
    .join(models.Site, models.Site.id == POLL.site_id)
    .join(
        models.Question,
        sa.and_(models.Question.poll_id == POLL.id, models.Question.position == FIRST_POSITION),
    )
    .outerjoin(
        models.Tally,
        sa.and_(
            models.Tally.poll_id == POLL.id,
            models.Tally.question_code == "",
            models.Tally.choice_code == "",
        ),
    )
)


class ArchiveStore:
    """Lists the polls that have opened and of which something may be told."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def page(self, query: ArchiveQuery, now: datetime) -> ArchivePage:
        """The page that the query asks for, with all counts."""
        backwards = query.newer is not None
        order = POLL.id.asc() if backwards else POLL.id.desc()
        rows = ENTRIES.where(*_conditions(query, now)).order_by(order).limit(query.limit + 1)
        with reading(self._engine) as connection:
            found = [_entry(row) for row in connection.execute(rows)]
        items, more = found[: query.limit], len(found) > query.limit
        if backwards:
            items.reverse()
        if not items:
            return ArchivePage((), None, None)
        # On the side that was come from there is at least the poll that was come from.
        has_older, has_newer = more or backwards, more if backwards else query.older is not None
        return ArchivePage(
            tuple(items),
            items[-1].id if has_older else None,
            items[0].id if has_newer else None,
        )

    def sites(self, now: datetime) -> list[tuple[str, str, str]]:
        """Slug, name and language of every site that has polls in the archive, by name."""
        has_polls = sa.exists().where(POLL.site_id == models.Site.id).where(_is_public(now))
        query = sa.select(models.Site.slug, models.Site.name, models.Site.locale).where(has_polls)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(models.Site.name, models.Site.id))
            return [(row.slug, row.name, row.locale) for row in rows]


def _conditions(query: ArchiveQuery, now: datetime) -> list[sa.ColumnElement[bool]]:
    conditions = [_is_public(now)]
    if query.site_id is not None:
        conditions.append(POLL.site_id == query.site_id)
    if query.text:
        conditions.append(models.Question.text.icontains(query.text, autoescape=True))
    if query.older is not None:
        conditions.append(POLL.id < query.older)
    if query.newer is not None:
        conditions.append(POLL.id > query.newer)
    return conditions


def _is_public(now: datetime) -> sa.ColumnElement[bool]:
    """Whether the poll has opened, and is not one that says nothing any more: where only that it is
    over may be told, the list and its search must not tell what it asked."""
    kept = sa.func.coalesce(POLL.settings["when_closed"].as_string(), WhenClosed.RESULTS.value)
    over = sa.or_(stands_at(Status.CLOSED, now), stands_at(Status.ARCHIVED, now))
    return sa.or_(stands_at(Status.OPEN, now), sa.and_(over, kept != WhenClosed.NOTHING.value))


def _entry(row: sa.Row[tuple[object, ...]]) -> ArchiveEntry:
    options = poll_rows.options(row.settings)
    return ArchiveEntry(
        id=row.id,
        slug=row.slug,
        question=row.text,
        question_locale=row.locale,
        questions={
            locale: texts["text"] for locale, texts in row.translations.items() if "text" in texts
        },
        locale=row.locale,
        timezone=row.timezone,
        site_name=row.name,
        schedule=poll_rows.schedule_of(row.status, row.opens_at, row.closes_at),
        results_visibility=ResultsVisibility(row.results_visibility),
        when_closed=options["when_closed"],
        percent_only=options["percent_only"],
        ballots=row.votes or 0,
    )
