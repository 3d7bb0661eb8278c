"""Calls that may be sent again."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Call:
    """A call that makes something, as its sender names it. `digest` tells what was sent."""

    actor: str
    key: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What the first such call was answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes
