"""Commands for operators: `flask --app wsgi COMMAND`, one module a noun."""

from collections.abc import Callable
from functools import wraps

import click
from flask import Flask

from service.cli import keys, owners, polls, recounting, serving, signing_keys, sites
from service.errors import TemporarilyUnavailable, ValidationError, VoxpopError

NO_DATABASE = "the database cannot be reached or has no schema yet; DATABASE_URL says where it is"


class Trouble(click.ClickException):
    """What kept a command from doing its work. Exits with 2, as a wrong call does, so that 1 can
    say something of its own: that `recount` has found a difference."""

    exit_code = 2


def plainly(command: click.Command) -> click.Command:
    """The command, or group of commands, saying in a line what went wrong."""
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            plainly(inner)
    elif command.callback is not None:
        command.callback = _plainly(command.callback)
    return command


def _plainly(callback: Callable[..., object]) -> Callable[..., object]:
    @wraps(callback)
    def run(*args: object, **options: object) -> object:
        try:
            return callback(*args, **options)
        except TemporarilyUnavailable:
            raise Trouble(NO_DATABASE) from None
        except VoxpopError as error:
            raise click.ClickException(_told(error)) from None

    return run


def _told(error: VoxpopError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    faults = [": ".join(filter(None, (fault.pointer, fault.detail))) for fault in error.errors]
    return "\n  ".join([str(error), *faults]) if len(faults) > 1 else faults[0]


COMMANDS: tuple[click.Command, ...] = tuple(
    plainly(command)
    for command in (
        *serving.COMMANDS,
        *sites.COMMANDS,
        *signing_keys.COMMANDS,
        *keys.COMMANDS,
        *polls.COMMANDS,
        *owners.COMMANDS,
        *recounting.COMMANDS,
    )
)


def register(app: Flask) -> None:
    """Add the commands to the app."""
    for command in COMMANDS:
        app.cli.add_command(command)
