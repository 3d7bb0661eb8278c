"""The commands for API keys."""

from flask.testing import FlaskClient

from service.domain import keys, sites
from service.records import OPERATOR, Permission
from service.stores import Stores
from tests.cli.conftest import Run
from tests.support.programs import Program, prefix_of

NEW = ("key", "create", "--site", "demo", "--name", "feed", "--scope", "keys:write")


def test_a_key_is_made_whose_secret_is_all_that_is_printed(
    run: Run, client: FlaskClient, stores: Stores
) -> None:
    done = run(*NEW, "--scope", "polls:read", "--expires", "2999-01-01")
    assert done.exit_code == 0
    (secret,) = done.output.splitlines()
    assert Program(client, secret).get("/v1/polls").status_code == 200
    key = keys.find(stores, OPERATOR, prefix_of(secret))
    assert key.scopes == {Permission.KEYS_WRITE, Permission.POLLS_READ}
    assert key.expires_at is not None
    assert key.expires_at.isoformat() == "2999-01-01T00:00:00+00:00"


def test_keys_are_listed_with_what_has_become_of_them(run: Run, stores: Stores) -> None:
    prefixes = [prefix_of(run(*NEW).output) for _ in range(2)]
    assert run("key", "revoke", prefixes[0]).output == f"{prefixes[0]} has ended.\n"
    lines = [line.split("\t") for line in run("key", "list", "--site", "demo").output.splitlines()]
    assert lines == [
        [prefixes[1], "never used", "keys:write", "feed"],
        [prefixes[0], "revoked", "keys:write", "feed"],
    ]


def test_all_keys_are_listed_however_many(run: Run, stores: Stores) -> None:
    site_id = sites.find(stores, OPERATOR, "demo").id
    now = sites.find(stores, OPERATOR, "demo").created_at
    for _ in range(101):
        keys.create(stores, OPERATOR, site_id, "feed", [Permission.POLLS_READ], None, now)
    assert len(run("key", "list", "--site", "demo").output.splitlines()) == 101


def test_what_cannot_be_is_told_in_a_line(run: Run) -> None:
    nowhere = run("key", "create", "--site", "x", "--name", "x", "--scope", "polls:read")
    assert (nowhere.exit_code, nowhere.output) == (1, "Error: There is no such site.\n")
    gone = run("key", "revoke", "vp_00000000")
    assert (gone.exit_code, gone.output) == (1, "Error: There is no such key.\n")
    past = run(*NEW, "--expires", "2001-01-01")
    assert (past.exit_code, past.output) == (1, "Error: /expires_at: Must be in the future.\n")
    assert run(*NEW, "--scope", "polls:own").exit_code == 2
