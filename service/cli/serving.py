"""Commands that run the service."""

import os
import sys

import click

from service import clock, demo
from service.config import Settings
from service.migrating import migrate
from service.web import current

MOST_WAITING = 1024
STOP_SECONDS = 10  # longer than a ballot waits in the box


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
        "--workers-kill-timeout": STOP_SECONDS,
        "--log-level": "error",
    }
    words = [str(word) for option in options.items() for word in option]
    target = ["--factory", "service.loading:web_app"]
    return [sys.executable, "-m", "service.web_server", *words, "--respawn-failed-workers", *target]


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
@click.option("--gallery", is_flag=True, help="Make the polls of /demo/gallery, too.")
def demo_command(origins: tuple[str, ...], gallery: bool) -> None:
    """Create the demo site with its poll and a first owner, as far as they are missing."""
    try:
        demo.create(current.stores(), origins, clock.now())
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--origin") from None
    click.echo("The demo poll is ready: /polls/region-interest")
    if gallery:
        demo.create_gallery(current.stores(), clock.now())
        click.echo("So are the examples: /demo/gallery")
    if password := demo.create_first_owner(current.stores(), clock.now()):
        click.echo(demo.welcome(password, current.settings().public_url))


COMMANDS: tuple[click.Command, ...] = (serve, migrate_command, demo_command)
