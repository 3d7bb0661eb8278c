"""Voters are known by keyed pseudonyms only.

A pseudonym is HMAC-SHA256 (RFC 2104) under a secret key, cut to 16 bytes. The key is the poll's
own, so that nobody can follow a voter from poll to poll.
"""

import ipaddress
import socket
from dataclasses import dataclass, field

from service.domain import keyed
from service.records import DuplicatePolicy, Poll

KEY_BYTES = 16
IPV6_PREFIX = 64


@dataclass(frozen=True, slots=True)
class Secrets:
    """The deployment's own keys: of the pseudonyms of networks, and of the secrets that it shares
    with publishers."""

    network: bytes = field(repr=False)
    signing: bytes = field(repr=False)


def pseudonym(secret: bytes, purpose: str, value: str) -> bytes:
    """The 16-byte pseudonym of the value for one purpose."""
    return keyed.digest(secret, f"{purpose}\0{value}".encode())[:KEY_BYTES]


def network_of(address: str | None) -> str:
    """The network that an address counts as: an IPv4 address itself, the /64 of an IPv6 address,
    which is what one household or phone gets; `unknown` for what is no address."""
    if address and _is_ipv4(address):
        return address
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((int(ip), IPV6_PREFIX), strict=False))
    return str(ip)


def _is_ipv4(address: str) -> bool:
    """Whether it is one in its usual form, found out in a third of the time of `ipaddress`."""
    try:
        socket.inet_pton(socket.AF_INET, address)
    except (OSError, ValueError):
        return False
    return True


def voter_key(poll: Poll, device: str, network: str, ballot_id: str, account: str = "") -> bytes:
    """Who the poll's duplicate policy says this voter is. The key is of one poll and so of one
    site: accounts of two sites that have the same name are two voters."""
    match poll.duplicate_policy:
        case DuplicatePolicy.DEVICE | DuplicatePolicy.DEVICE_AND_NETWORK:
            return pseudonym(poll.voter_secret, "device", device)
        case DuplicatePolicy.NETWORK:
            return pseudonym(poll.voter_secret, "network", network)
        case DuplicatePolicy.ACCOUNT:
            return pseudonym(poll.voter_secret, "account", account)
        case DuplicatePolicy.NONE:
            return pseudonym(poll.voter_secret, "ballot", ballot_id)


def network_key(poll: Poll, network: str) -> bytes | None:
    """The network's pseudonym where the poll limits networks, else nothing."""
    if poll.duplicate_policy is not DuplicatePolicy.DEVICE_AND_NETWORK:
        return None
    return pseudonym(poll.voter_secret, "network", network)
