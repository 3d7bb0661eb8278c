"""API keys in SQL."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.records import ApiKey, AuditEvent, Claim, Permission
from service.stores.sql import audit, models, repeats
from service.stores.sql.db import reading, writing


class KeyStore:
    """Keeps the keys under which programs ask, each with the SHA-256 of its secret."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(
        self, key: ApiKey, digest: bytes, event: AuditEvent, claim: Claim[ApiKey] | None = None
    ) -> None:
        """Keep a new key, and log the event with it. Raises StillUnderWay."""
        values = {
            "site_id": key.site_id,
            "name": key.name,
            "prefix": key.prefix,
            "digest": digest,
            "scopes": sorted(key.scopes),
            "created_at": key.created_at,
            "expires_at": key.expires_at,
        }
        with writing(self._engine) as connection:
            connection.execute(sa.insert(models.ApiKey), values)
            audit.append(connection, event)
            repeats.keep(connection, claim, key)

    def find(self, prefix: str) -> tuple[ApiKey, bytes] | None:
        """The key with that prefix and its digest, whether valid or not."""
        query = sa.select(models.ApiKey).where(models.ApiKey.prefix == prefix)
        with reading(self._engine) as connection, Session(connection) as session:
            row = session.scalars(query).one_or_none()
            return None if row is None else (_record(row), row.digest)

    def list_before(self, site_id: int, before: str | None, limit: int) -> list[ApiKey]:
        """The site's newest keys, those older than the one with the prefix `before` if given; none
        if the site has no such key."""
        query = (
            sa.select(models.ApiKey)
            .where(models.ApiKey.site_id == site_id)
            .order_by(models.ApiKey.id.desc())
            .limit(limit)
        )
        if before is not None:
            last = sa.select(models.ApiKey.id).where(
                models.ApiKey.site_id == site_id, models.ApiKey.prefix == before
            )
            query = query.where(models.ApiKey.id < last.scalar_subquery())
        with reading(self._engine) as connection, Session(connection) as session:
            return [_record(row) for row in session.scalars(query)]

    def revoke(self, prefix: str, now: datetime, event: AuditEvent) -> None:
        """End the key and log the event; one that has ended already stays as it is."""
        statement = (
            sa.update(models.ApiKey)
            .where(models.ApiKey.prefix == prefix, models.ApiKey.revoked_at.is_(None))
            .values(revoked_at=now)
        )
        with writing(self._engine) as connection:
            if connection.execute(statement).rowcount:
                audit.append(connection, event)

    def note_use(self, prefix: str, now: datetime, unless_since: datetime) -> None:
        """Keep when the key was last used, unless that is known since `unless_since`."""
        known = models.ApiKey.last_used_at
        statement = (
            sa.update(models.ApiKey)
            .where(models.ApiKey.prefix == prefix, known.is_(None) | (known <= unless_since))
            .values(last_used_at=now)
        )
        with writing(self._engine) as connection:
            connection.execute(statement)


def _record(row: models.ApiKey) -> ApiKey:
    return ApiKey(
        site_id=row.site_id,
        name=row.name,
        prefix=row.prefix,
        scopes=frozenset(map(Permission, row.scopes)),
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )
