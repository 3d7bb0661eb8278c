"""The page of API keys."""

import re
from datetime import timedelta

import pytest

from service.domain import keys
from service.errors import NotSignedIn
from service.records import OPERATOR, Permission
from service.stores import Stores
from service.web.admin.keys import SCOPES
from tests.conftest import NOON, FakeClock
from tests.web.admin.conftest import DEMO, Browser

KEYS = f"{DEMO}/keys"
SECRET = re.compile(r"vp_[0-9a-f]{8}_[A-Za-z0-9_-]{43}")
GOOD = {"name": "nightly", "scopes": ["polls:read", "results:read"], "lifetime": "90"}


def site_id(stores: Stores) -> int:
    return stores.sites.ensure("demo", "", "", "", NOON)


def test_there_is_a_sentence_for_each_scope() -> None:
    assert set(SCOPES) == set(Permission)


def test_a_key_is_made_and_its_secret_is_shown_once(admin: Browser, stores: Stores) -> None:
    made = admin.post(KEYS, GOOD)
    assert made.status_code == 201
    assert made.headers["Cache-Control"] == "no-store"
    (secret,) = SECRET.findall(made.text)
    assert keys.key_of(stores, secret, NOON).scopes == {
        Permission.POLLS_READ,
        Permission.RESULTS_READ,
    }
    listed = admin.get(KEYS).text
    assert secret[:11] in listed
    assert not SECRET.search(listed)
    assert "nightly" in listed
    assert "until 22 Feb 2027, 17:30" in listed


def test_a_key_lasts_until_it_is_revoked_where_no_end_is_chosen(
    admin: Browser, stores: Stores
) -> None:
    admin.post(KEYS, {**GOOD, "lifetime": ""})
    assert [key.expires_at for key in keys.list_for(stores, OPERATOR, site_id(stores))] == [None]


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"name": " "}, "Must not be empty."),
        ({"scopes": []}, "Name at least one scope."),
        ({"scopes": ["polls:all"]}, "Choose from what is offered."),
        ({"lifetime": "36500"}, "Choose from what is offered."),
    ],
)
def test_a_bad_form_comes_back_with_what_was_written(
    admin: Browser, stores: Stores, fields: dict[str, object], complaint: str
) -> None:
    given = {**GOOD, **fields}
    answer = admin.post(KEYS, given)
    assert answer.status_code == 422
    assert complaint in answer.text
    assert f'value="{given["name"]}"' in answer.text
    assert keys.list_for(stores, OPERATOR, site_id(stores)) == []


def test_a_key_is_revoked_after_a_question(admin: Browser, stores: Stores) -> None:
    (secret,) = SECRET.findall(admin.post(KEYS, GOOD).text)
    path = f"{KEYS}/{secret[:11]}/revoke"
    question = admin.get(path).text
    assert "nightly" in question
    assert "It was never used." in question
    assert "Revoked" not in admin.get(KEYS).text
    done = admin.post(path)
    assert (done.status_code, done.headers["Location"]) == (303, KEYS)
    listed = admin.get(KEYS).text
    assert "is revoked" in listed
    assert "Revoked" in listed
    with pytest.raises(NotSignedIn):
        keys.key_of(stores, secret, NOON)


def test_the_list_says_when_a_key_was_used_and_that_it_has_expired(
    admin: Browser, stores: Stores, clock: FakeClock
) -> None:
    (secret,) = SECRET.findall(admin.post(KEYS, GOOD).text)
    keys.note_use(stores, keys.key_of(stores, secret, NOON), NOON)
    listed = admin.get(KEYS).text
    assert '<td data-name="Last used">24 Nov 2026, 17:30</td>' in listed
    assert ">Valid<" in listed
    clock.moment = NOON + timedelta(days=91)
    assert admin.sign_in("admin@news.test").status_code == 303
    listed = admin.get(KEYS).text
    assert "Expired" in listed
    assert ">Valid<" not in listed
    assert "/revoke" not in listed


def test_a_preset_ticks_what_the_role_may(admin: Browser) -> None:
    for preset, number in (("reader", 4), ("editor", 6), ("everything", len(Permission))):
        page = admin.get(f"{KEYS}?preset={preset}").text
        assert len(re.findall(r'value="[a-z]+:[a-z]+" checked', page)) == number


def test_many_keys_are_listed_page_by_page(admin: Browser, stores: Stores) -> None:
    for number in range(51):
        keys.create(
            stores, OPERATOR, site_id(stores), f"key {number}", [Permission.POLLS_READ], None, NOON
        )
    first = admin.get(KEYS).text
    assert "key 50<" in first
    assert "key 0<" not in first
    (older,) = re.findall(r'href="([^"]+)" rel="next"', first)
    last = admin.get(older).text
    assert "key 0<" in last
    assert "key 50<" not in last


def test_a_name_stays_words(admin: Browser) -> None:
    admin.post(KEYS, {**GOOD, "name": '<script>alert(1)</script>"'})
    listed = admin.get(KEYS).text
    assert "<script>alert" not in listed
    assert "&lt;script&gt;alert" in listed


def test_keys_of_another_site_do_not_exist(
    admin: Browser, stranger: Browser, stores: Stores
) -> None:
    (secret,) = SECRET.findall(admin.post(KEYS, GOOD).text)
    path = f"/keys/{secret[:11]}/revoke"
    assert stranger.get(KEYS).status_code == 404
    assert stranger.get(DEMO + path).status_code == 404
    assert stranger.post(f"/admin/sites/other{path}").status_code == 404
    keys.key_of(stores, secret, NOON)


def test_only_admins_see_keys(editor: Browser, viewer: Browser) -> None:
    for desk in (editor, viewer):
        assert desk.get(KEYS).status_code == 403
        assert desk.post(KEYS, GOOD).status_code == 403
