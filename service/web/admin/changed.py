"""What an act changed, named and written as the owners' forms do it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.domain import languages
from service.web import zones
from service.web.admin import site_form
from service.web.admin.polls import words

NOTHING = "(nothing)"
SITE = "site:"
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is otherwise than before."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads what the log keeps of its `subject`; `names` says what codes of it are called."""

    subject: str
    names: Mapping[str, str]
    zone: str

    def changes(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
        """What differs, each thing by its name."""
        old, new = dict(_leaves(before)), dict(_leaves(after))
        written = (
            Change(self._name(path), self._written(path, old), self._written(path, new))
            for path in {**old, **new}
        )
        return [change for change in written if change.before != change.after]

    def _name(self, path: Path) -> str:
        match path:
            case (*whole, "translations", locale, field):
                return f"{self._name((*whole, field))}, in {languages.name(locale)}"
            case ("questions", question, "choices", choice, *rest):
                called = f"Choice “{self._called(question, choice)}”"
                return called if rest == ["text"] else f"{called}, {_field(rest).lower()}"
            case ("questions", question, *rest) if rest:
                return f"“{self._called(question)}”, {_field(rest).lower()}"
        labels = site_form.LABELS if self.subject.startswith(SITE) else words.FIELD_NAMES
        return labels.get("/".join(path)) or _field(path)

    def _written(self, path: Path, values: Mapping[Path, Any]) -> str:
        value = values.get(path)
        if isinstance(value, list) and path[-1] in ("questions", "choices"):
            value = [self._called(*path[1:-1], code) for code in value]
        if isinstance(value, str) and path[-1].endswith("_at"):
            return self._moment(value)
        return _plain(value)

    def _called(self, *codes: str) -> str:
        return self.names.get("/".join((self.subject, *codes)), codes[-1])

    def _moment(self, text: str) -> str:
        try:
            return zones.local_second(datetime.fromisoformat(text), self.zone)
        except ValueError:
            return text


def _leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every single value in a document with its path."""
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _leaves(inner, (*path, *str(key).split("/")))
    elif isinstance(value, list) and value and all(isinstance(it, Mapping) for it in value):
        for place, item in enumerate(value, start=1):
            yield from _leaves(item, (*path, str(place)))
    elif path:
        yield path, value


def _field(path: Sequence[str]) -> str:
    name = path[-1]
    return words.FIELD_NAMES.get(name) or name.replace("_", " ").capitalize()


def _plain(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_plain(item) for item in value)
    return words.NAMES.get(str(value), str(value))
