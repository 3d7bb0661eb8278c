"""Calls that may be sent again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


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


@dataclass(frozen=True, slots=True)
class Claim(Generic[Thing]):
    """A call that is under way since `began_at`, and how it will answer for the thing that it
    makes: kept by the transaction that makes it, so that there is neither without the other."""

    call: Call
    began_at: datetime
    answer: Callable[[Thing], KeptAnswer]
