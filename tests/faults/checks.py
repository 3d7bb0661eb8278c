"""What must hold after any fault: the ballots in SQL, the tally and the API say the same."""

from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import sqlalchemy as sa

from tests.support.ports import wait_until
from tests.support.service import RunningService
from tests.support.voters import Remote


@dataclass
class Outcomes:
    """What each request was told, by ballot id."""

    counted: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)
    unknown: list[dict[str, Any]] = field(default_factory=list)
    errors: list[int] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def cast(self, remote: Remote, body: dict[str, Any]) -> None:
        """Cast a ballot and note what it is told."""
        try:
            status, document = remote.cast(body)
        except OSError:
            with self._lock:
                self.unknown.append(body)
            return
        with self._lock:
            if status in (200, 201):
                self.counted.add(body["ballot_id"])
            elif status == 409:
                self.refused.append(document["code"])
            else:
                self.errors.append(status)
                self.unknown.append(body)


def ids_in_sql(service: RunningService) -> set[str]:
    """The ids of the counted ballots."""
    engine = sa.create_engine(service.environment["DATABASE_URL"])
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text("SELECT CAST(id AS TEXT) FROM ballots WHERE status = 'counted'")
        ).scalars()
        ids = {str(row).replace("-", "") for row in rows}
    engine.dispose()
    return ids


def assert_exact(service: RunningService, outcomes: Outcomes) -> None:
    """Nothing that was answered is missing, nothing is doubled, tally and results agree."""
    ballots = ids_in_sql(service)
    told = {ballot_id.replace("-", "") for ballot_id in outcomes.counted}
    maybe = {body["ballot_id"].replace("-", "") for body in outcomes.unknown}
    assert told <= ballots, f"{len(told - ballots)} counted ballots are lost"
    assert ballots <= told | maybe, f"{len(ballots - told - maybe)} ballots were never acknowledged"
    assert "0 differences" in service.command("recount")
    remote = Remote(service.url)
    wait_until(lambda: _shown(remote.results()) == (len(ballots), len(ballots)), "all are shown")


def _shown(results: dict[str, Any]) -> tuple[int, int]:
    """The ballots and the votes, of which each ballot here has one, of one answer."""
    [question] = results["questions"]
    return results["ballots"], sum(choice["votes"] for choice in question["choices"])
