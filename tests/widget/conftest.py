"""Fixtures: a newsroom at the running service, and its reader."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.support.service import RunningService
from tests.widget.newsroom import Newsroom
from tests.widget.reader import Reader


@pytest.fixture(scope="session")
def newsroom(live: RunningService) -> Iterator[Newsroom]:
    with Newsroom(live).open() as newsroom:
        yield newsroom


@pytest.fixture
def reader(page: Page, newsroom: Newsroom) -> Reader:
    return Reader(page, newsroom)
