"""Publishers, and the origins whose pages are theirs."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.stores.sql.db import Base, UtcDateTime
from service.stores.sql.models.columns import Json
from service.stores.sql.models.signing_keys import SigningKey


class Site(Base):
    """A publisher whose pages embed polls. `version` counts its edits, those of its origins and
    signing keys too."""

    __tablename__ = "sites"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    locale: Mapped[str] = mapped_column(sa.String(35))
    timezone: Mapped[str] = mapped_column(sa.String(64))
    theme: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    origins: Mapped[list["Origin"]] = relationship(
        order_by="Origin.id", cascade="all, delete-orphan"
    )
    signing_keys: Mapped[list[SigningKey]] = relationship(
        order_by="SigningKey.created_at, SigningKey.id", viewonly=True
    )


class Origin(Base):
    """A scheme, host and port whose pages may vote in the site's polls."""

    __tablename__ = "origins"
    __table_args__ = (sa.UniqueConstraint("site_id", "origin"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("sites.id", ondelete="CASCADE"))
    origin: Mapped[str] = mapped_column(sa.String(255))
