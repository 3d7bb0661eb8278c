import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade

from service.migrating import MIGRATIONS
from service.stores.sql.db import Base, db


def test_the_migrations_make_the_tables_of_the_models(app: Flask) -> None:
    with db.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert differences == []


def test_the_migrations_go_down_and_up_again(app: Flask) -> None:
    downgrade(directory=str(MIGRATIONS), revision="base")
    assert sa.inspect(db.engine).get_table_names() == ["alembic_version"]
    upgrade(directory=str(MIGRATIONS))
    assert "ballots" in sa.inspect(db.engine).get_table_names()


def test_every_constraint_has_a_name(app: Flask) -> None:
    inspector = sa.inspect(db.engine)
    for table in Base.metadata.tables:
        for unique in inspector.get_unique_constraints(table):
            assert unique["name"], (table, unique)
        for check in inspector.get_check_constraints(table):
            assert check["name"], (table, check)
