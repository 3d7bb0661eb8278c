"""What an edit changes, as the audit log tells it."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from enum import Enum
from typing import Any

from service.records import Choice, PollDraft, Question, Schedule, SiteDraft, Translations

APART = frozenset({"code", "choices", "translations"})


def between(
    before: PollDraft | SiteDraft, after: PollDraft | SiteDraft
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What differs: its values before and after, by paths such as `questions/q1/choices/c2/text`.
    What is new has no value before, what is gone has none after."""
    old, new = _flat(before), _flat(after)
    changed = [path for path in {**old, **new} if old.get(path) != new.get(path)]
    return _only(old, changed), _only(new, changed)


def _only(values: Mapping[str, Any], paths: list[str]) -> dict[str, Any]:
    return {path: values[path] for path in paths if path in values}


def _flat(draft: PollDraft | SiteDraft) -> dict[str, Any]:
    kind = PollDraft if isinstance(draft, PollDraft) else SiteDraft
    flat: dict[str, Any] = {}
    for field in fields(kind):
        value = getattr(draft, field.name)
        if isinstance(value, Schedule):
            flat |= _values(value, "")
        elif field.name == "translations":
            flat |= _translated(value, "")
        elif field.name == "questions":
            flat["questions"] = [question.code for question in value]
            for question in value:
                flat |= _question(question)
        else:
            flat[field.name] = _plain(value)
    return flat


def _question(question: Question) -> dict[str, Any]:
    path = f"questions/{question.code}/"
    flat = _values(question, path) | {f"{path}choices": [c.code for c in question.choices]}
    for choice in question.choices:
        flat |= _values(choice, f"{path}choices/{choice.code}/")
    return flat


def _values(value: Schedule | Question | Choice, path: str) -> dict[str, Any]:
    names = [field.name for field in fields(value) if field.name not in APART]
    own = {f"{path}{name}": _plain(getattr(value, name)) for name in names}
    return own | _translated(getattr(value, "translations", {}), path)


def _translated(translations: Translations, path: str) -> dict[str, Any]:
    return {
        f"{path}translations/{locale}/{name}": text
        for locale, texts in translations.items()
        for name, text in texts.items()
    }


def _plain(value: Any) -> Any:
    """The value as JSON has it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value
