"""`flask owner ...`."""

import re

import click
import pytest
from click.testing import Result
from flask import Flask

from service import cli
from service.domain import owners
from service.records import Role
from service.stores import Stores
from tests.conftest import NOON

PASSWORD = "correct horse battery"


@pytest.fixture
def run(app: Flask) -> "Run":
    cli.register(app)
    return Run(app)


class Run:
    """Runs commands as an operator types them."""

    def __init__(self, app: Flask) -> None:
        self.runner = app.test_cli_runner()

    def __call__(self, *words: str, typed: str = "") -> Result:
        return self.runner.invoke(args=["owner", *words], input=typed)

    def create(self, email: str, *words: str) -> str:
        done = self("create", email, "--password-stdin", *words, typed=f"{PASSWORD}\n")
        assert done.exit_code == 0, done.output
        return done.output


def test_a_piped_password_opens_the_account(run: Run, stores: Stores) -> None:
    assert PASSWORD not in run.create("ann@news.test", "--site", "demo", "--role", "editor")
    ann = owners.authenticate(stores, "ann@news.test", PASSWORD, NOON)
    assert list(ann.roles.values()) == [Role.EDITOR]


def test_a_typed_password_is_asked_for_twice(run: Run, stores: Stores) -> None:
    done = run("create", "ann@news.test", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.exit_code == 0
    assert PASSWORD not in done.output
    assert owners.authenticate(stores, "ann@news.test", PASSWORD, NOON)


def test_a_made_password_is_printed(run: Run, stores: Stores) -> None:
    done = run("create", "ann@news.test", "--make-password")
    made = re.search(r"only now: (\S+)$", done.output, re.MULTILINE)
    assert made
    assert owners.authenticate(stores, "ann@news.test", made[1], NOON)


def test_no_option_takes_a_password_where_others_could_see_it() -> None:
    group = next(command for command in cli.COMMANDS if command.name == "owner")
    assert isinstance(group, click.Group)
    for command in group.commands.values():
        taken = [p.name for p in command.params if isinstance(p, click.Option) and not p.is_flag]
        assert not [name for name in taken if "password" in str(name)]


def test_a_weak_password_is_refused_in_a_line(run: Run) -> None:
    done = run("create", "ann@news.test", "--password-stdin", typed="short\n")
    assert done.exit_code == 1
    assert done.output == "Error: /password: A password has 12 to 256 characters.\n"


def test_the_list_shows_roles_by_site(run: Run) -> None:
    run.create("ann@news.test", "--site", "demo")
    run.create("bob@news.test")
    assert run("list").output == "ann@news.test  demo: admin\nbob@news.test  no site\n"
    assert run("list", "--site", "demo").output == "ann@news.test  demo: admin\n"


def test_a_role_is_given_and_changed(run: Run) -> None:
    run.create("ann@news.test", "--site", "demo")
    run.create("bob@news.test")
    assert run("role", "bob@news.test", "demo", "viewer").exit_code == 0
    assert run("role", "bob@news.test", "demo", "admin").exit_code == 0
    assert run("role", "ann@news.test", "demo", "editor").exit_code == 0
    done = run("role", "bob@news.test", "demo", "editor")
    assert (done.exit_code, done.output) == (1, "Error: A site needs at least one admin.\n")


def test_another_password_is_given(run: Run, stores: Stores) -> None:
    run.create("ann@news.test")
    done = run("password", "ann@news.test", "--password-stdin", typed="another long password\n")
    assert done.exit_code == 0
    assert owners.authenticate(stores, "ann@news.test", "another long password", NOON)


def test_an_owner_is_removed_from_a_site_and_altogether(run: Run, stores: Stores) -> None:
    run.create("ann@news.test", "--site", "demo")
    run.create("bob@news.test", "--site", "demo", "--role", "viewer")
    assert run("remove", "bob@news.test", "--site", "demo").exit_code == 0
    assert owners.find_by_email(stores, "bob@news.test").roles == {}
    assert run("remove", "bob@news.test").exit_code == 0
    done = run("remove", "bob@news.test")
    assert (done.exit_code, done.output) == (1, "Error: There is no such owner.\n")


def test_an_unknown_site_is_said_in_a_line(run: Run) -> None:
    done = run("create", "ann@news.test", "--site", "nope", "--make-password")
    assert (done.exit_code, done.output) == (1, "Error: There is no such site.\n")


def test_the_demo_prints_its_first_owners_password_once(app: Flask, stores: Stores) -> None:
    cli.register(app)
    first = app.test_cli_runner().invoke(args=["demo"]).output
    password = re.search(r"with the password (\S+) ", first)
    assert password
    assert owners.authenticate(stores, "owner@demo.example", password[1], NOON)
    assert "password" not in app.test_cli_runner().invoke(args=["demo"]).output
