"""A poll, and another site with a poll of its own as the noise, beside the demo's: whatever forgets
to ask for the site finds them."""

import pytest

from service.records import Poll
from service.stores import Stores
from tests.support.ballots import cast, make_poll


@pytest.fixture
def noise(stores: Stores) -> Poll:
    poll = make_poll(stores, "noise", site="noise")
    cast(stores, poll, "c1")
    return poll


@pytest.fixture
def poll(stores: Stores, noise: Poll) -> Poll:
    return make_poll(stores, "crops", site="farm")
