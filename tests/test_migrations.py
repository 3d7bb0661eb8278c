import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade

from service.domain import polls
from service.migrating import MIGRATIONS
from service.records import OPERATOR
from service.stores import Stores
from service.stores.sql.db import Base, db
from tests.conftest import NOON


def test_the_migrations_make_the_tables_of_the_models(app: Flask) -> None:
    with db.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert differences == []


def test_the_migrations_go_down_and_up_again(app: Flask) -> None:
    downgrade(directory=str(MIGRATIONS), revision="base")
    assert sa.inspect(db.engine).get_table_names() == ["alembic_version"]
    upgrade(directory=str(MIGRATIONS))
    assert "ballots" in sa.inspect(db.engine).get_table_names()


def test_polls_and_what_belongs_to_them_live_through_the_migrations(app: Flask) -> None:
    downgrade(directory=str(MIGRATIONS), revision="0001")
    before = _rows()
    assert all(before.values())
    upgrade(directory=str(MIGRATIONS))
    assert _rows() == before


def test_no_poll_gets_the_id_of_a_deleted_one(app: Flask, stores: Stores) -> None:
    seen = polls.find(stores, "region-interest")
    polls.delete(stores, OPERATOR, seen.slug, NOON)
    assert polls.create(stores, seen.site_id, polls.draft_of(seen), NOON).id > seen.id


def _rows() -> dict[str, int]:
    """How many rows the tables around polls have."""
    with db.engine.connect() as connection:
        return {
            table: connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()  # noqa: S608
            for table in ("sites", "origins", "polls", "poll_keys", "questions", "choices")
        }


def test_every_constraint_has_a_name(app: Flask) -> None:
    inspector = sa.inspect(db.engine)
    for table in Base.metadata.tables:
        for unique in inspector.get_unique_constraints(table):
            assert unique["name"], (table, unique)
        for check in inspector.get_check_constraints(table):
            assert check["name"], (table, check)
