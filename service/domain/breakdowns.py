"""The counted ballots by the pages and countries that they came from."""

from dataclasses import dataclass
from typing import Literal

from service.domain import polls
from service.domain.results import percent
from service.records import Actor, Permission
from service.stores import Stores

MOST_PARTS = 20


@dataclass(frozen=True, slots=True)
class Part:
    """The counted ballots that have the value, such as a page; None are those that name none.
    `percent` is of all counted ballots."""

    value: str | None
    ballots: int
    percent: float


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A poll's counted ballots by one thing, the largest parts first. `more_parts` are not listed;
    `rest` is how many ballots these have."""

    poll: str
    ballots: int
    parts: tuple[Part, ...]
    more_parts: int
    rest: int


def by_page(stores: Stores, actor: Actor, slug: str, most: int = MOST_PARTS) -> Breakdown:
    """The counted ballots by the page they were cast on. Raises PollNotFound, NotAllowed."""
    return _by_part(stores, actor, slug, "page", most)


def by_country(stores: Stores, actor: Actor, slug: str, most: int = MOST_PARTS) -> Breakdown:
    """The counted ballots by the country a trusted proxy named. Raises PollNotFound, NotAllowed."""
    return _by_part(stores, actor, slug, "country", most)


def _by_part(
    stores: Stores, actor: Actor, slug: str, part: Literal["page", "country"], most: int
) -> Breakdown:
    poll = polls.managed(stores, actor, slug, Permission.RESULTS_READ)
    shares = stores.breakdowns.by_part(poll.id, part, most)
    parts = tuple(
        Part(share.value, share.ballots, percent(share.ballots, shares.ballots))
        for share in shares.most
    )
    rest = shares.ballots - sum(share.ballots for share in shares.most)
    return Breakdown(poll.slug, shares.ballots, parts, shares.values - len(parts), rest)
