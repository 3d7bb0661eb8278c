"""Sites and their origins in SQL."""

from collections.abc import Callable, Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from service import records
from service.errors import SiteNotFound, SlugTaken
from service.stores.sql import audit, models
from service.stores.sql.db import reading, writing
from service.stores.sql.dialect import insert

Decide = Callable[[records.Site], tuple[records.SiteDraft, records.AuditEvent] | None]
"""Says what becomes of a site, whose row is locked; None changes nothing."""

WHOLE_SITE = selectinload(models.Site.origins)


class SiteStore:
    """Keeps the publishers."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def find(self, slug: str) -> records.Site:
        """The site under the slug. Raises SiteNotFound."""
        if "\0" in slug:  # PostgreSQL cannot hold NUL
            raise SiteNotFound
        query = sa.select(models.Site).where(models.Site.slug == slug)
        with reading(self._engine) as connection, Session(connection) as session:
            row = session.scalars(query.options(WHOLE_SITE)).one_or_none()
            if row is None:
                raise SiteNotFound
            return _record(row)

    def list_all(self, ids: Iterable[int] | None) -> list[records.Site]:
        """The sites of the ids, by name; None means all."""
        query = sa.select(models.Site).order_by(models.Site.name, models.Site.id)
        if ids is not None:
            query = query.where(models.Site.id.in_(list(ids)))
        with reading(self._engine) as connection, Session(connection) as session:
            return [_record(row) for row in session.scalars(query.options(WHOLE_SITE))]

    def create(
        self,
        draft: records.SiteDraft,
        tell: Callable[[records.Site], records.AuditEvent],
        now: datetime,
        admin_id: int | None = None,
    ) -> records.Site:
        """Keep a new site, with the owner of that id as its admin, and log what `tell` says of it.
        Raises SlugTaken."""
        row = models.Site(created_at=now)
        try:
            with writing(self._engine) as connection, Session(connection) as session:
                _write(row, draft)
                session.add(row)
                session.flush()
                if admin_id is not None:
                    admin = {"owner_id": admin_id, "site_id": row.id, "role": records.Role.ADMIN}
                    connection.execute(sa.insert(models.Membership).values(admin))
                site = _record(row)
                audit.append(connection, tell(site))
                return site
        except sa.exc.IntegrityError as error:
            raise SlugTaken from error

    def revise(self, site_id: int, decide: Decide) -> records.Site:
        """Change the site while its row is locked against other edits. Raises SlugTaken,
        SiteNotFound and what `decide` raises."""
        try:
            with writing(self._engine) as connection, Session(connection) as session:
                lock(connection, site_id)
                row = session.get_one(models.Site, site_id, options=[WHOLE_SITE])
                if revision := decide(_record(row)):
                    draft, event = revision
                    _write(row, draft)
                    session.flush()
                    count_edit(connection, site_id)
                    audit.append(connection, event)
                return _record(row)
        except sa.exc.IntegrityError as error:
            raise SlugTaken from error

    def ensure(self, slug: str, name: str, locale: str, timezone: str, now: datetime) -> int:
        """The id of the site under the slug, which is made if there is none."""
        values = {
            "slug": slug,
            "name": name,
            "locale": locale,
            "timezone": timezone,
            "theme": {},
            "created_at": now,
        }
        with writing(self._engine) as connection:
            statement = insert(connection, models.Site).on_conflict_do_nothing()
            connection.execute(statement, values)
            query = sa.select(models.Site.id).where(models.Site.slug == slug)
            return int(connection.execute(query).scalar_one())


def lock(connection: sa.Connection, site_id: int) -> None:
    """Lock the site against other edits. Raises SiteNotFound."""
    site = sa.update(models.Site).where(models.Site.id == site_id)
    if connection.execute(site.values(id=site_id)).rowcount == 0:
        raise SiteNotFound


def count_edit(connection: sa.Connection, site_id: int) -> None:
    """Let all know that something of the site has changed, who keep what they have read of it."""
    site = sa.update(models.Site).where(models.Site.id == site_id)
    connection.execute(site.values(version=models.Site.version + 1))


def _record(row: models.Site) -> records.Site:
    return records.Site(
        id=row.id,
        slug=row.slug,
        name=row.name,
        locale=row.locale,
        timezone=row.timezone,
        theme=row.theme,
        origins=tuple(origin.origin for origin in row.origins),
        created_at=row.created_at,
    )


def _write(row: models.Site, draft: records.SiteDraft) -> None:
    row.slug = draft.slug
    row.name = draft.name
    row.locale = draft.locale
    row.timezone = draft.timezone
    row.theme = dict(draft.theme)
    kept = {origin.origin: origin for origin in row.origins}
    row.origins = [kept.get(origin) or models.Origin(origin=origin) for origin in draft.origins]
