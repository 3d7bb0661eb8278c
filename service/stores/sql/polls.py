"""Polls and their questions in SQL."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service import records
from service.errors import PollNotFound, SiteNotFound, SlugTaken, StaleEdit
from service.stores.sql import audit, models, places, poll_rows, repeats
from service.stores.sql.db import allow_seconds, reading, writing

Decide = Callable[[records.Poll, records.Cast], records.Revision | None]
"""Says what becomes of a poll, whose row is locked, by what has been cast in it; None changes
nothing. What it raises undoes all."""
Tell = Callable[[records.Poll, records.Cast, bool], Iterable[records.AuditEvent]]
"""Says what is logged of a poll that is deleted, by what had been cast in it and whether it was its
site's current one."""

DELETE_SECONDS = 600


class PollStore:
    """Reads and writes poll definitions."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def find(self, slug: str) -> records.Poll | None:
        """The poll under the slug, whatever its status, or None."""
        query = sa.select(models.Poll).where(models.Poll.slug == slug)
        with reading(self._engine) as connection, Session(connection) as session:
            row = session.scalars(query.options(*poll_rows.WHOLE_POLL)).one_or_none()
            return None if row is None else poll_rows.record(row)

    def edition(self, slug: str) -> records.Edition | None:
        """Which edition of the poll stands under the slug, or None if there is no poll."""
        poll, site = models.Poll, models.Site
        query = sa.select(poll.id, poll.row_version, site.version).join(site)
        with reading(self._engine) as connection:
            row = connection.execute(query.where(poll.slug == slug)).one_or_none()
            return None if row is None else records.Edition(*row)

    def slug_of(self, poll_id: int) -> str | None:
        """The slug that the poll has by now, or None if there is no such poll."""
        query = sa.select(models.Poll.slug).where(models.Poll.id == poll_id)
        with reading(self._engine) as connection:
            return connection.scalar(query)

    def cast(self, poll_id: int) -> records.Cast:
        """What has been cast in the poll by now. Raises PollNotFound."""
        with reading(self._engine) as connection, Session(connection) as session:
            return _cast(connection, poll_rows.row(session, poll_id))

    def list_all(self) -> list[tuple[int, str]]:
        """Id and slug of every poll, oldest first."""
        query = sa.select(models.Poll.id, models.Poll.slug).order_by(models.Poll.id)
        with reading(self._engine) as connection:
            return [(row.id, row.slug) for row in connection.execute(query)]

    def create(
        self,
        site_id: int,
        draft: records.PollDraft,
        secret: bytes,
        event: records.AuditEvent,
        claim: records.Claim[records.Poll] | None = None,
    ) -> records.Poll:
        """Keep a new poll. Raises SlugTaken, SiteNotFound, StillUnderWay."""
        row = models.Poll(site_id=site_id, created_at=event.at)
        row.key = models.PollKey(voter_secret=secret)
        poll_rows.write(row, draft, event.at)
        with (
            _named_conflicts(),
            writing(self._engine) as connection,
            Session(connection) as session,
        ):
            session.add(row)
            session.flush()
            audit.append(connection, event)
            poll = poll_rows.record(row)
            repeats.keep(connection, claim, poll)
            return poll

    def revise(self, poll_id: int, row_version: int | None, decide: Decide) -> records.Poll:
        """Change the poll while its row is locked: a batch of ballots that runs is waited for, and
        the next one meets the changed poll. Returns the poll as it then is.

        Raises StaleEdit if `row_version` is given and not the poll's, PollNotFound, SlugTaken and
        what `decide` raises.
        """
        with (
            _named_conflicts(),
            writing(self._engine) as connection,
            Session(connection) as session,
        ):
            _lock(connection, poll_id, row_version)
            row = session.get_one(models.Poll, poll_id, options=poll_rows.WHOLE_POLL)
            revision = decide(poll_rows.record(row), _cast(connection, row))
            if revision is None:
                connection.rollback()  # nothing changed, so neither does the version
                row.row_version -= 1
                return poll_rows.record(row)
            poll_rows.write(row, revision.draft, revision.at)
            session.flush()
            audit.append(connection, revision.event)
            return poll_rows.record(row)

    def delete(
        self,
        poll_id: int,
        tell: Tell,
        row_version: int | None = None,
    ) -> None:
        """Delete the poll with all that readers have cast in it, and log what `tell` says of it.
        Raises PollNotFound, and StaleEdit if `row_version` is given and not the poll's."""
        with writing(self._engine) as connection, Session(connection) as session:
            allow_seconds(connection, DELETE_SECONDS)  # millions of ballots take their time
            _lock(connection, poll_id, row_version)
            row = session.get_one(models.Poll, poll_id, options=poll_rows.WHOLE_POLL)
            poll, cast = poll_rows.record(row), _cast(connection, row)
            for model in (models.OtherText, models.Tally, models.Ballot):
                connection.execute(sa.delete(model).where(model.poll_id == poll_id))
            was_current = places.unchoose(connection, poll_id)
            session.delete(row)
            session.flush()
            audit.append(connection, *tell(poll, cast, was_current))

    def ping(self) -> None:
        """Return if the database answers. Raises TemporarilyUnavailable."""
        with reading(self._engine) as connection:
            connection.execute(sa.select(models.Poll.id).limit(1)).first()


def _lock(connection: sa.Connection, poll_id: int, row_version: int | None) -> None:
    """Lock the poll against ballots and other owners, and count the edit."""
    statement = sa.update(models.Poll).where(models.Poll.id == poll_id)
    if row_version is not None:
        statement = statement.where(models.Poll.row_version == row_version)
    locked = connection.execute(statement.values(row_version=models.Poll.row_version + 1))
    if locked.rowcount == 0:
        exists = sa.select(models.Poll.id).where(models.Poll.id == poll_id)
        raise StaleEdit if connection.scalar(exists) else PollNotFound


def _cast(connection: sa.Connection, row: models.Poll) -> records.Cast:
    """What has been cast in the poll."""
    tallies = sa.select(models.Tally).where(models.Tally.poll_id == row.id)
    rows = connection.execute(tallies).all()
    whole = next((t for t in rows if (t.question_code, t.choice_code) == records.ALL_BALLOTS), None)
    cast_at, of_poll = models.Ballot.cast_at, models.Ballot.poll_id == row.id
    # each by itself is an entry of the index
    first_vote_at = connection.scalar(sa.select(sa.func.min(cast_at)).where(of_poll))
    last_vote_at = connection.scalar(sa.select(sa.func.max(cast_at)).where(of_poll))
    return records.Cast(
        has_ballots=last_vote_at is not None,
        ballots=whole.votes if whole else 0,
        first_vote_at=first_vote_at,
        last_vote_at=last_vote_at,
        marked=frozenset((tally.question_code, tally.choice_code) for tally in rows),
        last_codes=poll_rows.last_codes(row),
    )


@contextmanager
def _named_conflicts() -> Iterator[None]:
    """Give the constraints that decide their names in the service's words."""
    try:
        yield
    except sa.exc.IntegrityError as error:
        text = str(error.orig)
        if "slug" in text:
            raise SlugTaken from error
        if "FOREIGN KEY" in text or "fk_polls_site_id_sites" in text:
            raise SiteNotFound from error
        raise
