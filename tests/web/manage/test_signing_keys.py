"""Signing keys over the API."""

from typing import Any

import jwt
import pytest
from flask.testing import FlaskClient

from service.stores import Stores
from tests.domain.test_accounts import PAIRS, pem
from tests.support.accounts import open_poll_of_accounts, token
from tests.support.actors import logged
from tests.support.programs import Program
from tests.support.voters import Api, ballot
from tests.web.test_errors import assert_problem

KEYS = "/v1/signing-keys"


def cast(client: FlaskClient, sent: str) -> int:
    return int(Api(client, "members").cast(ballot(voter_token=sent)).status_code)


def test_a_secret_is_shown_once_and_signs(
    program: Program, client: FlaskClient, stores: Stores
) -> None:
    made = program.post(KEYS, {})
    assert made.status_code == 201
    key, secret = made.json["signing_key"], made.json["secret"]
    assert (key["algorithm"], key["public_key"], len(secret)) == ("HS256", None, 43)
    assert program.get(made.headers["Location"]).json == key
    assert program.get(KEYS).json == {"signing_keys": [key], "next": None}
    open_poll_of_accounts(stores)
    assert cast(client, token(secret)) == 201


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("as_jwk", [False, True])
def test_a_public_key_is_taken_in_both_forms_and_has_no_secret(
    program: Program, client: FlaskClient, stores: Stores, name: str, as_jwk: bool
) -> None:
    public = PAIRS[name].public_key()
    made = program.post(KEYS, {"public_key": jwk(name, public) if as_jwk else pem(PAIRS[name])})
    assert made.status_code == 201
    assert made.json["secret"] is None
    assert made.json["signing_key"]["algorithm"] == name
    assert made.json["signing_key"]["public_key"] == pem(PAIRS[name])
    open_poll_of_accounts(stores)
    assert cast(client, token(PAIRS[name], algorithm=name)) == 201


def jwk(name: str, public: Any) -> str:
    kinds = jwt.algorithms.get_default_algorithms()
    return str(kinds[name].to_jwk(public))


def test_a_third_key_is_refused_and_a_place_is_free_again(program: Program) -> None:
    first = program.post(KEYS, {}).json["signing_key"]["id"]
    program.post(KEYS, {"public_key": None})
    assert_problem(program.post(KEYS, {}), 409, "signing_keys_full")
    assert program.delete(f"{KEYS}/{first}").status_code == 204
    assert_problem(program.get(f"{KEYS}/{first}"), 404, "signing_key_not_found")
    assert program.post(KEYS, {}).status_code == 201


def test_a_call_that_is_sent_again_makes_one_key(program: Program) -> None:
    first = program.post(KEYS, {}, Idempotency_Key="once")
    again = program.post(KEYS, {}, Idempotency_Key="once")
    assert again.json == {"signing_key": first.json["signing_key"], "secret": None}
    assert len(program.get(KEYS).json["signing_keys"]) == 1


def test_what_is_done_to_keys_is_audited_without_a_secret(program: Program, stores: Stores) -> None:
    made = program.post(KEYS, {}).json
    program.delete(f"{KEYS}/{made['signing_key']['id']}")
    events = logged(stores, "signing_key.create", "signing_key.remove")
    assert [event.subject for event in events] == [f"signing_key:{made['signing_key']['id']}"] * 2
    removed, created = ((event.before, event.after) for event in events)
    assert removed == ({"algorithm": "HS256"}, None)
    assert created == (None, {"algorithm": "HS256"})
    assert made["secret"] not in repr(events)


def test_other_sites_keys_are_not_there(program: Program, stranger: Program) -> None:
    path = f"{KEYS}/{program.post(KEYS, {}).json['signing_key']['id']}"
    assert_problem(stranger.get(path), 404, "signing_key_not_found")
    assert_problem(stranger.delete(path), 404, "signing_key_not_found")
    assert stranger.get(KEYS).json["signing_keys"] == []
    assert program.get(path).status_code == 200
