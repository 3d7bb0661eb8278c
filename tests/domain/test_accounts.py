"""Whom a publisher's token names, and that nothing else names anybody."""

import base64
import hashlib
import hmac
import json
import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright._impl._driver import compute_driver_executable

from service.domain import signing_keys
from service.domain.accounts import LONGEST_ACCOUNT, account_of
from service.errors import VoterTokenExpired, VoterTokenInvalid, VoterTokenMissing, VoterUnknown
from service.records import Poll, SigningAlgorithm, SigningKey
from tests.conftest import NOON
from tests.domain.test_voters import POLL
from tests.support.accounts import claims, token
from tests.support.service import ROOT

DEPLOYMENT = b"d" * 32
SECRET_KEY = SigningKey(
    id="sk_0123456789abcdef",
    site_id=1,
    algorithm=SigningAlgorithm.HS256,
    public_key=None,
    created_at=NOON,
)
SECRET = signing_keys.secret_of(SECRET_KEY, DEPLOYMENT)
SITE = replace(POLL, site_slug="demo", signing_keys=(SECRET_KEY,))
SECONDS = int(NOON.timestamp())
PAIRS: dict[str, Any] = {
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
    "RS256": rsa.generate_private_key(65537, 2048),
}


def pem(private_key: Any) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    public = private_key.public_key().public_bytes(serialization.Encoding.PEM, form)
    return str(public.decode())


def with_pair(name: str) -> Poll:
    key = replace(SECRET_KEY, algorithm=SigningAlgorithm(name), public_key=pem(PAIRS[name]))
    return replace(SITE, signing_keys=(key,))


def account(voter_token: str | None, poll: Poll = SITE) -> str:
    return account_of(poll, voter_token, DEPLOYMENT, NOON)


def refusal(voter_token: str, poll: Poll = SITE) -> str:
    with pytest.raises(VoterTokenInvalid) as refused:
        account(voter_token, poll)
    assert [error.pointer for error in refused.value.errors] == ["/voter_token"]
    return refused.value.errors[0].detail


def part(document: Any) -> str:
    text = document if isinstance(document, bytes) else json.dumps(document).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def signed(header: Any, payload: Any, secret: bytes = SECRET.encode()) -> str:
    """A token that no library would make."""
    content = f"{part(header)}.{part(payload)}"
    return f"{content}.{part(hmac.digest(secret, content.encode(), hashlib.sha256))}"


def test_names_whom_the_site_signed_for() -> None:
    assert account(token(SECRET)) == "reader-7"
    assert (
        account(token(SECRET, aud=["other", "demo"], nbf=SECONDS, iat=SECONDS + 99)) == "reader-7"
    )


@pytest.mark.parametrize("name", ["jti", "iat", "iss", "email", "admin"])
@pytest.mark.parametrize("said", [7, None, "", "x", ["x"], {"x": 1}, 1e300, True])
def test_whatever_else_a_token_says_is_not_looked_at(name: str, said: Any) -> None:
    assert account(signed({"alg": "HS256"}, {**claims(), name: said})) == "reader-7"


@pytest.mark.parametrize("name", PAIRS)
def test_names_whom_a_key_pair_signed_for(name: str) -> None:
    assert account(token(PAIRS[name], algorithm=name), with_pair(name)) == "reader-7"


@pytest.mark.parametrize("nothing", [None, ""])
def test_without_a_token_nobody_is_named(nothing: str | None) -> None:
    with pytest.raises(VoterTokenMissing):
        account(nothing)


def test_both_keys_are_good_while_one_takes_the_others_place() -> None:
    new = replace(SECRET_KEY, id="sk_fedcba9876543210")
    both = replace(SITE, signing_keys=(SECRET_KEY, new))
    for secret in (SECRET, signing_keys.secret_of(new, DEPLOYMENT)):
        assert account(token(secret), both) == "reader-7"
    mixed = replace(SITE, signing_keys=(*with_pair("ES256").signing_keys, SECRET_KEY))
    assert account(token(SECRET), mixed) == "reader-7"
    assert account(token(PAIRS["ES256"], algorithm="ES256"), mixed) == "reader-7"


