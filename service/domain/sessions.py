"""Sessions of owners: they begin by signing in and end by signing out, or by themselves.

A session's name says its id and the owner's `session_version` when it began, which grows to end
all sessions of theirs at once.
"""

import secrets
from datetime import datetime, timedelta

from service.records import Owner
from service.stores import Stores

LONGEST = timedelta(days=30)


def begin(stores: Stores, owner: Owner, now: datetime) -> str:
    """Begin a session of the owner's; its name."""
    session_id = secrets.token_hex(16)
    stores.sessions.add(session_id, owner.id, now, now - LONGEST)
    return f"{session_id}.{owner.session_version}"


def owner_of(stores: Stores, name: str, now: datetime) -> Owner | None:
    """Whose session it is; None for one that has ended, or is none."""
    session_id, _, version = name.partition(".")
    if not version or not session_id.isalnum():
        return None
    owner = stores.owners.find_by_session(session_id, now - LONGEST)
    return owner if owner is not None and str(owner.session_version) == version else None


def end(stores: Stores, name: str) -> None:
    """End the session, for every copy of its cookie."""
    stores.sessions.remove(name.partition(".")[0])
