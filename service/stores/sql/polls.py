"""Polls and their questions in SQL."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from service import records
from service.errors import SlugTaken
from service.stores.sql import models
from service.stores.sql.db import reading, writing

WHOLE_POLL = (
    selectinload(models.Poll.site).selectinload(models.Site.origins),
    selectinload(models.Poll.key),
    selectinload(models.Poll.questions).selectinload(models.Question.choices),
)


class PollStore:
    """Reads and writes poll definitions."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def find(self, slug: str) -> records.Poll | None:
        """The poll under the slug, whatever its status, or None."""
        query = sa.select(models.Poll).where(models.Poll.slug == slug).options(*WHOLE_POLL)
        with reading(self._engine) as connection, Session(connection) as session:
            row = session.scalars(query).one_or_none()
            return None if row is None else _record(row)

    def list_all(self) -> list[tuple[int, str]]:
        """Id and slug of every poll, oldest first."""
        query = sa.select(models.Poll.id, models.Poll.slug).order_by(models.Poll.id)
        with reading(self._engine) as connection:
            return [(row.id, row.slug) for row in connection.execute(query)]

    def create(
        self, site_id: int, draft: records.PollDraft, voter_secret: bytes, now: datetime
    ) -> None:
        """Keep a new poll. Raises SlugTaken."""
        try:
            with writing(self._engine) as connection, Session(connection) as session:
                session.add(_row(site_id, draft, voter_secret, now))
                session.flush()
        except sa.exc.IntegrityError as error:
            raise SlugTaken from error

    def ping(self) -> None:
        """Return if the database answers. Raises TemporarilyUnavailable."""
        with reading(self._engine) as connection:
            connection.execute(sa.select(models.Poll.id).limit(1)).first()


def _record(row: models.Poll) -> records.Poll:
    return records.Poll(
        id=row.id,
        slug=row.slug,
        kind=row.kind,
        title=row.title,
        locale=row.site.locale,
        schedule=schedule_of(row.status, row.opens_at, row.closes_at),
        results_visibility=records.ResultsVisibility(row.results_visibility),
        duplicate_policy=records.DuplicatePolicy(row.duplicate_policy),
        network_limit=row.network_limit,
        **_options(row.settings),
        site_id=row.site_id,
        timezone=row.site.timezone,
        row_version=row.row_version,
        created_at=row.created_at,
        updated_at=row.updated_at,
        origins=frozenset(origin.origin for origin in row.site.origins),
        voter_secret=row.key.voter_secret,
        questions=tuple(_question(question) for question in row.questions),
    )


def schedule_of(
    status: str, opens_at: datetime | None, closes_at: datetime | None
) -> records.Schedule:
    """The schedule that the three columns hold."""
    return records.Schedule(records.Status(status), opens_at, closes_at)


def _question(row: models.Question) -> records.Question:
    return records.Question(
        code=row.code,
        type=records.QuestionType(row.type),
        text=row.text,
        help=row.help,
        required=row.required,
        min_choices=row.settings["min_choices"],
        max_choices=row.settings["max_choices"],
        choices=tuple(_choice(choice) for choice in row.choices),
    )


def _choice(row: models.Choice) -> records.Choice:
    return records.Choice(
        code=row.code,
        text=row.text,
        image_url=row.image_url,
        image_alt=row.image_alt,
        is_other=row.is_other,
        retired=row.retired_at is not None,
    )


def _options(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The draft's fields that the column `settings` holds."""
    return {
        "choice_order": records.ChoiceOrder(settings.get("choice_order", "fixed")),
        "results_order": records.ResultsOrder(settings.get("results_order", "as_listed")),
        "percent_only": settings.get("percent_only", False),
        "thank_you": settings.get("thank_you"),
        "when_closed": records.WhenClosed(settings.get("when_closed", "results")),
    }


def _settings(draft: records.PollDraft) -> dict[str, Any]:
    """What the column `settings` holds of the draft."""
    return {
        "choice_order": draft.choice_order.value,
        "results_order": draft.results_order.value,
        "percent_only": draft.percent_only,
        "thank_you": draft.thank_you,
        "when_closed": draft.when_closed.value,
    }


def _row(site_id: int, draft: records.PollDraft, voter_secret: bytes, now: datetime) -> models.Poll:
    return models.Poll(
        site_id=site_id,
        slug=draft.slug,
        kind=draft.kind,
        title=draft.title,
        status=draft.schedule.status,
        opens_at=draft.schedule.opens_at,
        closes_at=draft.schedule.closes_at,
        results_visibility=draft.results_visibility,
        duplicate_policy=draft.duplicate_policy,
        network_limit=draft.network_limit,
        settings=_settings(draft),
        created_at=now,
        updated_at=now,
        key=models.PollKey(voter_secret=voter_secret),
        questions=[
            _question_row(position, question)
            for position, question in enumerate(draft.questions, start=1)
        ],
    )


def _question_row(position: int, question: records.Question) -> models.Question:
    return models.Question(
        position=position,
        code=question.code,
        type=question.type,
        text=question.text,
        help=question.help,
        required=question.required,
        settings={"min_choices": question.min_choices, "max_choices": question.max_choices},
        choices=[
            _choice_row(place, choice) for place, choice in enumerate(question.choices, start=1)
        ],
    )


def _choice_row(position: int, choice: records.Choice) -> models.Choice:
    return models.Choice(
        position=position,
        code=choice.code,
        text=choice.text,
        image_url=choice.image_url,
        image_alt=choice.image_alt,
        is_other=choice.is_other,
    )
