"""What voters wrote for an `is_other` choice."""

from dataclasses import dataclass
from enum import StrEnum


class OtherTextStatus(StrEnum):
    """Whether an owner has decided to show a text in the results."""

    PENDING = "pending"
    SHOWN = "shown"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherText:
    """One distinct text with the counted ballots that wrote it."""

    question: str
    text: str
    votes: int
    status: OtherTextStatus
