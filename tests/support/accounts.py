"""Publishers whose server signs for its readers."""

from datetime import timedelta
from typing import Any

import jwt

from service.domain import signing_keys, sites
from service.records import OPERATOR, DuplicatePolicy, Poll, SigningKey
from service.stores import Stores
from service.web import current
from tests.conftest import NOON
from tests.support.ballots import make_poll


def open_poll_of_accounts(stores: Stores, slug: str = "members", site: str = "demo") -> Poll:
    """An open poll of the site's accounts."""
    return make_poll(stores, slug, site=site, duplicate_policy=DuplicatePolicy.ACCOUNT)


def new_secret(stores: Stores, site: str = "demo") -> str:
    """The secret of a new signing key of the site."""
    return secret_of(new_key(stores, site))


def new_key(stores: Stores, site: str = "demo", public_key: str | None = None) -> SigningKey:
    """A new signing key of the site."""
    site_id = sites.find(stores, OPERATOR, site).id
    return signing_keys.create(stores, OPERATOR, site_id, public_key, NOON)


def secret_of(key: SigningKey) -> str:
    """The key's secret, as the running service has it."""
    return signing_keys.secret_of(key, current.service().secrets.signing)


def claims(account: str = "reader-7", **fields: Any) -> dict[str, Any]:
    """What a publisher's server says of its reader; None leaves a claim out."""
    said = {
        "aud": "demo",
        "sub": account,
        "exp": int((NOON + timedelta(minutes=10)).timestamp()),
        **fields,
    }
    return {name: value for name, value in said.items() if value is not None}


def token(key: Any, account: str = "reader-7", algorithm: str = "HS256", **fields: Any) -> str:
    """A token as the publisher's server signs it."""
    return jwt.encode(claims(account, **fields), key, algorithm)
