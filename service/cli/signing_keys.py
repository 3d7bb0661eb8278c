"""Commands for signing keys."""

from typing import TextIO

import click

from service import clock
from service.domain import signing_keys, sites
from service.records import OPERATOR
from service.web import current

SITE = click.option("--site", required=True, help="The site's slug.")


@click.group("signing-key")
def signing_key() -> None:
    """Manage the keys with which a site's own server signs for its readers."""


@signing_key.command("create")
@SITE
@click.option(
    "--public-key",
    type=click.File(encoding="utf-8"),
    help="A file with the public half of a key pair (PEM or JWK); without it, a secret is made.",
)
def create(site: str, public_key: TextIO | None) -> None:
    """Make a key: print its id, and its secret, which is never shown again."""
    stores = current.stores()
    site_id = sites.find(stores, OPERATOR, site).id
    given = public_key.read() if public_key else None
    key = signing_keys.create(stores, OPERATOR, site_id, given, clock.now())
    click.echo(key.id)
    if key.public_key is None:
        click.echo(signing_keys.secret_of(key, current.service().secrets.signing))


@signing_key.command("list")
@SITE
def list_keys(site: str) -> None:
    """List a site's keys: id, algorithm, when made."""
    stores = current.stores()
    site_id = sites.find(stores, OPERATOR, site).id
    for key in signing_keys.list_for(stores, OPERATOR, site_id):
        click.echo("\t".join((key.id, key.algorithm, f"{key.created_at:%Y-%m-%d}")))


@signing_key.command("remove")
@click.argument("key_id")
def remove(key_id: str) -> None:
    """Take no token any more that is signed with the key of that id."""
    signing_keys.remove(current.stores(), OPERATOR, key_id, clock.now())
    click.echo(f"{key_id} is removed.")


COMMANDS: tuple[click.Command, ...] = (signing_key,)
