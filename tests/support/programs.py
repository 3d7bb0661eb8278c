"""Programs as tests speak of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient

from service.domain import keys
from service.records import OPERATOR, Permission
from service.stores import Stores
from tests.conftest import NOON


@dataclass
class Program:
    """The API for programs over Flask's test client, under one key."""

    client: FlaskClient
    secret: str | None

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One call; `if_match="*"` sends the header If-Match."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.secret is not None:
            sent["Authorization"] = f"Bearer {self.secret}"
        json = {} if body is None else {"json": body}
        return self.client.open(path, method=method, headers=sent, buffered=True, **json)

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.ask("POST", path, body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> Any:
        return self.ask("PUT", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.ask("DELETE", path, **headers)


def secret_for(
    stores: Stores, site: str = "demo", scopes: Iterable[Permission] = Permission, **fields: Any
) -> str:
    """The secret of a new key to the site."""
    site_id = stores.sites.ensure(site, site.title(), "en", "UTC", NOON)
    decided = {"name": "test", "scopes": scopes, "expires_at": None, **fields}
    return keys.create(stores, OPERATOR, site_id, now=NOON, **decided)[1]


def prefix_of(secret: str | None) -> str:
    """The name of the key that has the secret."""
    return (secret or "")[:11]
