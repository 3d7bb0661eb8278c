"""Commands for sites."""

import click

from service import clock
from service.domain import sites
from service.records import OPERATOR, SiteDraft
from service.web import current


@click.group("site")
def site() -> None:
    """Make sites and say whose pages may carry their polls."""


@site.command("create")
@click.argument("slug")
@click.option("--name", required=True, help="What readers call the publisher.")
@click.option("--locale", default="en", show_default=True, help="Its language, as pt-BR.")
@click.option("--timezone", default="UTC", show_default=True, help="Its clocks, as Asia/Kolkata.")
@click.option("--origin", "origins", multiple=True, help="An origin that may vote; repeatable.")
def create(slug: str, name: str, locale: str, timezone: str, origins: tuple[str, ...]) -> None:
    """Create a site."""
    draft = SiteDraft(
        slug=slug, name=name, locale=locale, timezone=timezone, theme={}, origins=origins
    )
    made = sites.create(current.stores(), OPERATOR, draft, clock.now())
    click.echo(f"The site {made.slug} is made.")


@site.command("list")
def list_sites() -> None:
    """List the sites: slug, language, time zone, name."""
    for each in sites.list_for(current.stores(), OPERATOR):
        click.echo("\t".join((each.slug, each.locale, each.timezone, each.name)))


@site.command("origins")
@click.argument("slug")
@click.option("--add", multiple=True, help="An origin whose pages may vote; repeatable.")
@click.option("--remove", multiple=True, help="One whose pages may not any more; repeatable.")
def origins(slug: str, add: tuple[str, ...], remove: tuple[str, ...]) -> None:
    """List the origins whose pages may vote in a site's polls, after adding and removing some."""
    stores = current.stores()
    found = sites.find(stores, OPERATOR, slug)
    if add or remove:
        draft = sites.draft_of(found)
        wanted = sites.with_origins(draft, add=add, remove=remove)
        found = sites.edit(stores, OPERATOR, slug, wanted, clock.now(), seen=found)
    for origin in found.origins:
        click.echo(origin)


COMMANDS: tuple[click.Command, ...] = (site,)
