"""Polls in SQL as their owners look for them."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.records import Poll, PollPage, PollQuery, PollSummary, Status
from service.stores.sql import models, poll_rows
from service.stores.sql.db import reading

ITS_BALLOTS = sa.and_(
    models.Tally.poll_id == models.Poll.id,
    models.Tally.question_code == "",
    models.Tally.choice_code == "",
)
LAST_VOTE_AT = (  # an entry of the index for each poll of the page
    sa.select(sa.func.max(models.Ballot.cast_at))
    .where(models.Ballot.poll_id == models.Poll.id)
    .correlate(models.Poll)
    .scalar_subquery()
)


class PollListStore:
    """Lists polls by pages."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def page(
        self, site_ids: Iterable[int] | None, query: PollQuery, after: int | None, now: datetime
    ) -> PollPage:
        """The polls of the sites (None means all), newest first, those older than the id `after`
        if it is given."""
        rows = (
            sa.select(models.Poll, models.Tally.votes, LAST_VOTE_AT)
            .outerjoin(models.Tally, ITS_BALLOTS)
            .where(*_conditions(site_ids, query, after, now))
            .order_by(models.Poll.id.desc())
            .limit(query.limit + 1)
            .options(*poll_rows.WHOLE_POLL)
        )
        with reading(self._engine) as connection, Session(connection) as session:
            found = [
                PollSummary(poll_rows.record(poll), votes or 0, last_vote_at)
                for poll, votes, last_vote_at in session.execute(rows)
            ]
        items = tuple(found[: query.limit])
        return PollPage(items, str(items[-1].poll.id) if len(found) > len(items) else None)

    def list_named(self, site_id: int, slugs: Iterable[str]) -> list[Poll]:
        """The site's polls among those with the slugs."""
        query = sa.select(models.Poll).where(
            models.Poll.site_id == site_id, models.Poll.slug.in_(list(slugs))
        )
        with reading(self._engine) as connection, Session(connection) as session:
            rows = session.scalars(query.options(*poll_rows.WHOLE_POLL))
            return [poll_rows.record(row) for row in rows]


def _conditions(
    site_ids: Iterable[int] | None, query: PollQuery, after: int | None, now: datetime
) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if site_ids is not None:
        conditions.append(models.Poll.site_id.in_(list(site_ids)))
    if after is not None:
        conditions.append(models.Poll.id < after)
    if query.text:
        conditions.append(_speaks_of(query.text))
    if query.status is not None:
        conditions.append(stands_at(query.status, now))
    return conditions


def _speaks_of(text: str) -> sa.ColumnElement[bool]:
    question = (
        sa.exists()
        .where(models.Question.poll_id == models.Poll.id)
        .where(models.Question.text.icontains(text, autoescape=True))
    )
    return sa.or_(models.Poll.title.icontains(text, autoescape=True), question)


def stands_at(status: Status, now: datetime) -> sa.ColumnElement[bool]:
    """What `Schedule.status_at` says, in SQL."""
    is_open = models.Poll.status == Status.OPEN
    over = sa.func.coalesce(models.Poll.closes_at <= now, sa.false())
    to_come = sa.func.coalesce(models.Poll.opens_at > now, sa.false())
    match status:
        case Status.OPEN:
            return sa.and_(is_open, ~over, ~to_come)
        case Status.SCHEDULED:
            return sa.and_(is_open, ~over, to_come)
        case Status.CLOSED:
            return sa.or_(models.Poll.status == status, sa.and_(is_open, over))
        case _:
            return models.Poll.status == status
