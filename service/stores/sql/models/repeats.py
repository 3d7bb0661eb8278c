"""Answers that are kept for calls which are sent again."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from service.stores.sql.db import Base, UtcDateTime
from service.stores.sql.models.columns import Json


class IdempotentAnswer(Base):
    """The answer to a creating call, kept for a day so that the same call again creates nothing.
    `status` is null while the first call is under way."""

    __tablename__ = "idempotent_answers"

    actor: Mapped[str] = mapped_column(sa.String(100), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(255), primary_key=True)
    request_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    status: Mapped[int | None]
    headers: Mapped[dict[str, str] | None] = mapped_column(Json)
    body: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
