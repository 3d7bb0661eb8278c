from dataclasses import replace

import pytest

from service.domain import voters
from service.records import DuplicatePolicy, Poll, Schedule, Status
from tests.conftest import NOON

POLL = Poll(
    slug="p",
    title="P",
    questions=(),
    schedule=Schedule(Status.OPEN),
    id=1,
    site_id=1,
    site_slug="lantern",
    site_name="The Lantern",
    locale="en",
    timezone="UTC",
    theme={},
    site_version=1,
    row_version=1,
    created_at=NOON,
    updated_at=NOON,
    origins=frozenset(),
    signing_keys=(),
    voter_secret=b"s" * 32,
)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("somewhere", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_an_address_counts_as_its_network(address: str | None, network: str) -> None:
    assert voters.network_of(address) == network


def test_a_pseudonym_is_hmac_sha256_cut_to_16_bytes() -> None:
    # RFC 4231, test case 2, has another message; ours is the purpose, NUL, the value.
    import hashlib
    import hmac

    expected = hmac.new(b"k", b"device\0token", hashlib.sha256).digest()[:16]
    assert voters.pseudonym(b"k", "device", "token") == expected


def test_nobody_can_follow_a_voter_from_poll_to_poll() -> None:
    other = replace(POLL, voter_secret=b"t" * 32)
    here, there = (voters.voter_key(poll, "token", "net", "id") for poll in (POLL, other))
    assert here != there


@pytest.mark.parametrize(
    ("policy", "same_voter"),
    [
        (DuplicatePolicy.DEVICE, ("token", "elsewhere", "another")),
        (DuplicatePolicy.DEVICE_AND_NETWORK, ("token", "elsewhere", "another")),
        (DuplicatePolicy.NETWORK, ("another", "net", "another")),
        (DuplicatePolicy.NONE, ("another", "elsewhere", "id")),
    ],
)
def test_the_policy_says_who_is_the_same_voter(
    policy: DuplicatePolicy, same_voter: tuple[str, str, str]
) -> None:
    poll = replace(POLL, duplicate_policy=policy)
    key = voters.voter_key(poll, "token", "net", "id")
    assert voters.voter_key(poll, *same_voter) == key
    others = ("another", "elsewhere", "another")
    assert voters.voter_key(poll, *others) != key


def test_networks_are_known_only_where_the_poll_limits_them() -> None:
    limits = replace(POLL, duplicate_policy=DuplicatePolicy.DEVICE_AND_NETWORK, network_limit=2)
    assert voters.network_key(POLL, "net") is None
    assert len(voters.network_key(limits, "net") or b"") == 16
