"""Results and ballots as files, from the owners' pages."""

import csv
import io
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from service.records import Poll
from service.stores import Stores
from tests.conftest import NOON, FakeClock
from tests.support.ballots import WHICH, cast, make_poll
from tests.web.admin.conftest import DEMO, Browser

POLL = f"{DEMO}/polls/crops"


@pytest.fixture
def poll(stores: Stores) -> Poll:
    cast(stores, make_poll(stores, "noise"), "c3")
    return make_poll(stores, "crops", WHICH)


def table(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def links(page: Any) -> list[str]:
    return [unescape(path) for path in re.findall(r'href="([^"]+/exports/[^"]+)"', page.text)]


def test_the_results_page_leads_to_its_files(viewer: Browser, stores: Stores, poll: Poll) -> None:
    for choice in ("c1", "c1", "c3"):
        cast(stores, poll, choice)
    paths = links(viewer.get(f"{POLL}/results"))
    answers = [viewer.get(path) for path in paths]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    names = [answer.headers["Content-Disposition"].split(".")[-1] for answer in answers]
    assert names == ['csv"', 'xlsx"', 'json"']
    assert [row["votes"] for row in table(answers[0])] == ["2", "0", "1"]
    assert "no-store" in answers[0].headers["Cache-Control"]


def test_the_logs_files_hold_what_its_filter_leaves(
    viewer: Browser, stores: Stores, poll: Poll, clock: FakeClock
) -> None:
    for minute, choice in enumerate(("c1", "c2", "c2")):
        clock.moment = NOON + timedelta(minutes=minute)
        cast(stores, poll, choice)
    every = table(viewer.get(links(viewer.get(f"{POLL}/ballots"))[0]))
    assert [row["q1"] for row in every] == ["c2", "c2", "c1"]
    narrowed = viewer.get(f"{POLL}/ballots?choice=q1:c2&until=2026-11-24T17:32")
    (only,) = table(viewer.get(links(narrowed)[0]))
    assert only["cast_at"].startswith("2026-11-24T12:01")


@pytest.mark.parametrize("query", ["format=pdf", "since=soon", "status=lost"])
def test_a_file_that_is_none_is_refused(viewer: Browser, poll: Poll, query: str) -> None:
    assert viewer.get(f"{POLL}/exports/ballots?{query}").status_code == 422


def test_files_of_another_site_do_not_exist(stranger: Browser, poll: Poll) -> None:
    for what in ("results", "ballots"):
        assert stranger.get(f"{POLL}/exports/{what}").status_code == 404
        path = f"/admin/sites/other/polls/crops/exports/{what}"
        assert stranger.get(path).status_code == 404
