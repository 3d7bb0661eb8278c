"""Poll definitions: from this process's memory, which asks SQL every second whether they stand."""

from collections.abc import Callable, Iterable
from datetime import datetime

from service.errors import PollNotFound, PollReplaced
from service.records import AuditEvent, Cast, Claim, Poll, PollDraft, PollPage, PollQuery
from service.stores.fresh import Fresh
from service.stores.places import Places
from service.stores.sql.poll_lists import PollListStore
from service.stores.sql.polls import Decide, PollStore, Tell

DEFINITION_SECONDS = 1.0
DOUBT_SECONDS = 0.1
SLUG_LENGTH = 64


class Polls:
    """Finds polls by slug, keeps new ones, and changes them.

    What is changed here shows at once in this process and within a second in the others.
    """

    def __init__(
        self, sql: PollStore, lists: PollListStore, places: Places, ticks: Callable[[], float]
    ) -> None:
        self._sql = sql
        self._lists = lists
        self._places = places
        self._known = Fresh(self.read, DEFINITION_SECONDS, ticks, has_changed=self._has_changed)

    def find(self, slug: str) -> Poll:
        """The poll under the slug, whatever its status, at most a second old. Raises
        PollNotFound."""
        return self._known.get(slug)

    def read(self, slug: str) -> Poll:
        """The poll under the slug as SQL has it now. Raises PollNotFound."""
        # PostgreSQL cannot hold NUL, and no slug is longer.
        known = None if "\0" in slug or len(slug) > SLUG_LENGTH else self._sql.find(slug)
        if known is None:
            raise PollNotFound
        return known

    def refresh(self, poll: Poll) -> Poll:
        """The poll as SQL has it after an edit that this process has not heard of, which it then
        goes by. All whose ballots meet the edit at once share one reading: as many as wait for a
        poll would otherwise take every connection there is.

        Raises PollNotFound, and PollReplaced where it goes by another one of the slug from now on.
        """

        def is_later(known: Poll) -> bool:
            return (known.id, known.row_version) > (poll.id, poll.row_version)

        return _still(poll, self._known.catch_up(poll.slug, is_later))

    def look_again(self, poll: Poll) -> Poll:
        """The poll as it is by now, for whom it refuses by what this process knows of it. However
        many it refuses, SQL is asked only once in DOUBT_SECONDS whether it has another by now, and
        for that one only if it has; where SQL is away, the poll is as it was known.

        Raises PollNotFound, and PollReplaced as `refresh` does.
        """
        return _still(poll, self._known.renew(poll.slug, DOUBT_SECONDS))

    def latest(self, poll: Poll) -> Poll:
        """The poll as this process knows it by now, without asking SQL."""
        known = self._known.peek(poll.slug)
        return poll if known is None or known.id != poll.id else known

    def _has_changed(self, slug: str, known: Poll) -> bool:
        return self._sql.edition(slug) != known.edition

    def create(
        self,
        site_id: int,
        draft: PollDraft,
        secret: bytes,
        event: AuditEvent,
        claim: Claim[Poll] | None = None,
    ) -> Poll:
        """Keep a new poll. Raises SlugTaken, SiteNotFound, StillUnderWay."""
        made = self._sql.create(site_id, draft, secret, event, claim)
        self._places.forget()
        return made

    def revise(self, poll: Poll, decide: Decide, row_version: int | None = None) -> Poll:
        """Change the poll while no ballot can be counted in it; `PollStore.revise` says how."""
        revised = self._sql.revise(poll.id, row_version, decide)
        if revised.slug != poll.slug:
            self._known.forget(poll.slug)
        self._known.put(revised.slug, revised)
        self._places.forget()
        return revised

    def slug_of(self, poll_id: int) -> str:
        """The slug that the poll has by now. Raises PollNotFound."""
        slug = self._sql.slug_of(poll_id)
        if slug is None:
            raise PollNotFound
        return slug

    def cast(self, poll: Poll) -> Cast:
        """What has been cast in the poll by now. Raises PollNotFound."""
        return self._sql.cast(poll.id)

    def delete(
        self,
        poll: Poll,
        tell: Tell,
        row_version: int | None = None,
    ) -> None:
        """Delete the poll with all that was cast in it, and log what `tell` says of it. Raises
        PollNotFound, and StaleEdit if `row_version` is given and not the poll's."""
        self._sql.delete(poll.id, tell, row_version)
        self._known.forget(poll.slug)
        self._places.forget()

    def page(
        self, site_ids: Iterable[int] | None, query: PollQuery, after: int | None, now: datetime
    ) -> PollPage:
        """A page of the polls of the sites; None means all sites."""
        return self._lists.page(site_ids, query, after, now)

    def list_named(self, site_id: int, slugs: Iterable[str]) -> list[Poll]:
        """The site's polls among those with the slugs."""
        return self._lists.list_named(site_id, slugs)

    def list_all(self) -> list[tuple[int, str]]:
        """Id and slug of every poll, oldest first."""
        return self._sql.list_all()

    def ping(self) -> None:
        """Return if the database answers. Raises TemporarilyUnavailable."""
        self._sql.ping()


def _still(poll: Poll, known: Poll) -> Poll:
    """What is known by now, if that is the poll still."""
    if known.id != poll.id:
        raise PollReplaced
    return known
