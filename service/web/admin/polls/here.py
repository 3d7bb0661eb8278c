"""What the address of a poll's screen names: the site's own poll, for whoever may see it there."""

from service.domain import polls
from service.errors import PollNotFound
from service.records import Permission, Poll
from service.web import current
from service.web.admin import access


def poll_here(slug: str, permission: Permission = Permission.POLLS_READ) -> Poll:
    """The poll of the address. Raises PollNotFound, for polls of other sites too, NotAllowed,
    SiteNotFound."""
    site = access.current_site()
    poll = polls.managed(current.stores(), access.actor(), slug, permission)
    if poll.site_id != site.id:
        raise PollNotFound
    return poll


def site_path() -> str:
    """Where the site's pages begin."""
    return f"{current.ADMIN}/sites/{access.current_site().slug}"


def poll_path(slug: str, screen: str = "") -> str:
    """Where the poll's form stands, or another of its screens."""
    return f"{site_path()}/polls/{slug}" + (f"/{screen}" if screen else "")
