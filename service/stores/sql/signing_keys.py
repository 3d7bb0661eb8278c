"""Signing keys in SQL."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from service.errors import SigningKeyNotFound, SigningKeysFull
from service.records import AuditEvent, Claim, SigningAlgorithm, SigningKey
from service.stores.sql import audit, models, repeats, sites
from service.stores.sql.db import reading, writing

KEY = models.SigningKey


class SigningKeyStore:
    """Keeps what publishers sign their readers' tokens with."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(
        self, key: SigningKey, most: int, event: AuditEvent, claim: Claim[SigningKey] | None = None
    ) -> None:
        """Keep a new key, and log the event with it, if the site has fewer than `most`. Raises
        SiteNotFound, SigningKeysFull, StillUnderWay."""
        count = sa.select(sa.func.count()).where(KEY.site_id == key.site_id)
        values = {
            "id": key.id,
            "site_id": key.site_id,
            "algorithm": key.algorithm,
            "public_key": key.public_key,
            "created_at": key.created_at,
        }
        with writing(self._engine) as connection:
            sites.lock(connection, key.site_id)
            if connection.execute(count).scalar_one() >= most:
                raise SigningKeysFull
            connection.execute(sa.insert(KEY), values)
            sites.count_edit(connection, key.site_id)
            audit.append(connection, event)
            repeats.keep(connection, claim, key)

    def find(self, key_id: str) -> SigningKey:
        """The key of that id. Raises SigningKeyNotFound."""
        if "\0" in key_id:  # PostgreSQL cannot hold NUL
            raise SigningKeyNotFound
        with reading(self._engine) as connection, Session(connection) as session:
            row = session.get(KEY, key_id)
            if row is None:
                raise SigningKeyNotFound
            return record(row)

    def list_of(self, site_id: int) -> list[SigningKey]:
        """The site's keys, oldest first."""
        query = sa.select(KEY).where(KEY.site_id == site_id).order_by(KEY.created_at, KEY.id)
        with reading(self._engine) as connection, Session(connection) as session:
            return [record(row) for row in session.scalars(query)]

    def remove(self, key_id: str, event: AuditEvent) -> None:
        """Remove the key and log the event; one that is gone already is no error."""
        key = KEY.id == key_id
        with writing(self._engine) as connection:
            site_id = connection.scalar(sa.select(KEY.site_id).where(key))
            if site_id and connection.execute(sa.delete(KEY).where(key)).rowcount:
                sites.count_edit(connection, site_id)
                audit.append(connection, event)


def record(row: models.SigningKey) -> SigningKey:
    """The key that the row holds."""
    return SigningKey(
        id=row.id,
        site_id=row.site_id,
        algorithm=SigningAlgorithm(row.algorithm),
        public_key=row.public_key,
        created_at=row.created_at,
    )
