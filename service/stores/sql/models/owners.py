"""The people who manage polls, and what they are on which site."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.records import Role
from service.stores.sql.db import Base, UtcDateTime
from service.stores.sql.models.columns import one_of


class Owner(Base):
    """A person who manages polls. `email` is kept in lower case. An id is never given twice: the
    audit log and sessions name owners by it."""

    __tablename__ = "owners"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy's own form

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    session_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    memberships: Mapped[list["Membership"]] = relationship(cascade="all, delete-orphan")


class Membership(Base):
    """What an owner is on a site."""

    __tablename__ = "memberships"
    __table_args__ = (one_of("role", Role),)

    owner_id: Mapped[int] = mapped_column(
        sa.ForeignKey("owners.id", ondelete="CASCADE"), primary_key=True
    )
    site_id: Mapped[int] = mapped_column(
        sa.ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[str] = mapped_column(sa.String(16))
