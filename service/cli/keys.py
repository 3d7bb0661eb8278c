"""Commands for API keys."""

from datetime import UTC, datetime

import click

from service import clock
from service.domain import keys, sites
from service.records import OPERATOR, ApiKey, Permission
from service.stores import Stores
from service.web import current

PAGE = 100
SITE = click.option("--site", required=True, help="The site's slug.")


@click.group("key")
def key() -> None:
    """Manage the keys under which programs ask."""


@key.command("create")
@SITE
@click.option("--name", required=True, help="What it is for.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice([permission.value for permission in Permission]),
    help="What it may do; repeatable.",
)
@click.option("--expires", type=click.DateTime(), help="When it ends, in UTC; without it, never.")
def create(site: str, name: str, scopes: tuple[str, ...], expires: datetime | None) -> None:
    """Make a key and print its secret, which nobody can learn later."""
    stores = current.stores()
    _, secret = keys.create(
        stores,
        OPERATOR,
        _site_id(stores, site),
        name,
        map(Permission, scopes),
        expires and expires.replace(tzinfo=UTC),
        clock.now(),
    )
    click.echo(secret)


@key.command("list")
@SITE
def list_keys(site: str) -> None:
    """List a site's keys, newest first."""
    stores = current.stores()
    site_id, now = _site_id(stores, site), clock.now()
    before = None
    while page := keys.list_for(stores, OPERATOR, site_id, before=before, limit=PAGE):
        for found in page:
            scopes = ",".join(sorted(found.scopes))
            click.echo("\t".join((found.prefix, _state(found, now), scopes, found.name)))
        before = page[-1].prefix


@key.command("revoke")
@click.argument("prefix")
def revoke(prefix: str) -> None:
    """End the key that begins with PREFIX, such as vp_3f9a1c22."""
    keys.revoke(current.stores(), OPERATOR, prefix, clock.now())
    click.echo(f"{prefix} has ended.")


def _site_id(stores: Stores, slug: str) -> int:
    return sites.find(stores, OPERATOR, slug).id


def _state(found: ApiKey, now: datetime) -> str:
    if found.revoked_at is not None:
        return "revoked"
    if not found.is_valid_at(now):
        return "expired"
    return "never used" if found.last_used_at is None else f"used {found.last_used_at:%Y-%m-%d}"


COMMANDS: tuple[click.Command, ...] = (key,)
