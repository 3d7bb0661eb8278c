"""Programs with all kinds of keys."""

import pytest
from flask.testing import FlaskClient

from service.stores import Stores
from tests.support.programs import Program, secret_for


@pytest.fixture
def program(client: FlaskClient, stores: Stores) -> Program:
    """A program that may do everything on the demo site."""
    return Program(client, secret_for(stores))


@pytest.fixture
def stranger(client: FlaskClient, stores: Stores) -> Program:
    """A program that may do everything on another site."""
    return Program(client, secret_for(stores, "other"))
