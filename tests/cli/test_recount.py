"""`flask recount`."""

from dataclasses import replace

import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask

from service import cli
from service.app import create_app
from service.cli.recounting import recount
from service.config import Settings
from service.stores import Stores
from service.stores.sql import models
from service.stores.sql.db import db
from tests.support.ballots import cast, make_poll


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(recount, words)
    return done.exit_code, done.stdout


def test_recount_says_what_differs_fixes_it_when_told_and_exits_with_1_each_time(
    app: Flask, stores: Stores
) -> None:
    for slug in ("noise", "crops"):
        cast(stores, make_poll(stores, slug), "c2")
    assert run() == (0, "0 differences.\n")
    with db.engine.begin() as connection:
        connection.execute(
            sa.update(models.Tally)
            .where(models.Tally.choice_code == "c2")
            .where(models.Tally.poll_id == stores.polls.find("crops").id)
            .values(votes=7)
        )
    told = "crops: q1.c2 is 7 in the tally and 1 in the ballots\n1 differences"
    assert run() == (1, f"{told}.\n")
    assert run("--fix") == (1, f"{told} fixed.\n")
    assert run("--fix") == (0, "0 differences.\n")


def test_what_keeps_it_from_looking_exits_with_2(settings: Settings) -> None:
    nowhere = "postgresql+psycopg://voxpop@127.0.0.1:1/voxpop"
    lost = create_app(replace(settings, database_url=nowhere))
    cli.register(lost)
    with lost.app_context():
        done = lost.test_cli_runner().invoke(args=["recount"])
        db.engine.dispose()
    assert done.exit_code == 2
    assert "the database cannot be reached" in done.output
