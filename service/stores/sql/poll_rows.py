"""Polls as rows: how records are read from the tables and written to them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from service import records
from service.errors import PollNotFound
from service.stores.sql import models, signing_keys

WHOLE_POLL = (
    selectinload(models.Poll.site).selectinload(models.Site.origins),
    selectinload(models.Poll.site).selectinload(models.Site.signing_keys),
    selectinload(models.Poll.key),
    selectinload(models.Poll.questions).selectinload(models.Question.choices),
)


def record(row: models.Poll) -> records.Poll:
    """The poll that the rows hold."""
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
        **options(row.settings),
        site_id=row.site_id,
        site_slug=row.site.slug,
        site_name=row.site.name,
        timezone=row.site.timezone,
        theme=row.site.theme,
        site_version=row.site.version,
        row_version=row.row_version,
        created_at=row.created_at,
        updated_at=row.updated_at,
        origins=frozenset(origin.origin for origin in row.site.origins),
        signing_keys=tuple(map(signing_keys.record, row.site.signing_keys)),
        voter_secret=row.key.voter_secret,
        translations=_translations(row.translations),
        locales=_locales(row),
        questions=tuple(_question(question) for question in row.questions),
    )


def read(connection: sa.Connection, poll_id: int) -> records.Poll:
    """The poll as this transaction sees it. Raises PollNotFound."""
    with Session(connection) as session:
        return record(row(session, poll_id))


def row(session: Session, poll_id: int) -> models.Poll:
    """The poll's row with all that belongs to it. Raises PollNotFound."""
    found = session.get(models.Poll, poll_id, options=WHOLE_POLL)
    if found is None:
        raise PollNotFound
    return found


def schedule_of(
    status: str, opens_at: datetime | None, closes_at: datetime | None
) -> records.Schedule:
    """The schedule that the three columns hold."""
    return records.Schedule(records.Status(status), opens_at, closes_at)


def last_codes(row: models.Poll) -> dict[str, int]:
    """The highest code numbers ever given, as `records.Cast` has them."""
    given = {"": _last_code(row.settings, row.questions)}
    return given | {question.code: _last_choice(question) for question in row.questions}


def write(row: models.Poll, draft: records.PollDraft, now: datetime) -> None:
    """Make the rows hold the draft; what it no longer has is deleted."""
    last = _last_code(row.settings or {}, row.questions)
    row.opened_at = _opened_at(row, draft.schedule, now)
    row.slug = draft.slug
    row.kind = draft.kind
    row.title = draft.title
    row.status = draft.schedule.status
    row.opens_at = draft.schedule.opens_at
    row.closes_at = draft.schedule.closes_at
    row.results_visibility = draft.results_visibility
    row.duplicate_policy = draft.duplicate_policy
    row.network_limit = draft.network_limit
    row.updated_at = now
    row.translations = _kept(draft.translations)
    known = {question.code: question for question in row.questions}
    row.questions = [
        _write_question(known.get(question.code) or models.Question(), place, question, now)
        for place, question in enumerate(draft.questions, start=1)
    ]
    row.settings = _settings(draft) | {"last_code": max(last, _highest(row.questions))}


def _opened_at(row: models.Poll, schedule: records.Schedule, now: datetime) -> datetime | None:
    """When the poll opened last, or will open. To open it again is to open it anew; to be written
    about while it is open changes nothing."""
    if schedule.status is records.Status.DRAFT:
        return None
    if schedule.opens_at is not None and schedule.opens_at > now:
        return schedule.opens_at
    if row.opened_at is None or row.opened_at > now:
        return now
    opens = schedule.status is records.Status.OPEN and row.status != records.Status.OPEN
    return now if opens else row.opened_at


def _question(row: models.Question) -> records.Question:
    return records.Question(
        code=row.code,
        type=records.QuestionType(row.type),
        text=row.text,
        help=row.help,
        required=row.required,
        min_choices=row.settings["min_choices"],
        max_choices=row.settings["max_choices"],
        translations=_translations(row.translations),
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
        translations=_translations(row.translations),
    )


def _translations(kept: records.Translations) -> records.Translations:
    """In an order that is always the same: PostgreSQL keeps none."""
    return {locale: kept[locale] for locale in sorted(kept)}


def _locales(row: models.Poll) -> tuple[str, ...]:
    """The languages that anything of the poll is translated into."""
    found = set(row.translations)
    for question in row.questions:
        found.update(question.translations, *(choice.translations for choice in question.choices))
    return tuple(sorted(found))


def _kept(translations: records.Translations) -> dict[str, dict[str, str]]:
    return {locale: dict(texts) for locale, texts in translations.items()}


def options(settings: Mapping[str, Any]) -> dict[str, Any]:
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


def _write_question(
    row: models.Question, position: int, question: records.Question, now: datetime
) -> models.Question:
    last = _last_choice(row)
    row.position = position
    row.code = question.code
    row.type = question.type
    row.text = question.text
    row.help = question.help
    row.required = question.required
    row.translations = _kept(question.translations)
    known = {choice.code: choice for choice in row.choices}
    row.choices = [
        _write_choice(known.get(choice.code) or models.Choice(), place, choice, now)
        for place, choice in enumerate(question.choices, start=1)
    ]
    row.settings = {
        "min_choices": question.min_choices,
        "max_choices": question.max_choices,
        "last_code": max(last, _highest(row.choices)),
    }
    return row


def _write_choice(
    row: models.Choice, position: int, choice: records.Choice, now: datetime
) -> models.Choice:
    row.position = position
    row.code = choice.code
    row.text = choice.text
    row.image_url = choice.image_url
    row.image_alt = choice.image_alt
    row.is_other = choice.is_other
    row.retired_at = (row.retired_at or now) if choice.retired else None
    row.translations = _kept(choice.translations)
    return row


def _last_choice(row: models.Question) -> int:
    return _last_code(row.settings or {}, row.choices)


def _last_code(settings: Mapping[str, Any], rows: Sequence[models.Question | models.Choice]) -> int:
    """The highest number given so far; rows older than the mark speak for themselves."""
    return max(int(settings.get("last_code", 0)), _highest(rows))


def _highest(rows: Sequence[models.Question | models.Choice]) -> int:
    """The highest number in the rows' codes (`q3`, `c12`)."""
    return max((int(row.code[1:]) for row in rows if row.code[1:].isdecimal()), default=0)
