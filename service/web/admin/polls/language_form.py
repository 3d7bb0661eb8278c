"""The form in which a poll is put into another language, a field for each text.

The page sends along what it first showed, so that only what the editor has changed is saved, and
what somebody else has made of the same meanwhile is not overwritten unseen. A digest of each text
is enough for that, and keeps the form of a large poll small.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from service.domain import texts, wordings
from service.domain.wordings import Draft, Path, Wording
from service.errors import PollHasBallots, ValidationError
from service.records import PollDraft
from service.web.admin.polls import words

ORIGINAL = "original:"
DIGEST_BYTES = 9
Fields = Mapping[str, str]
"""Texts by the names of their fields: `q1-c2-text`."""


@dataclass(frozen=True, slots=True)
class Row:
    """A field beside the text that it translates."""

    name: str
    label: str
    wording: Wording
    text: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What somebody else has saved of a text meanwhile."""

    label: str
    original: str
    theirs: str


def name_of(path: Path) -> str:
    """The name of the text's field."""
    return "-".join(path)


def saved(listed: Sequence[Wording]) -> Fields:
    """The fields as they are kept."""
    return {name_of(wording.path): wording.translation for wording in listed}


def sent(form: Fields, listed: Sequence[Wording]) -> Fields:
    """The fields as they were sent, each tidied as it would be kept."""
    given = {name_of(wording.path): wording for wording in listed}
    return {
        name: texts.tidy_or_none(form[name], lines=wording.in_lines) or ""
        for name, wording in given.items()
        if name in form
    }


def base_of(listed: Sequence[Wording]) -> str:
    """What the page shows, as digests in one field, for it to send along."""
    originals = {ORIGINAL + name_of(wording.path): wording.original for wording in listed}
    shown = {**saved(listed), **originals}
    return urlencode({name: digest for name, text in shown.items() if (digest := _digest(text))})


def changed(base: str, mine: Fields) -> Fields:
    """The fields that the editor has changed since the page was made."""
    seen = _seen(base)
    return {name: text for name, text in mine.items() if _digest(text) != seen.get(name, "")}


def differences(base: str, listed: Sequence[Wording], mine: Fields) -> list[Difference]:
    """What somebody else has made of texts that the editor has changed too, or of their
    originals."""
    seen = _seen(base)
    by_me = changed(base, mine)
    return [
        Difference(label_of(wording), wording.original, wording.translation)
        for wording in listed
        for name in [name_of(wording.path)]
        if name in by_me
        and by_me[name] != wording.translation
        and not _is_as_seen(seen, name, wording)
    ]


def _is_as_seen(seen: Fields, name: str, wording: Wording) -> bool:
    """Whether the text and its translation are what the page showed."""
    original = _digest(wording.original)
    return (
        _digest(wording.translation) == seen.get(name, "")
        and seen.get(ORIGINAL + name, original) == original
    )


def _seen(base: str) -> Fields:
    """The digests that the page sent along."""
    return dict(parse_qsl(base))


def _digest(text: str) -> str:
    """What tells the text from others; nothing for none."""
    if not text:
        return ""
    digest = hashlib.blake2b(text.encode(), digest_size=DIGEST_BYTES).digest()
    return urlsafe_b64encode(digest).decode()


def filled(draft: Draft, locale: str, fields: Fields) -> Draft:
    """The draft with the fields as its texts in the language."""
    paths = {name_of(wording.path): wording.path for wording in wordings.of(draft, locale)}
    given = {paths[name]: text for name, text in fields.items() if name in paths}
    return wordings.given(draft, locale, given)


def errors_of(draft: PollDraft, error: ValidationError | PollHasBallots) -> dict[str, str]:
    """The first fault of each field."""
    faults: dict[str, str] = {}
    for fault in error.errors:
        faults.setdefault(name_of(wordings.path_of(draft, fault.pointer)), fault.detail)
    return faults


def rows(listed: Sequence[Wording], fields: Fields, errors: Fields) -> list[list[Row]]:
    """The form's rows: those of the whole poll, then those of each question."""
    groups: dict[str, list[Row]] = {"": []}
    for wording in listed:
        name = name_of(wording.path)
        row = Row(name, label_of(wording), wording, fields.get(name, ""), errors.get(name, ""))
        groups.setdefault(wording.path[0] if len(wording.path) > 1 else "", []).append(row)
    return list(groups.values())


def wrong(groups: Sequence[Sequence[Row]], errors: Fields) -> list[tuple[str, str, str]]:
    """All faults, each with the field to lead to and what that is called, if it has one."""
    labels = {row.name: row.label for rows in groups for row in rows}
    return [
        (name if name in labels else "", labels.get(name, ""), error)
        for name, error in errors.items()
    ]


def label_of(wording: Wording) -> str:
    """What the form calls the text: `Choice 2`."""
    match wording.path:
        case (_, _, "text"):
            return f"{words.FIELD_NAMES['choice']} {wording.place}"
        case (_, _, field):
            called = f"{words.FIELD_NAMES['choice']} {wording.place}"
            return f"{called}, {words.FIELD_NAMES[field]}"
        case _:
            return words.FIELD_NAMES[wording.field]
