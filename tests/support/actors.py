"""Who asks, in tests of what owners do."""

from service.records import ROLE_PERMISSIONS, Actor, AuditEvent, Permission, Role
from service.stores import Stores


def member(site_id: int, role: Role = Role.EDITOR) -> Actor:
    """An owner with the role on the site."""
    return Actor("owner:7", {site_id: ROLE_PERMISSIONS[role]})


def program(site_id: int, *scopes: Permission) -> Actor:
    """A program with a key of these scopes to the site."""
    return Actor("key:vp_3f9a1c22", {site_id: frozenset(scopes)})


def logged(stores: Stores, *actions: str) -> list[AuditEvent]:
    """What the audit log tells of these acts, the newest first."""
    events = stores.audit.list_before(None, None, 500)
    return [event for event in events if event.action in actions]
