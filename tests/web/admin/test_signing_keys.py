"""The page of signing keys."""

import re

import pytest
from flask.testing import FlaskClient

from service.stores import Stores
from tests.domain.test_accounts import PAIRS, pem
from tests.support.accounts import open_poll_of_accounts, token
from tests.support.voters import Api, ballot
from tests.web.admin.conftest import DEMO, Browser

KEYS = f"{DEMO}/signing-keys"
SECRET = re.compile(r'<code id="secret">([\w-]{43})</code>')
ID = re.compile(r"sk_[0-9a-f]{16}")


def test_a_secret_is_made_shown_once_and_signs(
    admin: Browser, client: FlaskClient, stores: Stores
) -> None:
    assert f'href="{KEYS}"' in admin.get(f"{DEMO}/settings").text
    made = admin.post(KEYS, {"kind": "secret"})
    assert (made.status_code, made.headers["Cache-Control"]) == (201, "no-store")
    (secret,) = SECRET.findall(made.text)
    assert secret not in admin.get(KEYS).text
    open_poll_of_accounts(stores)
    voted = Api(client, "members").cast(ballot(voter_token=token(secret)))
    assert voted.status_code == 201


def test_a_public_key_is_added_and_removed(admin: Browser) -> None:
    form = {"kind": "pair", "public_key": pem(PAIRS["ES256"])}
    page = admin.post(KEYS, form, follow_redirects=True).text
    assert "your public key (ES256)" in page
    key = ID.findall(page)[0]
    assert key in admin.get(f"{KEYS}/{key}/remove").text
    page = admin.post(f"{KEYS}/{key}/remove", follow_redirects=True).text
    assert "No key yet" in page
    assert admin.get(f"{KEYS}/{key}/remove").status_code == 404


@pytest.mark.parametrize("wrong", ["", "x"])
def test_what_is_no_key_is_told_at_its_field(admin: Browser, wrong: str) -> None:
    answer = admin.post(KEYS, {"kind": "pair", "public_key": wrong})
    assert answer.status_code == 422
    assert 'id="public_key-error"' in answer.text


def test_two_keys_are_as_many_as_there_can_be(admin: Browser) -> None:
    admin.post(KEYS, {"kind": "secret"})
    admin.post(KEYS, {"kind": "secret"})
    assert "as many as there can be" in admin.get(KEYS).text
    answer = admin.post(KEYS, {"kind": "secret"})
    assert answer.status_code == 409
    assert "at most two signing keys" in answer.text


def test_the_snippets_of_a_poll_of_accounts_say_what_they_need(
    admin: Browser, stores: Stores
) -> None:
    open_poll_of_accounts(stores)
    page = admin.get(f"{DEMO}/polls/members/embed").text
    assert "Nobody can vote yet" in page
    assert "voter=&#34;TOKEN&#34;" in page
    admin.post(KEYS, {"kind": "secret"})
    assert "Nobody can vote yet" not in admin.get(f"{DEMO}/polls/members/embed").text
