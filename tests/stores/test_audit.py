"""The audit log, on SQLite and on PostgreSQL."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from service.records import AuditEvent
from service.stores import Stores
from service.stores.sql import models
from service.stores.sql.db import db
from tests.conftest import NOON


def event(site_id: int = 71, **fields: Any) -> AuditEvent:
    values = {"actor": "owner:7", "action": "poll.edit", "subject": "poll:x", "at": NOON, **fields}
    return AuditEvent(site_id=site_id, **values)


def test_the_newest_events_of_a_site_come_first_and_page_by_page(stores: Stores) -> None:
    stores.audit.add(*[event(after={"n": n}) for n in range(5)], event(site_id=72))
    first = stores.audit.list_before([71], None, 3)
    rest = stores.audit.list_before([71], first[-1].id, 3)
    assert [e.after for e in (*first, *rest)] == [{"n": n} for n in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize(
    "change", [sa.update(models.AuditEvent).values(actor="x"), sa.delete(models.AuditEvent)]
)
def test_the_database_refuses_to_change_what_is_logged(
    app: Flask, stores: Stores, change: Any
) -> None:
    stores.audit.add(event())
    with (
        pytest.raises(sa.exc.DBAPIError, match="only ever added"),
        db.engine.begin() as connection,
    ):
        connection.execute(change)
    assert len(stores.audit.list_before([71], None, 9)) == 1
