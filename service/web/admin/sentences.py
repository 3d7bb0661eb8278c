"""The audit log in words: each event a sentence, and what changed as rows of a table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.records import AuditEvent

NOTHING = "(nothing)"
# What is done to the subject, which follows.
ACTS = {
    "poll.create": "made the poll",
    "poll.edit": "edited the poll",
    "poll.open": "opened the poll",
    "poll.close": "closed the poll",
    "poll.archive": "archived the poll",
    "poll.unarchive": "took out of the archive the poll",
    "poll.withdraw": "made a draft again of the poll",
    "poll.schedule": "scheduled the poll",
    "poll.recount": "repaired the counts of the poll",
    "poll.duplicate": "made a copy: the poll",
    "poll.delete": "deleted the poll",
    "poll.export": "exported the poll",
    "ballot.void": "voided ballots in the poll",
    "ballot.restore": "restored ballots in the poll",
    "other_text.show": "let readers see texts in the poll",
    "other_text.hide": "hid texts in the poll",
    "site.create": "made the site",
    "site.edit": "edited the site",
    "key.create": "made the API key",
    "key.revoke": "revoked the API key",
    "owner.create": "made an account for",
    "owner.join": "made an owner of this site:",
    "owner.role": "changed the role of",
    "owner.leave": "took from the owners of this site:",
    "owner.remove": "removed the account of",
    "owner.password": "changed the password of",
    "owner.sign_out": "ended all sessions of",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is otherwise than before."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Told:
    """An event as a reader of the log sees it: who did what to which thing, and the changes."""

    event: AuditEvent
    who: str
    did: str
    what: str
    changes: Sequence[Change]


def tell(event: AuditEvent, names: Mapping[str, str]) -> Told:
    """The event in words; `names` are what actors and subjects are called."""
    return Told(
        event=event,
        who=_who(event.actor, names),
        did=ACTS.get(event.action) or f"did “{event.action}” to",
        what=names.get(event.subject) or event.subject.partition(":")[2] or event.subject,
        changes=changes(event.before or {}, event.after or {}),
    )


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What differs, each thing by its path: `questions / q1 / text`."""
    old, new = dict(_leaves(before)), dict(_leaves(after))
    return [
        Change(name, old.get(name, NOTHING), new.get(name, NOTHING))
        for name in {**old, **new}
        if old.get(name) != new.get(name)
    ]


def _who(actor: str, names: Mapping[str, str]) -> str:
    kind, _, name = actor.partition(":")
    match kind:
        case "operator":
            return "The operator"
        case "key":
            return f"The API key {name}"
        case "owner":
            return names.get(actor) or f"A former owner (number {name})"
        case _:
            return actor


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Every single value in a document with its path."""
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _leaves(inner, (*path, str(key).replace("_", " ")))
    elif isinstance(value, list) and value and all(isinstance(it, Mapping) for it in value):
        for place, item in enumerate(value, start=1):
            yield from _leaves(item, (*path, str(item.get("code") or place)))
    elif path:
        yield " / ".join(path), _written(value)


def _written(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_written(item) for item in value)
    return str(value)
