"""Commands that check the tallies."""

import sys

import click

from service.domain import results
from service.web import current


@click.command("recount")
def recount() -> None:
    """Compare every tally with its ballots; exit with 1 if any differs."""
    found = 0
    for slug, (question, choice), kept, counted in results.differences(current.stores()):
        found += 1
        vote = ".".join(part for part in (question, choice) if part) or "ballots"
        click.echo(f"{slug}: {vote} is {kept} in the tally and {counted} in the ballots")
    click.echo(f"{found} differences.")
    sys.exit(1 if found else 0)


COMMANDS: tuple[click.Command, ...] = (recount,)