@pytest.mark.parametrize("deployment", [b"e" * 32, b""])
def test_a_secret_of_another_deployment_or_site_signs_for_nobody(deployment: bytes) -> None:
    assert "signed" in refusal(token(signing_keys.secret_of(SECRET_KEY, deployment)))
    other = signing_keys.secret_of(replace(SECRET_KEY, id="sk_ffffffffffffffff"), DEPLOYMENT)
    assert "signed" in refusal(token(other))
    assert "no signing key" in refusal(token(SECRET), replace(SITE, signing_keys=()))


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", None, "HS384", "HS512"])
def test_a_token_cannot_choose_how_it_is_checked(algorithm: str | None) -> None:
    assert "signed" in refusal(signed({"alg": algorithm, "typ": "JWT"}, claims()))
    unsigned = f"{part({'alg': algorithm})}.{part(claims())}."
    assert "signed" in refusal(unsigned)


@pytest.mark.parametrize("name", PAIRS)
def test_a_public_key_is_no_secret(name: str) -> None:
    """What everybody may know must not sign when the header says HS256."""
    for known in (pem(PAIRS[name]), pem(PAIRS[name]).strip(), ""):
        forged = signed({"alg": "HS256", "typ": "JWT"}, claims(), known.encode())
        assert "signed" in refusal(forged, with_pair(name))
        forged = signed({"alg": name, "typ": "JWT"}, claims(), known.encode())
        assert "signed" in refusal(forged, with_pair(name))


@pytest.mark.parametrize("name", PAIRS)
def test_a_token_cannot_bring_its_own_key(name: str) -> None:
    own = ec.generate_private_key(ec.SECP256R1())
    key = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(own.public_key()))
    headers = {"jwk": key, "kid": SECRET_KEY.id, "jku": "https://evil.test/keys"}
    forged = jwt.encode(claims(), own, "ES256", headers=headers)
    assert "signed" in refusal(forged, with_pair(name))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"aud": "other"}, "aud must be demo."),
        ({"aud": ["other"]}, "aud must be demo."),
        ({"aud": None}, "aud is missing."),
        ({"aud": 7}, "aud must be demo."),
        ({"sub": None}, "sub is missing."),
        ({"sub": ""}, "sub must be a string of 1 to 255 characters."),
        ({"sub": "x" * 256}, "sub must be a string of 1 to 255 characters."),
        ({"sub": "\ud800"}, "sub must be a string of 1 to 255 characters."),
        ({"sub": 7}, "sub must be a string of 1 to 255 characters."),
        ({"sub": ["reader"]}, "sub must be a string of 1 to 255 characters."),
        ({"exp": None}, "exp is missing."),
        ({"exp": "soon"}, "exp must be a number of seconds since 1970."),
        ({"exp": True}, "exp must be a number of seconds since 1970."),
        ({"exp": float("inf")}, "exp must be a number of seconds since 1970."),
        ({"exp": float("nan")}, "exp must be a number of seconds since 1970."),
        ({"exp": 10**300}, "exp must be a number of seconds since 1970."),
        ({"exp": SECONDS + 86400 + 31}, "exp must be at most 24 hours ahead."),
        ({"nbf": SECONDS + 31}, "nbf is still to come."),
        ({"nbf": "now"}, "nbf must be a number of seconds since 1970."),
    ],
)
def test_developers_are_told_what_is_wrong(changed: dict[str, Any], reason: str) -> None:
    said = {name: value for name, value in {**claims(), **changed}.items() if value is not None}
    assert refusal(signed({"alg": "HS256"}, said)) == reason


def test_a_token_ends_when_it_says_but_for_clocks_that_differ() -> None:
    assert account(token(SECRET, exp=SECONDS - 29)) == "reader-7"
    assert account(token(SECRET, exp=SECONDS + 86400, nbf=SECONDS + 30)) == "reader-7"
    for expired in (SECONDS - 30, SECONDS - 30.0, 0, -1):
        with pytest.raises(VoterTokenExpired):
            account(token(SECRET, exp=expired))


def test_the_longest_account_is_taken_whatever_letters_it_has() -> None:
    assert account(token(SECRET, "é" * LONGEST_ACCOUNT)) == "é" * LONGEST_ACCOUNT


