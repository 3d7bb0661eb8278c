"""What the address of a poll's screen names: the site's own poll, for whoever may see it there."""

import re

from flask import request

from service.domain import polls
from service.errors import PollNotFound
from service.records import Permission, Poll
from service.web import current
from service.web.admin import access

POLL_ID = re.compile("[0-9]{1,9}")


def poll_here(slug: str, permission: Permission = Permission.POLLS_READ) -> Poll:
    """The poll of the address. Raises PollNotFound, for polls of other sites too, NotAllowed,
    SiteNotFound."""
    site = access.current_site()
    poll = polls.managed(current.stores(), access.actor(), slug, permission)
    if poll.site_id != site.id:
        raise PollNotFound
    return poll


def poll_of_form(slug: str) -> Poll:
    """The poll that the form was opened on, whatever its address is by now. Raises what `poll_here`
    does."""
    poll_id = POLL_ID.fullmatch(request.form.get("poll_id", ""))
    if poll_id is None:
        return poll_here(slug, Permission.POLLS_WRITE)
    slug = current.stores().polls.slug_of(int(poll_id[0]))
    return poll_here(slug, Permission.POLLS_WRITE)


def site_path() -> str:
    """Where the site's pages begin."""
    return f"{current.ADMIN}/sites/{access.current_site().slug}"


def poll_path(slug: str, screen: str = "") -> str:
    """Where the poll's form stands, or another of its screens."""
    return f"{site_path()}/polls/{slug}" + (f"/{screen}" if screen else "")
