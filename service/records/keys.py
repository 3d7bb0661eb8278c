"""Keys under which programs ask."""

from dataclasses import dataclass
from datetime import datetime

from service.records.owners import Actor, Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A program's key to one site. The secret itself is shown once and kept only as a digest;
    `prefix`, its beginning, is the name by which people and programs speak of the key."""

    site_id: int
    name: str
    prefix: str
    scopes: frozenset[Permission]
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None

    @property
    def actor(self) -> Actor:
        """The program as whoever asks."""
        return Actor(f"key:{self.prefix}", {self.site_id: self.scopes}, self.expires_at)

    def is_valid_at(self, now: datetime) -> bool:
        """Whether the key opens anything at `now`."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)
