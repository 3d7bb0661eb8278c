"""Commands for operators: `flask --app wsgi COMMAND`."""

import os
import sys

import click
from flask import Flask

from service import clock, demo
from service.config import Settings
from service.domain import results
from service.migrating import migrate
from service.web import current

MOST_WAITING = 1024


def register(app: Flask) -> None:
    """Add the commands to the app."""
    for command in (serve, migrate_command, demo_command, recount):
        app.cli.add_command(command)


def server_command(settings: Settings) -> list[str]:
    """The web server's command line; a web process that dies is started again."""
    options = {
        "--interface": "wsgi",
        "--host": settings.host,
        "--port": settings.port,
        "--workers": settings.web_processes,
        "--blocking-threads": settings.web_threads,
        "--backpressure": max(settings.web_threads, MOST_WAITING),
        "--respawn-interval": 0.5,
        "--workers-kill-timeout": 5,
        "--log-level": "warning",
    }
    words = [str(word) for option in options.items() for word in option]
    return [sys.executable, "-m", "granian", *words, "--respawn-failed-workers", "wsgi:app"]


@click.command("serve")
def serve() -> None:
    """Serve the polls (the settings say where)."""
    command = server_command(current.settings())
    os.execv(command[0], command)  # noqa: S606 - our own interpreter


@click.command("migrate")
def migrate_command() -> None:
    """Bring the database's schema up to date."""
    migrate()
    click.echo("The schema is up to date.")


@click.command("demo")
@click.option("--origin", "origins", multiple=True, help="An origin that may vote; repeatable.")
def demo_command(origins: tuple[str, ...]) -> None:
    """Create the demo site with the region-interest poll, as far as it is missing."""
    demo.create(current.stores(), origins, clock.now())
    click.echo("The demo poll is ready: /polls/region-interest")


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
