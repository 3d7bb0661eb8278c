"""The audit log in words: each event a sentence, and what changed as rows of a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.records import AuditEvent
from service.web.admin.changed import Change, Reader

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
    "site.current_poll": "chose the current poll of the site",
    "key.create": "made the API key",
    "key.revoke": "revoked the API key",
    "signing_key.create": "added the signing key",
    "signing_key.remove": "removed the signing key",
    "owner.create": "made an account for",
    "owner.join": "made an owner of this site:",
    "owner.role": "changed the role of",
    "owner.leave": "took from the owners of this site:",
    "owner.remove": "removed the account of",
    "owner.password": "changed the password of",
    "owner.sign_out": "ended all sessions of",
}


# What the acts on several things at once are done to, and under which name the log has these.
SEVERAL = {
    "ballot.void": ("voided", "ballot", "ballots"),
    "ballot.restore": ("restored", "ballot", "ballots"),
    "other_text.show": ("let readers see", "text", "texts"),
    "other_text.hide": ("hid", "text", "texts"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """An event as a reader of the log sees it: who did what to which thing, and the changes."""

    event: AuditEvent
    who: str
    did: str
    what: str
    why: str
    changes: Sequence[Change]


def tell(event: AuditEvent, names: Mapping[str, str], zone: str) -> Told:
    """The event in words, on the zone's clocks; `names` are what actors and subjects are called."""
    after = dict(event.after or {})
    # Ballots are told by their number: nobody knows one by its id.
    did, why = _did(event), str(after.pop("reason", "") or "")
    after.pop("ballots", None)
    return Told(
        event=event,
        who=_who(event.actor, names),
        did=did,
        what=_what(event.subject, names),
        why=why,
        changes=Reader(event.subject, names, zone).changes(event.before or {}, after),
    )


def _did(event: AuditEvent) -> str:
    """`voided 2 ballots in the poll`, where the log says how many."""
    verb, thing, name = SEVERAL.get(event.action, ("", "", ""))
    things = (event.after or {}).get(name)
    if isinstance(things, list):
        return f"{verb} {len(things):,} {thing}{'s' if len(things) != 1 else ''} in the poll"
    return ACTS.get(event.action) or f"did “{event.action}” to"


def _what(subject: str, names: Mapping[str, str]) -> str:
    kind, _, name = subject.partition(":")
    called = names.get(subject)
    if called is None:
        return name or subject
    return f"“{called}”" if kind == "poll" else called


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
