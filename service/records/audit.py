"""What was done, by whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One act, as it stands in the log for good.

    `action` is noun.verb (`poll.edit`, `ballot.void`), `subject` names what it was done to
    (`poll:region-interest`), `before` and `after` hold only what changed.
    """

    id: int | None = None
    site_id: int | None
    actor: str
    action: str
    subject: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    at: datetime
