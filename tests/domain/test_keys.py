"""API keys, on SQLite and on PostgreSQL."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.domain import keys
from service.errors import (
    KeyNotFound,
    NotAllowed,
    NotSignedIn,
    RateLimited,
    SiteNotFound,
    ValidationError,
)
from service.records import OPERATOR, Actor, ApiKey, Permission
from service.stores import Stores
from tests.conftest import NOON

HOUR = timedelta(hours=1)
READ = {Permission.POLLS_READ}
Make = Callable[..., tuple[ApiKey, str]]


@pytest.fixture
def site(stores: Stores) -> int:
    return stores.sites.ensure("demo", "", "", "", NOON)


@pytest.fixture
def other_site(stores: Stores) -> int:
    return stores.sites.ensure("other", "Other", "en", "UTC", NOON)


@pytest.fixture
def make(stores: Stores, site: int) -> Make:
    """Makes a key, as the operator does unless another actor is named."""

    def make(actor: Actor = OPERATOR, **fields: Any) -> tuple[ApiKey, str]:
        decided = {"name": "feed", "scopes": READ, "expires_at": None, **fields}
        return keys.create(stores, actor, site, now=NOON, **decided)

    return make


def test_a_secret_opens_what_its_key_grants(stores: Stores, site: int, make: Make) -> None:
    key, secret = make()
    assert secret.startswith(f"{key.prefix}_")
    found = keys.key_of(stores, secret, NOON)
    assert found == key
    assert found.actor == Actor(f"key:{key.prefix}", {site: frozenset(READ)})


def test_a_key_is_admitted_as_often_as_it_may_ask_in_a_minute(stores: Stores, make: Make) -> None:
    key, secret = make()
    at = NOON + timedelta(seconds=20)
    assert [keys.admit(stores, secret, 2, at) for _ in range(2)] == [key, key]
    with pytest.raises(RateLimited) as refused:
        keys.admit(stores, secret, 2, at)
    assert refused.value.retry_after_seconds == 40
    assert keys.admit(stores, secret, None, at) == key, "without a limit it may go on"


def test_the_secret_is_not_kept(stores: Stores, make: Make) -> None:
    key, secret = make()
    kept = stores.keys.find(key.prefix)
    assert kept is not None
    assert secret.removeprefix(key.prefix).encode() not in kept[1]
    assert secret not in repr(stores.audit.list_before(None, None, 9))


def test_a_wrong_secret_opens_nothing(stores: Stores, make: Make) -> None:
    _, secret = make()
    wrong = "".join("b" if letter == "a" else "a" for letter in secret[-43:])
    for text in ("", "vp", secret[:-1], secret + "a", secret[:-43] + wrong, f"vp_00000000_{wrong}"):
        with pytest.raises(NotSignedIn):
            keys.key_of(stores, text, NOON)


def test_a_key_ends_when_it_expires(stores: Stores, make: Make) -> None:
    _, secret = make(expires_at=NOON + HOUR)
    keys.key_of(stores, secret, NOON + HOUR - timedelta(seconds=1))
    with pytest.raises(NotSignedIn):
        keys.key_of(stores, secret, NOON + HOUR)


def test_a_revoked_key_opens_nothing_and_revoking_again_changes_nothing(
    stores: Stores, site: int, make: Make
) -> None:
    key, secret = make()
    keys.revoke(stores, OPERATOR, key.prefix, NOON)
    keys.revoke(stores, OPERATOR, key.prefix, NOON + HOUR)
    with pytest.raises(NotSignedIn):
        keys.key_of(stores, secret, NOON)
    assert [kept.revoked_at for kept in keys.list_for(stores, OPERATOR, site)] == [NOON]
    acts = [event.action for event in stores.audit.list_before([site], None, 9)]
    assert acts.count("key.revoke") == 1


def test_nobody_gives_a_key_more_than_it_may_itself(make: Make) -> None:
    key, _ = make(scopes={Permission.KEYS_WRITE, Permission.POLLS_READ}, expires_at=NOON + HOUR)
    child, _ = make(key.actor, scopes=READ, expires_at=NOON + HOUR)
    assert child.scopes == READ
    with pytest.raises(NotAllowed):
        make(key.actor, scopes={Permission.POLLS_WRITE}, expires_at=NOON + HOUR)
    for later in (None, NOON + 2 * HOUR):
        with pytest.raises(NotAllowed):
            make(key.actor, scopes=READ, expires_at=later)
    with pytest.raises(NotAllowed):
        make(child.actor, expires_at=NOON + HOUR)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"name": " "}, "/name"),
        ({"name": "x" * 201}, "/name"),
        ({"scopes": set()}, "/scopes"),
        ({"expires_at": NOON}, "/expires_at"),
        ({"expires_at": datetime(2099, 1, 1)}, "/expires_at"),
        ({"expires_at": datetime(9999, 12, 31, tzinfo=UTC)}, "/expires_at"),
    ],
)
def test_a_bad_key_is_refused_by_its_field(
    make: Make, fields: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        make(**fields)
    assert [fault.pointer for fault in refusal.value.errors] == [pointer]


def test_keys_of_another_site_do_not_exist(
    stores: Stores, site: int, other_site: int, make: Make
) -> None:
    key, _ = make()
    stranger = Actor("key:other", {other_site: frozenset(Permission)})
    with pytest.raises(SiteNotFound):
        keys.list_for(stores, stranger, site)
    with pytest.raises(KeyNotFound):
        keys.revoke(stores, stranger, key.prefix, NOON)
    with pytest.raises(SiteNotFound):
        keys.create(stores, stranger, site, "x", READ, None, NOON)


def test_keys_are_listed_newest_first_and_page_by_page(
    stores: Stores, site: int, make: Make
) -> None:
    made = [make(name=str(n))[0] for n in range(5)]
    first = keys.list_for(stores, OPERATOR, site, limit=3)
    rest = keys.list_for(stores, OPERATOR, site, before=first[-1].prefix, limit=3)
    assert [*first, *rest] == made[::-1]


def test_the_last_use_is_kept_at_most_once_a_minute(stores: Stores, make: Make) -> None:
    key, secret = make()

    def use(seconds: int) -> object:
        moment = NOON + timedelta(seconds=seconds)
        keys.note_use(stores, keys.key_of(stores, secret, moment), moment)
        return keys.key_of(stores, secret, moment).last_used_at

    assert [use(0), use(59), use(60), use(61)] == [
        NOON,
        NOON,
        NOON + timedelta(seconds=60),
        NOON + timedelta(seconds=60),
    ]
    stores.keys.note_use(key.prefix, NOON, NOON - HOUR)
    assert use(62) == NOON + timedelta(seconds=60), "an older moment does not replace a newer one"
