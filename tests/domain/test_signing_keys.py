"""Which public keys a site may have."""

import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

from service.domain import signing_keys
from service.errors import ValidationError
from tests.domain.test_accounts import PAIRS, pem


def private_pem(key: Any) -> str:
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return str(key.private_bytes(serialization.Encoding.PEM, form, plain).decode())


def refusal(text: str) -> str:
    with pytest.raises(ValidationError) as refused:
        signing_keys._read(text)
    assert [error.pointer for error in refused.value.errors] == ["/public_key"]
    return refused.value.errors[0].detail


@pytest.mark.parametrize("name", PAIRS)
def test_a_key_says_how_it_signs(name: str) -> None:
    algorithm, kept = signing_keys._read(f"  {pem(PAIRS[name])}\r\n")
    assert (algorithm, kept) == (name, pem(PAIRS[name]))


@pytest.mark.parametrize(
    "text",
    [
        private_pem(PAIRS["ES256"]),
        private_pem(PAIRS["RS256"]),
        json.dumps({"kty": "oct", "k": "AAAA"}),
        json.dumps({"kty": "OKP", "crv": "Ed25519", "x": "AA", "d": "AA"}),
    ],
)
def test_a_private_key_is_refused_as_such(text: str) -> None:
    assert "private key" in refusal(text)


@pytest.mark.parametrize(
    "key",
    [
        ec.generate_private_key(ec.SECP384R1()),
        ec.generate_private_key(ec.SECP256K1()),
        rsa.generate_private_key(65537, 1024),  # noqa: S505 - refused
        ed448.Ed448PrivateKey.generate(),
    ],
    ids=["P-384", "secp256k1", "RSA-1024", "Ed448"],
)
def test_a_key_of_another_kind_is_refused(key: Any) -> None:
    assert "ES256" in refusal(pem(key))


SMALL_ORDER = [
    y + more
    for y in sorted(signing_keys.SMALL_ORDER)
    for more in (0, signing_keys.FIELD)
    if y + more < 2**255
]


@pytest.mark.parametrize("y", SMALL_ORDER, ids=hex)
@pytest.mark.parametrize("sign", [0, 2**255], ids=["even", "odd"])
def test_a_key_under_which_anybody_can_sign_is_refused(y: int, sign: int) -> None:
    raw = (y | sign).to_bytes(32, "little")
    x = urlsafe_b64encode(raw).decode().rstrip("=")
    assert refusal(json.dumps({"kty": "OKP", "crv": "Ed25519", "x": x})) == signing_keys.WEAK
    key = ed25519.Ed25519PublicKey.from_public_bytes(raw)
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    text = key.public_bytes(serialization.Encoding.PEM, form).decode()
    assert refusal(text) == signing_keys.WEAK


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "{",
        "{}",
        "[1]",
        '{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}',
        '{"kty": ["EC"]}',
        '{"kty": "RSA", "n": 7, "e": "AQAB"}',
        '{"keys": []}',
        "{" * 3000,
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        pem(PAIRS["ES256"]) * 40,
        "\ud800",
    ],
)
def test_nonsense_is_refused_in_one_way(text: str) -> None:
    assert "PEM" in refusal(text)
