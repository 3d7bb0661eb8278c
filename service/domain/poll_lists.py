"""The lists of polls that owners look through."""

import re
from dataclasses import replace
from datetime import datetime

from service.domain import texts
from service.domain.permissions import require
from service.errors import FieldError, ValidationError
from service.records import Actor, Permission, PollPage, PollQuery
from service.stores import Stores

MOST_LISTED = 100
LARGEST_ID = 2**31 - 1
CURSOR = re.compile(r"[0-9]{1,10}")


def page(stores: Stores, actor: Actor, query: PollQuery, now: datetime) -> PollPage:
    """The polls that the query asks for, newest first.

    Raises SiteNotFound, NotAllowed, ValidationError for a bad cursor or page size.
    """
    if not 1 <= query.limit <= MOST_LISTED:
        raise ValidationError(FieldError("/limit", f"Must be 1 to {MOST_LISTED}."))
    if query.site_id is not None:
        require(actor, Permission.POLLS_READ, query.site_id)
        site_ids: list[int] | None = [query.site_id]
    else:
        site_ids = actor.sites_where(Permission.POLLS_READ)
    wanted = replace(query, text=texts.tidy_or_none(query.text))  # as the polls' texts are kept
    return stores.polls.page(site_ids, wanted, _cursor(query.after), now)


def _cursor(after: str | None) -> int | None:
    """The id that the cursor holds."""
    if after is None:
        return None
    if not CURSOR.fullmatch(after) or int(after) > LARGEST_ID:
        raise ValidationError(FieldError("/after", "Is none that a page of this list gave."))
    return int(after)
