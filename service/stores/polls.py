"""Poll definitions: from this process's memory, read from SQL anew every second."""

from collections.abc import Callable
from datetime import datetime

from service.errors import PollNotFound
from service.records import Poll, PollDraft
from service.stores.fresh import Fresh
from service.stores.sql.polls import PollStore

DEFINITION_SECONDS = 1.0
SLUG_LENGTH = 64


class Polls:
    """Finds polls by slug and keeps new ones."""

    def __init__(self, sql: PollStore, ticks: Callable[[], float]) -> None:
        self._sql = sql
        self._known = Fresh(self._load, DEFINITION_SECONDS, ticks)

    def find(self, slug: str) -> Poll:
        """The poll under the slug, whatever its status. Raises PollNotFound."""
        return self._known.get(slug)

    def create(self, site_id: int, draft: PollDraft, voter_secret: bytes, now: datetime) -> None:
        """Keep a new poll. Raises SlugTaken."""
        self._sql.create(site_id, draft, voter_secret, now)

    def list_all(self) -> list[tuple[int, str]]:
        """Id and slug of every poll, oldest first."""
        return self._sql.list_all()

    def ping(self) -> None:
        """Return if the database answers. Raises TemporarilyUnavailable."""
        self._sql.ping()

    def _load(self, slug: str) -> Poll:
        # PostgreSQL cannot hold NUL, and no slug is longer.
        known = None if "\0" in slug or len(slug) > SLUG_LENGTH else self._sql.find(slug)
        if known is None:
            raise PollNotFound
        return known
