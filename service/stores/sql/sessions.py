"""The sessions of owners who have signed in."""

from datetime import datetime

import sqlalchemy as sa

from service.stores.sql import models
from service.stores.sql.db import writing

SESSION = models.OwnerSession


class SessionStore:
    """Keeps which sign-ins still stand."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(self, session_id: str, owner_id: int, now: datetime, since: datetime) -> None:
        """Keep a new session, and forget those of the owner's that began before `since`."""
        old = sa.and_(SESSION.owner_id == owner_id, SESSION.began_at < since)
        values = {"id": session_id, "owner_id": owner_id, "began_at": now}
        with writing(self._engine) as connection:
            connection.execute(sa.delete(SESSION).where(old))
            connection.execute(sa.insert(SESSION), values)

    def remove(self, session_id: str) -> None:
        """End the session; one that has ended already stays so."""
        with writing(self._engine) as connection:
            connection.execute(sa.delete(SESSION).where(SESSION.id == session_id))
