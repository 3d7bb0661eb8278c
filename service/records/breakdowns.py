"""Counted ballots taken apart: by time, by page, by country."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.records.tallies import VoteKey

CountsByMoment = Mapping[int, Mapping[VoteKey, int]]
"""Counts by when they were cast: the beginning of a short time in seconds since 1970 -> counts."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many counted ballots have the value; None is for those that say nothing."""

    value: str | None
    ballots: int


@dataclass(frozen=True, slots=True)
class Shares:
    """The values that most counted ballots have, most first; `ballots` and `values` are how many
    there are of each in all."""

    ballots: int
    values: int
    most: tuple[Share, ...]
