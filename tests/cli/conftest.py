"""Commands run as an operator types them."""

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask

from service import cli

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """Runs one of the service's commands."""
    cli.register(app)
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=words)
