"""Polls for the web's tests."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Client

from service.domain import polls
from service.records import Choice, PollDraft, Question, QuestionType
from service.stores import Stores
from tests.conftest import DATABASES, NOON

MakePoll = Callable[..., str]
CHOICES = (Choice("c1", "Rice"), Choice("c2", "Tea"), Choice("c3", "Salt"))
ONE = Question("q1", "Which one?", CHOICES)
UP_TO_TWO = Question("q1", "Which two?", CHOICES, type=QuestionType.MULTIPLE_CHOICE, max_choices=2)

WITH_OTHER = Question("q1", "Which one?", (*CHOICES, Choice("c4", "Another", is_other=True)))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    marked = metafunc.definition.get_closest_marker("both_databases")
    if marked and "database_url" in metafunc.fixturenames:
        metafunc.parametrize("database_url", DATABASES, indirect=True)


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database: PostgreSQL, the stricter of the two, because the web sends SQL what the
    tests of the stores and of the domain send both. Modules that are marked `both_databases` send
    more, or are the whole of the vote's path or of the API's rights."""
    kind = getattr(request, "param", "postgres")
    return str(request.getfixturevalue(f"{kind}_url"))


@pytest.fixture
def make_poll(stores: Stores) -> MakePoll:
    """Makes the poll `made` and gives its page's path."""

    def make(*questions: Question, **decisions: Any) -> str:
        site = stores.sites.ensure("demo", "", "", "", NOON)
        fields = {"title": "Made", "questions": questions or (ONE,), **decisions}
        draft = PollDraft(slug="made", **fields)
        polls.create(stores, site, draft, NOON - timedelta(hours=1))
        return "/polls/made"

    return make


@pytest.fixture
def past_the_lane(app: Flask) -> Client:
    """Asks Flask itself."""
    return Client(lambda environ, start: Flask.wsgi_app(app, environ, start))
