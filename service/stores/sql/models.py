"""The tables. The rules that must hold whatever the code does are constraints here."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.records import (
    BallotStatus,
    DuplicatePolicy,
    OtherTextStatus,
    QuestionType,
    ResultsVisibility,
    Role,
    SigningAlgorithm,
    Status,
)
from service.stores.sql.db import Base, UtcDateTime

Json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
KEY_BYTES = 16
NOT_COUNTED = sa.text("status <> 'counted'")
SHOWN = sa.text("status = 'shown'")


def one_of(column: str, values: type[StrEnum]) -> sa.CheckConstraint:
    """The column holds one of the enumeration's values."""
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


class StoredStatus(StrEnum):
    """The statuses an owner decides; the others follow from the time."""

    DRAFT = Status.DRAFT
    OPEN = Status.OPEN
    CLOSED = Status.CLOSED
    ARCHIVED = Status.ARCHIVED


class Site(Base):
    """A publisher whose pages embed polls."""

    __tablename__ = "sites"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    locale: Mapped[str] = mapped_column(sa.String(35))
    timezone: Mapped[str] = mapped_column(sa.String(64))
    theme: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    origins: Mapped[list["Origin"]] = relationship(
        order_by="Origin.id", cascade="all, delete-orphan"
    )
    signing_keys: Mapped[list["SigningKey"]] = relationship(
        order_by="SigningKey.created_at, SigningKey.id", viewonly=True
    )


class Origin(Base):
    """A scheme, host and port whose pages may vote in the site's polls."""

    __tablename__ = "origins"
    __table_args__ = (sa.UniqueConstraint("site_id", "origin"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("sites.id", ondelete="CASCADE"))
    origin: Mapped[str] = mapped_column(sa.String(255))


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


class Poll(Base):
    """The published unit. `revision` counts the batches of ballots, `row_version` the edits;
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
    questions: Mapped[list["Question"]] = relationship(
        order_by="Question.position", cascade="all, delete-orphan"
    )


class CurrentPoll(Base):
    """The poll that a site's owners chose for the places that show its current one."""

    __tablename__ = "current_polls"

    site_id: Mapped[int] = mapped_column(
        sa.ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True
    )
    poll_id: Mapped[int] = mapped_column(sa.ForeignKey("polls.id", ondelete="CASCADE"), unique=True)


class PollKey(Base):
    """The random key of a poll's voter pseudonyms, apart from the ballots so that destroying it
    (when their retention ends) makes them anonymous."""

    __tablename__ = "poll_keys"

    poll_id: Mapped[int] = mapped_column(
        sa.ForeignKey("polls.id", ondelete="CASCADE"), primary_key=True
    )
    voter_secret: Mapped[bytes] = mapped_column(sa.LargeBinary(32))


class Question(Base):
    """One thing asked."""

    __tablename__ = "questions"
    __table_args__ = (sa.UniqueConstraint("poll_id", "code"), one_of("type", QuestionType))

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(sa.ForeignKey("polls.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(sa.String(32))
    type: Mapped[str] = mapped_column(sa.String(32))
    text: Mapped[str] = mapped_column(sa.Text)
    help: Mapped[str | None] = mapped_column(sa.Text)
    required: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int]
    settings: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    visible_if: Mapped[dict[str, Any] | None] = mapped_column(Json)
    translations: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)

    choices: Mapped[list["Choice"]] = relationship(
        order_by="Choice.position", cascade="all, delete-orphan"
    )


class Choice(Base):
    """An offered alternative. A choice that has votes is retired, never removed."""

    __tablename__ = "choices"
    __table_args__ = (sa.UniqueConstraint("question_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("questions.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(sa.String(32))
    text: Mapped[str] = mapped_column(sa.Text)
    image_url: Mapped[str | None] = mapped_column(sa.Text)
    image_alt: Mapped[str | None] = mapped_column(sa.Text)
    position: Mapped[int]
    is_other: Mapped[bool] = mapped_column(default=False)
    exclusive: Mapped[bool] = mapped_column(default=False)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    translations: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


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


class OwnerSession(Base):
    """One sign-in of an owner, until they sign out or it is too old."""

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    owner_id: Mapped[int] = mapped_column(
        sa.ForeignKey("owners.id", ondelete="CASCADE"), index=True
    )
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ApiKey(Base):
    """A program's key to one site: `digest` is the SHA-256 of its secret, which is random enough
    to need no slow hash."""

    __tablename__ = "api_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("sites.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    prefix: Mapped[str] = mapped_column(sa.String(16), unique=True)
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    scopes: Mapped[list[str]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


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
