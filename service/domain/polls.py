"""Finding polls and making them."""

import secrets
from datetime import datetime

from service.errors import PollNotFound
from service.records import Poll, PollDraft, Status
from service.stores import Stores

VOTER_SECRET_BYTES = 32


def find(stores: Stores, slug: str) -> Poll:
    """The public poll under the slug. Raises PollNotFound, for drafts too."""
    poll = stores.polls.find(slug)
    if poll.schedule.status is Status.DRAFT:
        raise PollNotFound
    return poll


def create(stores: Stores, site_id: int, draft: PollDraft, now: datetime) -> None:
    """Make a poll with a random key of its own. Raises SlugTaken."""
    stores.polls.create(site_id, draft, secrets.token_bytes(VOTER_SECRET_BYTES), now)
