"""Commands for operators: `flask --app wsgi COMMAND`, one module a noun."""

import click
from flask import Flask

from service.cli import recounting, serving

COMMANDS: tuple[click.Command, ...] = (*serving.COMMANDS, *recounting.COMMANDS)


def register(app: Flask) -> None:
    """Add the commands to the app."""
    for command in COMMANDS:
        app.cli.add_command(command)
