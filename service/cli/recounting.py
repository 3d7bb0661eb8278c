"""Commands that check the tallies."""

import sys

import click

from service.cli.progress import progress
from service.domain import recounts
from service.web import current


@click.command("recount")
@click.option("--fix", is_flag=True, help="Write what the ballots say where it differs.")
def recount(fix: bool) -> None:
    """Compare every tally with its ballots; exit with 1 if any differs, also once it is fixed."""
    stores, found = current.stores(), []
    recounted = recounts.run(stores, current.now(), fix=fix)
    with progress(recounted, len(stores.polls.list_all()), "Recounting") as polls:
        for slug, differences in polls:
            found += [(slug, difference) for difference in differences]
    for slug, one in found:
        click.echo(f"{slug}: {one} is {one.kept} in the tally and {one.counted} in the ballots")
    click.echo(f"{len(found)} differences{' fixed' if fix and found else ''}.")
    sys.exit(1 if found else 0)


COMMANDS: tuple[click.Command, ...] = (recount,)
