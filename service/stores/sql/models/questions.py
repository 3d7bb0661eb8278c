"""What polls ask, and the alternatives that they offer."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.records import QuestionType
from service.stores.sql.db import Base, UtcDateTime
from service.stores.sql.models.columns import Json, one_of


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
