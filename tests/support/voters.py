"""Voters as tests speak of them."""

import json
import secrets
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from flask.testing import FlaskClient

from service.stores import Stores
from service.stores.sql import models
from service.stores.sql.db import db

OWN_ORIGIN = "http://polls.test"


def new_token() -> str:
    """A device token as the widget makes it."""
    return secrets.token_urlsafe(18)


def ballot(choice: str = "c1", *, voter: str | None = None, **fields: Any) -> dict[str, Any]:
    """A ballot's body; each has its own id and voter unless named."""
    return {
        "ballot_id": str(uuid4()),
        "voter": voter or new_token(),
        "answers": {"q1": [choice]},
        "page": None,
        **fields,
    }


def keep_text(stores: Stores, text: str) -> None:
    """Have a voter's own text stand in the demo poll, to be let into its results."""
    poll_id = stores.polls.find("region-interest").id
    kept = {"poll_id": poll_id, "question_code": "q1", "text": text, "votes": 1}
    with db.engine.begin() as connection:
        connection.execute(sa.insert(models.OtherText), kept)


@dataclass
class Api:
    """The public API over Flask's test client, for one poll."""

    client: FlaskClient
    slug: str = "region-interest"

    def cast(self, body: Any, *, origin: str | None = OWN_ORIGIN, **options: Any) -> Any:
        """Post a ballot."""
        headers = {**({"Origin": origin} if origin else {}), **options.pop("headers", {})}
        sent = {"data": body} if isinstance(body, bytes) else {"json": body}
        return self.client.post(
            f"/v1/polls/{self.slug}/ballots", headers=headers, **sent, **options
        )

    def results(self, **headers: str) -> Any:
        """Get the results."""
        return self.client.get(f"/v1/polls/{self.slug}/results", headers=headers)

    def votes(self) -> dict[str, int]:
        """The votes of each choice that has any."""
        choices = self.results().json["questions"][0]["choices"]
        return {choice["id"]: choice["votes"] for choice in choices if choice["votes"]}


@dataclass
class Remote:
    """The public API of a running service."""

    url: str
    slug: str = "region-interest"
    timeout: float = 30.0
    origin: str = field(default="")

    def cast(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Post a ballot; status and document. Connection errors are raised."""
        headers = {"Content-Type": "application/json", "Origin": self.origin or self.url}
        return self._send(f"/v1/polls/{self.slug}/ballots", json.dumps(body).encode(), headers)

    def results(self) -> dict[str, Any]:
        """Get the results."""
        status, document = self._send(f"/v1/polls/{self.slug}/results", None, {})
        assert status == 200, document
        return document

    def _send(
        self, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, dict[str, Any]]:
        request = urllib.request.Request(self.url + path, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)
