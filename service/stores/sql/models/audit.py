"""What was done, by whom."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from service.stores.sql.db import Base, UtcDateTime
from service.stores.sql.models.columns import Json


class AuditEvent(Base):
    """What was done, by whom. Rows are only ever added: the database itself refuses to change or
    to remove one."""

    __tablename__ = "audit_events"
    __table_args__ = (sa.Index("ix_audit_events_site_id_id", "site_id", "id"),)

    id: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True
    )
    site_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(sa.String(100))
    action: Mapped[str] = mapped_column(sa.String(64))
    subject: Mapped[str] = mapped_column(sa.String(200))
    before: Mapped[dict[str, Any] | None] = mapped_column(Json)
    after: Mapped[dict[str, Any] | None] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
