"""The keys by which publishers vouch for their readers."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from service.records import SigningAlgorithm
from service.stores.sql.db import Base, UtcDateTime
from service.stores.sql.models.columns import one_of


class SigningKey(Base):
    """What a publisher signs its readers' tokens with. There is no secret in it."""

    __tablename__ = "signing_keys"
    __table_args__ = (
        one_of("algorithm", SigningAlgorithm),
        sa.CheckConstraint("(algorithm = 'HS256') = (public_key IS NULL)", name="public_key"),
    )

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("sites.id", ondelete="CASCADE"), index=True)
    algorithm: Mapped[str] = mapped_column(sa.String(16))
    public_key: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
