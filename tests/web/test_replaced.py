"""A vote in a poll whose address another poll took, which this process does not know yet."""

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.domain import polls
from service.records import OPERATOR, Poll, ResultsVisibility, Schedule, Status
from service.stores import Stores
from tests.conftest import NOON
from tests.support.elsewhere import polls_elsewhere
from tests.support.voters import OWN_ORIGIN, Api, ballot
from tests.web.test_errors import assert_problem
from tests.web.test_forms import send

LANE = "application/json"
VIEW = "application/json; charset=utf-8"
DEMO = "region-interest"


@pytest.fixture
def known(api: Api, stores: Stores) -> Poll:
    """The poll that this process knows under the address."""
    assert api.cast(ballot("c1")).status_code == 201
    return stores.polls.find(DEMO)


def replaced(stores: Stores, known: Poll, **decisions: Any) -> Poll:
    """The poll that another process has put in its place."""
    elsewhere = replace(stores, polls=polls_elsewhere())
    site_id = decisions.pop("site_id", known.site_id)
    polls.delete(elsewhere, OPERATOR, DEMO, NOON)
    draft = replace(polls.draft_of(known), title="New", **decisions)
    return polls.create(elsewhere, site_id, draft, NOON)


@pytest.mark.parametrize("way", [LANE, VIEW])
def test_it_counts_in_the_new_poll(api: Api, stores: Stores, known: Poll, way: str) -> None:
    new = replaced(stores, known)
    sent = ballot("c2")
    answer = api.cast(sent, headers={"Content-Type": way})
    assert (answer.status_code, answer.json["results"]["ballots"]) == (201, 1)
    assert stores.tallies.read(new.id).votes("q1", "c2") == 1
    again = api.cast(sent, headers={"Content-Type": way})
    assert (again.status_code, again.json) == (200, answer.json)


def test_its_receipt_opens_the_results_of_the_new_poll(
    api: Api, stores: Stores, known: Poll
) -> None:
    replaced(stores, known, results_visibility=ResultsVisibility.AFTER_VOTE)
    receipt = api.cast(ballot("c2")).json["receipt"]
    assert api.results(**{"Voxpop-Receipt": receipt}).json["ballots"] == 1


@pytest.mark.parametrize("way", [LANE, VIEW])
def test_it_is_refused_where_the_new_polls_site_does_not_know_its_page(
    api: Api, stores: Stores, known: Poll, way: str
) -> None:
    site_id = stores.sites.ensure("other", "Other", "en", "UTC", NOON)
    new = replaced(stores, known, site_id=site_id)
    answer = api.cast(ballot("c2"), origin="https://news.test", headers={"Content-Type": way})
    assert_problem(answer, 403, "origin_not_allowed")
    assert stores.tallies.read(new.id).ballots == 0


@pytest.mark.parametrize("way", [LANE, VIEW])
def test_it_finds_no_poll_where_the_new_one_is_a_draft(
    api: Api, stores: Stores, known: Poll, way: str
) -> None:
    replaced(stores, known, schedule=Schedule(Status.DRAFT))
    answer = api.cast(ballot("c2"), headers={"Content-Type": way})
    assert_problem(answer, 404, "poll_not_found")


def test_a_plain_form_counts_in_the_new_poll_once(
    client: FlaskClient, stores: Stores, known: Poll
) -> None:
    new = replaced(stores, known)
    for message in ("voted", "again"):
        answer = send(client, f"/polls/{DEMO}", {"q1": "c2"}, Origin=OWN_ORIGIN)
        assert answer.headers["Location"] == f"/polls/{DEMO}/results#{message}"
    assert stores.tallies.read(new.id).ballots == 1
