"""Owners' sign-ins."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from service.stores.sql.db import Base, UtcDateTime


class OwnerSession(Base):
    """One sign-in of an owner, until they sign out or it is too old."""

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    owner_id: Mapped[int] = mapped_column(
        sa.ForeignKey("owners.id", ondelete="CASCADE"), index=True
    )
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
