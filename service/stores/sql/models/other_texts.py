"""What voters wrote for the choice that asks for it."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from service.records import OtherTextStatus
from service.stores.sql.db import Base
from service.stores.sql.models.columns import one_of

SHOWN = sa.text("status = 'shown'")


class OtherText(Base):
    """What voters wrote for an `is_other` choice: one row a distinct text, with its counted votes,
    written in the ballots' transaction. It shows only once an owner has let it."""

    __tablename__ = "other_texts"
    __table_args__ = (
        one_of("status", OtherTextStatus),
        sa.CheckConstraint("votes >= 0", name="votes"),
        # Readers look for the few that an owner has let, voters write many more.
        sa.Index("ix_other_texts_shown", "poll_id", sqlite_where=SHOWN, postgresql_where=SHOWN),
    )

    poll_id: Mapped[int] = mapped_column(
        sa.ForeignKey("polls.id", ondelete="CASCADE"), primary_key=True
    )
    question_code: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    text: Mapped[str] = mapped_column(sa.String(200), primary_key=True)
    votes: Mapped[int] = mapped_column(sa.BigInteger)
    status: Mapped[str] = mapped_column(sa.String(16), default=OtherTextStatus.PENDING)
