"""Publishers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteDraft:
    """What an admin decides about a site.

    `timezone` is an IANA name, `locale` a BCP 47 tag. `origins` are `scheme://host[:port]`, as a
    browser sends them. `theme` holds CSS values by the widget's custom properties' names.
    """

    slug: str
    name: str
    locale: str = "en"
    timezone: str = "UTC"
    theme: Mapping[str, Any]
    origins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Site(SiteDraft):
    """A publisher whose pages embed polls."""

    id: int
    created_at: datetime
