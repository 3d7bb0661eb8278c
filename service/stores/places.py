"""Which polls a site's places choose from: from this process's memory, as poll definitions are."""

from collections.abc import Callable

from service.clock import Clock
from service.records import CurrentPoll, SitePolls
from service.stores.fresh import Fresh
from service.stores.sql.places import PlaceStore, Tell

PLACES_SECONDS = 1.0


class Places:
    """Knows what places show. What is changed here shows at once in this process and within a
    second in the others."""

    def __init__(self, sql: PlaceStore, ticks: Callable[[], float], clock: Clock) -> None:
        self._sql = sql
        self._known: Fresh[str, SitePolls] = Fresh(
            lambda site: sql.of_site(site, clock()), PLACES_SECONDS, ticks
        )

    def of_site(self, site: str) -> SitePolls:
        """What the places of the site with that slug choose from. Raises SiteNotFound."""
        return self._known.get(site)

    def current(self, site_id: int) -> CurrentPoll:
        """What the site's owners chose, as SQL has it now."""
        return self._sql.current(site_id)

    def choose(self, site_id: int, poll_id: int | None, tell: Tell) -> None:
        """Make the poll the site's current one, or none; `PlaceStore.choose` says how."""
        self._sql.choose(site_id, poll_id, tell)
        self.forget()

    def forget(self) -> None:
        """Look anew: polls have changed."""
        self._known.clear()

    def forget_site(self, site: str) -> None:
        """Look anew at the polls of the site with that slug: they have changed elsewhere."""
        self._known.forget(site)
