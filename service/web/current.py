"""What a view needs of the running service: its stores, its settings, the moment, who asks."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, cast

from flask import Flask, current_app, request

from service.clock import Clock
from service.config import Settings
from service.domain import voters
from service.stores import Stores

EXTENSION = "voxpop"
ADMIN = "/admin"


@dataclass(frozen=True)
class Service:
    """What `create_app` gives the web layer."""

    settings: Settings
    stores: Stores
    clock: Clock

    @cached_property
    def network_secret(self) -> bytes:
        """The key of the pseudonyms under which networks' votes are counted for the rate limit."""
        return hashlib.sha256(f"voxpop.network\0{self.settings.secret_key}".encode()).digest()

    @cached_property
    def secrets(self) -> voters.Secrets:
        """The keys with which voters are made out."""
        signing = hashlib.sha256(f"voxpop.signing\0{self.settings.secret_key}".encode()).digest()
        return voters.Secrets(self.network_secret, signing)

    @cached_property
    def _country_variable(self) -> str | None:
        """Where WSGI has the header in which a trusted proxy names the country."""
        name = self.settings.country_header
        if not name or self.settings.trusted_proxies == 0:
            return None
        return f"HTTP_{name.upper().replace('-', '_')}"

    def country_of(self, environ: Mapping[str, Any]) -> str | None:
        """The country that a request comes from, if a trusted proxy says so: `IN`."""
        said = environ.get(self._country_variable or "", "")
        return said if re.fullmatch("[A-Z]{2}", said, re.ASCII) else None


def install(app: Flask, service: Service) -> None:
    """Make the service known to the app's views."""
    app.extensions[EXTENSION] = service


def service() -> Service:
    """The running service."""
    return cast(Service, current_app.extensions[EXTENSION])


def stores() -> Stores:
    """Where everything is kept."""
    return service().stores


def settings() -> Settings:
    """What the operator has set."""
    return service().settings


def now() -> datetime:
    """The moment of this request."""
    return service().clock()


def network() -> str:
    """The network that the request comes from, as far as the trusted proxies say."""
    return voters.network_of(request.remote_addr)


def is_admin() -> bool:
    """Whether an owners' page is asked for."""
    return request.path == ADMIN or request.path.startswith(f"{ADMIN}/")
