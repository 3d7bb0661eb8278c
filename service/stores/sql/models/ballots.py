"""What voters cast."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from service.records import BallotStatus
from service.stores.sql.db import Base, UtcDateTime
from service.stores.sql.models.columns import Json, one_of

KEY_BYTES = 16
NOT_COUNTED = sa.text("status <> 'counted'")


class Ballot(Base):
    """One voter's ballot. The unique constraint is what makes a vote count once. The id, which is
    the client's word, is unique within the poll alone: so nothing that a transaction inserts under
    its poll's lock can have to wait for what another does in another poll."""

    __tablename__ = "ballots"
    __table_args__ = (
        sa.UniqueConstraint("poll_id", "voter_key"),
        one_of("status", BallotStatus),
        sa.Index(
            "ix_ballots_poll_id_network_key",
            "poll_id",
            "network_key",
            sqlite_where=sa.text("network_key IS NOT NULL"),
            postgresql_where=sa.text("network_key IS NOT NULL"),
        ),
        sa.Index("ix_ballots_poll_id_cast_at", "poll_id", "cast_at", "id"),
        # Hardly any ballot is in it, so that it costs the vote nothing.
        sa.Index(
            "ix_ballots_not_counted",
            "poll_id",
            "status",
            sqlite_where=NOT_COUNTED,
            postgresql_where=NOT_COUNTED,
        ),
    )

    poll_id: Mapped[int] = mapped_column(sa.ForeignKey("polls.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    voter_key: Mapped[bytes] = mapped_column(sa.LargeBinary(KEY_BYTES))
    network_key: Mapped[bytes | None] = mapped_column(sa.LargeBinary(KEY_BYTES))
    answers: Mapped[dict[str, list[str]]] = mapped_column(Json)
    other_texts: Mapped[dict[str, str] | None] = mapped_column(Json)
    page: Mapped[str | None] = mapped_column(sa.Text)
    country: Mapped[str | None] = mapped_column(sa.String(2))
    cast_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[str] = mapped_column(sa.String(16), default=BallotStatus.COUNTED)
    reason: Mapped[str | None] = mapped_column(sa.Text)
