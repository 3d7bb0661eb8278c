"""Sites and their origins in SQL."""

from datetime import datetime

import sqlalchemy as sa

from service.stores.sql import models
from service.stores.sql.db import writing
from service.stores.sql.dialect import insert


class SiteStore:
    """Keeps the publishers."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

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

    def allow(self, site_id: int, origin: str) -> None:
        """Let pages of the origin vote in the site's polls; to allow it again changes nothing."""
        with writing(self._engine) as connection:
            statement = insert(connection, models.Origin).on_conflict_do_nothing()
            connection.execute(statement, {"site_id": site_id, "origin": origin})
