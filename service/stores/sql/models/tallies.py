"""The counts of votes."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from service.stores.sql.db import Base, UtcDateTime


class Tally(Base):
    """A count, written only in the transaction of the ballots it counts. `service.records.VoteKey`
    says what the two codes mean."""

    __tablename__ = "tallies"
    __table_args__ = (sa.CheckConstraint("votes >= 0", name="votes"),)

    poll_id: Mapped[int] = mapped_column(sa.ForeignKey("polls.id"), primary_key=True)
    question_code: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    choice_code: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    votes: Mapped[int] = mapped_column(sa.BigInteger)
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)
