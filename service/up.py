"""`flask up`: embedded server, migrations, demo data and web server, all in one command.

For development and for a first look. It alone makes up settings that production must be given.
"""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click
from flask import Flask

from service import clock, demo, local
from service.app import create_app
from service.cli.serving import server_command
from service.config import Settings, SettingsError
from service.migrating import migrate
from service.stores.embedded import EmbeddedServer, EmbeddedServerError
from service.web import current

STOP_SECONDS = 15

app = Flask("up")


@app.cli.command("up", with_appcontext=False)
def up() -> None:
    """Start everything on this machine; Ctrl-C ends all of it."""
    signal.signal(signal.SIGTERM, _interrupt)
    var = local.folder()
    try:
        var.mkdir(parents=True, exist_ok=True)
        _refuse_taken_port()
        with _redis(var):
            settings = local.load_settings(var)
            _prepare(settings)
            click.echo(f"Voxpop runs on {settings.public_url}/demo (Ctrl-C ends it)")
            _serve(settings)
    except (SettingsError, EmbeddedServerError, OSError) as error:
        raise click.ClickException(str(error)) from None
    except KeyboardInterrupt:
        click.echo("Voxpop has stopped; the votes are kept.")


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _refuse_taken_port() -> None:
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    if not port.isdecimal():
        return  # the settings say what is wrong with it
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except (OSError, OverflowError):
            raise click.ClickException(
                f"port {port} of {host} is taken or not ours to take; "
                "choose another: PORT=9000 make run"
            ) from None


@contextmanager
def _redis(var: Path) -> Iterator[None]:
    """REDIS_URL as it is set, or an embedded server for as long as the block runs."""
    if os.environ.get("REDIS_URL"):
        yield
        return
    server = EmbeddedServer(var / "redis.lock")
    server.start()
    os.environ["REDIS_URL"] = server.url
    try:
        yield
    finally:
        server.stop()


def _prepare(settings: Settings) -> None:
    voxpop = create_app(settings)
    with voxpop.app_context():
        migrate()
        demo.create(current.stores(), [f"http://localhost:{settings.port}"], clock.now())
        demo.create_gallery(current.stores(), clock.now())
        if password := demo.create_first_owner(current.stores(), clock.now()):
            click.echo(demo.welcome(password, settings.public_url))


def _serve(settings: Settings) -> None:
    """Run the web server until it ends or we are told to end."""
    root = Path(__file__).resolve().parent.parent
    # A session of its own: Ctrl-C reaches us alone, and we end the server, then Redis.
    server = subprocess.Popen(server_command(settings), cwd=root, start_new_session=True)
    try:
        code = server.wait()
    except KeyboardInterrupt:
        _end(server)
        raise
    if code:
        raise click.ClickException(f"the web server ended by itself with code {code}")


def _end(server: "subprocess.Popen[bytes]") -> None:
    """End the web server, and every process of its session if it will not go."""
    server.terminate()
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
