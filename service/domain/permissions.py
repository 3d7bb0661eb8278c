"""The one check of who may do what."""

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
