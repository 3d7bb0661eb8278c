"""Who acts, and what they may do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Permission(StrEnum):
    """What one may do on a site. The names are the scopes of API keys."""

    POLLS_READ = "polls:read"
    POLLS_WRITE = "polls:write"
    RESULTS_READ = "results:read"
    BALLOTS_READ = "ballots:read"
    BALLOTS_VOID = "ballots:void"
    SITES_READ = "sites:read"
    SITES_WRITE = "sites:write"
    KEYS_WRITE = "keys:write"
    OWNERS_WRITE = "owners:write"
    AUDIT_READ = "audit:read"


class Role(StrEnum):
    """What an owner is on a site; ROLE_PERMISSIONS says what each may do."""

    ADMIN = "admin"
    EDITOR = "editor"
    VIEWER = "viewer"


_VIEWER = frozenset(
    {
        Permission.POLLS_READ,
        Permission.RESULTS_READ,
        Permission.BALLOTS_READ,
        Permission.SITES_READ,
    }
)
ROLE_PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.VIEWER: _VIEWER,
    Role.EDITOR: _VIEWER | {Permission.POLLS_WRITE, Permission.BALLOTS_VOID},
    Role.ADMIN: frozenset(Permission),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever asks for something: an owner, a program with an API key, or the operator.

    `name` is what the audit log says: `owner:7`, `key:vp_3f9a1c22`, `operator`. `grants` are the
    permissions by site id; None grants everything everywhere. They end at `until`.
    """

    name: str
    grants: Mapping[int, frozenset[Permission]] | None
    until: datetime | None = None

    def sees(self, site_id: int) -> bool:
        """Whether the site exists as far as this actor is concerned."""
        return self.grants is None or site_id in self.grants

    def may(self, permission: Permission, site_id: int) -> bool:
        """Whether the actor may do this on the site."""
        return self.grants is None or permission in self.grants.get(site_id, frozenset())

    @property
    def site_ids(self) -> frozenset[int] | None:
        """The sites that the actor sees; None means all."""
        return None if self.grants is None else frozenset(self.grants)

    def sites_where(self, permission: Permission) -> list[int] | None:
        """The sites on which the actor may do this; None means all."""
        if self.grants is None:
            return None
        return sorted(site for site, granted in self.grants.items() if permission in granted)


OPERATOR = Actor("operator", None)
"""Who runs commands on the machine itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A person who manages polls. `session_version` grows to end all of the owner's sessions."""

    id: int
    email: str
    password_hash: str = field(repr=False)
    session_version: int
    roles: Mapping[int, Role]
    created_at: datetime

    @property
    def actor(self) -> Actor:
        """The owner as whoever asks."""
        grants = {site_id: ROLE_PERMISSIONS[role] for site_id, role in self.roles.items()}
        return Actor(f"owner:{self.id}", grants)
