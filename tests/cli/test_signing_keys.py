"""The commands for signing keys."""

from pathlib import Path

from flask.testing import FlaskClient

from service.stores import Stores
from tests.cli.conftest import Run
from tests.domain.test_accounts import PAIRS, pem
from tests.support.accounts import open_poll_of_accounts, token
from tests.support.voters import Api, ballot


def test_keys_are_made_listed_and_removed(
    run: Run, client: FlaskClient, stores: Stores, tmp_path: Path
) -> None:
    key_id, secret = run("signing-key", "create", "--site", "demo").output.splitlines()
    file = tmp_path / "public.pem"
    file.write_text(pem(PAIRS["EdDSA"]))
    made = run("signing-key", "create", "--site", "demo", "--public-key", str(file)).output
    listed = run("signing-key", "list", "--site", "demo").output.splitlines()
    kinds = {line.split("\t")[0]: line.split("\t")[1] for line in listed}
    assert kinds == {key_id: "HS256", made.strip(): "EdDSA"}
    assert secret not in "".join(listed)
    open_poll_of_accounts(stores)
    in_a_year = int(stores.sites.find("demo").created_at.timestamp()) + 600
    voter_token = token(secret, exp=in_a_year)
    assert Api(client, "members").cast(ballot(voter_token=voter_token)).status_code == 201
    assert run("signing-key", "remove", key_id).output == f"{key_id} is removed.\n"
    assert len(run("signing-key", "list", "--site", "demo").output.splitlines()) == 1
    assert run("signing-key", "remove", key_id).exit_code == 1