@pytest.mark.parametrize(
    "nonsense",
    [
        "x",
        "a.b.c",
        "." * 4000,
        "x" * 5000,
        signed({"alg": "HS256"}, b"[" * 2000),
        signed({"alg": "HS256"}, b"[]"),
        signed({"alg": "HS256"}, b'"demo"'),
        signed(b"[" * 2000, claims()),
        signed({"alg": "HS256", "crit": ["b64"], "b64": False}, claims()),
        signed({"alg": ["HS256"]}, claims()),
        token(SECRET) + "\n",
        token(SECRET, more="x" * 4096),
        "é.é.é",
    ],
)
def test_nonsense_is_refused_in_one_way(nonsense: str) -> None:
    assert "signed" in refusal(nonsense)


GOOD = {name: token(PAIRS[name], algorithm=name) for name in PAIRS} | {"HS256": token(SECRET)}


@settings(max_examples=300, deadline=None)
@given(
    name=st.sampled_from(sorted(GOOD)),
    place=st.integers(0, 10_000),
    letter=st.sampled_from("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."),
)
def test_a_token_with_a_letter_changed_names_nobody_else(
    name: str, place: int, letter: str
) -> None:
    good = GOOD[name]
    place %= len(good)
    changed = f"{good[:place]}{letter}{good[place + 1 :]}"
    poll = SITE if name == "HS256" else with_pair(name)
    try:
        # The last letter of Base64 has bits to spare: a signature may be written in two ways.
        assert account(changed, poll) == "reader-7"
        assert changed.rpartition(".")[0] == good.rpartition(".")[0]
    except VoterUnknown:
        pass


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: f"{part(raw)}.{part(raw)}."))
def test_whatever_is_sent_is_refused_by_name(sent: str) -> None:
    with pytest.raises(VoterUnknown):
        account(sent)


EMBED = (ROOT / "docs" / "embed.md").read_text()


def example(language: str) -> str:
    return next(
        text.split("```")[0]
        for text in EMBED.split(f"```{language}\n")[1:]
        if "voter" in text.split("```")[0]
    )


def test_the_example_in_python_signs() -> None:
    scope: dict[str, Any] = {}
    exec(example("python"), scope)  # noqa: S102 - our own documentation
    now = datetime.now(UTC)
    signed_now = scope["voter_token"](SECRET, "demo", "reader-7")
    assert account_of(SITE, signed_now, DEPLOYMENT, now) == "reader-7"


def test_the_example_in_node_signs() -> None:
    words = ", ".join(json.dumps(word) for word in (SECRET, "demo", "reader-7"))
    script = f"{example('js')}\nprocess.stdout.write(voterToken({words}))"
    # The browsers' driver brings a node of its own.
    node, _driver = compute_driver_executable()
    done = subprocess.run([node, "-e", script], capture_output=True, text=True, check=True)
    assert account_of(SITE, done.stdout, DEPLOYMENT, datetime.now(UTC)) == "reader-7"


# The example in PHP, line by line, without what it says.
PHP = re.compile(
    r"""function voter_token\(string \$secret, string \$site, string \$account\): string \{
    \$part = fn\([\w $]+\) => rtrim\(strtr\(base64_encode\(\$text\), '(..)', '(..)'\), '(.)'\);
    \$says = \[((?:'\w+' => [^,\]]+(?:, )?)+)\];
    \$signed = \$part\('([^']+)'\) \. '(.)' \. \$part\(json_encode\(\$says\)\);
    return \$signed \. '(.)' \. \$part\(hash_hmac\('(\w+)', \$signed, \$secret, true\)\);
\}
"""
)


def test_the_example_in_php_signs() -> None:
    """There need be no PHP to see it: a token is made here of all that the example says."""
    found = PHP.fullmatch(example("php"))
    assert found, "the example has changed: read it, then write here what it does now"
    letters, written_as, padding, says, header, joint, last_joint, digest = found.groups()
    now = datetime.now(UTC)
    values = {"$site": "demo", "$account": "reader-7", "time() + 3600": now.timestamp() // 1 + 3600}
    named = dict(re.findall(r"'(\w+)' => ([^,]+)", says))
    payload = {claim: values[value] for claim, value in named.items()}

    def part(raw: bytes) -> str:
        encoded = base64.b64encode(raw).decode().translate(str.maketrans(letters, written_as))
        return encoded.rstrip(padding)

    signed = part(header.encode()) + joint + part(json.dumps(payload).encode())
    signature = part(hmac.digest(SECRET.encode(), signed.encode(), digest))
    made = signed + last_joint + signature
    assert account_of(SITE, made, DEPLOYMENT, now) == "reader-7"
