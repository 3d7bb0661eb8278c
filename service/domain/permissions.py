"""The one check of who may do what."""

from collections.abc import Iterable

from service.errors import NotAllowed, NotFound, SiteNotFound
from service.records import Actor, Permission


def require(
    actor: Actor, permission: Permission, site_id: int, missing: type[NotFound] = SiteNotFound
) -> None:
    """Return if the actor may do this on the site.

    Raises `missing` if the site is none of the actor's, so that nobody learns what stands on
    others; NotAllowed if it is, but not for this.
    """
    if not actor.sees(site_id):
        raise missing
    if not actor.may(permission, site_id):
        raise NotAllowed


def require_own(actor: Actor, granted: Iterable[Permission], site_id: int) -> None:
    """Return if the actor may itself do all that it is about to let somebody do on the site.

    Raises NotAllowed.
    """
    if not all(actor.may(permission, site_id) for permission in granted):
        raise NotAllowed("You cannot allow more than you may do yourself.")
