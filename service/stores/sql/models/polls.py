"""Polls, and the keys of their voters' pseudonyms."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.records import DuplicatePolicy, ResultsVisibility, Status
from service.stores.sql.db import Base, UtcDateTime
from service.stores.sql.models.columns import Json, one_of
from service.stores.sql.models.questions import Question
from service.stores.sql.models.sites import Site


class StoredStatus(StrEnum):
    """The statuses an owner decides; the others follow from the time."""

    DRAFT = Status.DRAFT
    OPEN = Status.OPEN
    CLOSED = Status.CLOSED
    ARCHIVED = Status.ARCHIVED


class Poll(Base):
    """The published unit. `revision` grows with the counts, `row_version` counts the edits;
    `opened_at` is when readers could last begin to vote, or will."""

    __tablename__ = "polls"
    __table_args__ = (
        one_of("status", StoredStatus),
        one_of("results_visibility", ResultsVisibility),
        one_of("duplicate_policy", DuplicatePolicy),
        sa.CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
        sa.CheckConstraint("network_limit > 0", name="network_limit"),
        sa.CheckConstraint(
            "duplicate_policy <> 'device_and_network' OR network_limit IS NOT NULL",
            name="network_policy_has_limit",
        ),
        sa.Index("ix_polls_site_id_id", "site_id", "id"),
        sa.Index("ix_polls_site_id_status_opened_at", "site_id", "status", "opened_at"),
        {"sqlite_autoincrement": True},  # no poll gets a deleted one's id
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("sites.id"))
    slug: Mapped[str] = mapped_column(sa.String(64), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(16), default="poll")
    title: Mapped[str] = mapped_column(sa.String(300))
    status: Mapped[str] = mapped_column(sa.String(16))
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    results_visibility: Mapped[str] = mapped_column(sa.String(16))
    duplicate_policy: Mapped[str] = mapped_column(sa.String(32))
    network_limit: Mapped[int | None]
    revision: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    row_version: Mapped[int] = mapped_column(default=1)
    settings: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    translations: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    site: Mapped[Site] = relationship()
    key: Mapped["PollKey"] = relationship(cascade="all")
    questions: Mapped[list[Question]] = relationship(
        order_by="Question.position", cascade="all, delete-orphan"
    )


class PollKey(Base):
    """The random key of a poll's voter pseudonyms, apart from the ballots so that destroying it
    (when their retention ends) makes them anonymous."""

    __tablename__ = "poll_keys"

    poll_id: Mapped[int] = mapped_column(
        sa.ForeignKey("polls.id", ondelete="CASCADE"), primary_key=True
    )
    voter_secret: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
