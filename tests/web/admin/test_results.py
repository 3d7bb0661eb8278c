"""The owners' results page."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from service.domain import ballot_log
from service.records import (
    OPERATOR,
    Choice,
    DuplicatePolicy,
    Poll,
    Question,
    ResultsVisibility,
    Schedule,
    Status,
)
from service.stores import Stores
from tests.conftest import NOON, FakeClock
from tests.support.ballots import WHICH, cast, make_poll
from tests.web.admin.conftest import DEMO, Browser

RESULTS = f"{DEMO}/polls/crops/results"
EUROPE, ASIA = "https://news.test/europe", "https://news.test/asia"


@pytest.fixture
def poll(stores: Stores) -> Poll:
    """The poll, beside another with ballots of its own."""
    cast(stores, make_poll(stores, "noise"), "c3", page="https://noise.test/")
    return make_poll(stores, "crops", WHICH)


def words(page: Any) -> str:
    """The page's words without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


class TestFigures:
    def test_all_counts_are_shown_though_readers_see_none(
        self, viewer: Browser, stores: Stores
    ) -> None:
        poll = make_poll(
            stores, "crops", WHICH, results_visibility=ResultsVisibility.OWNERS, percent_only=True
        )
        for choice in ("c1", "c1", "c3"):
            cast(stores, poll, choice)
        page = viewer.get(RESULTS)
        shown = words(page)
        assert "Rice 2 66.7% Tea 0 0.0% Salt 1 33.3%" in shown
        assert "Ballots counted 3 Held 0 Void 0" in shown
        assert '<rect width="66.7" height="1"' in page.text
        assert "Readers do not see the results. They see percentages only." in shown

    def test_void_ballots_are_shown_apart(
        self, viewer: Browser, stores: Stores, poll: Poll
    ) -> None:
        first, _ = cast(stores, poll), cast(stores, poll)
        ballot_log.void(stores, OPERATOR, "crops", [first], "test", NOON)
        assert "Ballot counted 1 Held 0 Void 1" in words(viewer.get(RESULTS))

    def test_a_retired_choice_keeps_its_votes_and_is_marked(
        self, viewer: Browser, stores: Stores, poll: Poll
    ) -> None:
        assert "no longer offered" not in viewer.get(RESULTS).text
        retired = Choice("c4", "Flax", retired=True)
        make_poll(stores, "old", Question("q1", "Which?", (*WHICH.choices, retired)))
        page = words(viewer.get(f"{DEMO}/polls/old/results"))
        assert "Flax no longer offered 0 0.0%" in page

    def test_the_figures_say_what_they_are_worth(
        self, viewer: Browser, stores: Stores, poll: Poll
    ) -> None:
        shown = words(viewer.get(RESULTS))
        assert "Self-selected readers who chose to take part; not a scientific sample." in shown
        assert "who clears its storage can vote again" in shown
        make_poll(stores, "free", WHICH, duplicate_policy=DuplicatePolicy.NONE)
        free = words(viewer.get(f"{DEMO}/polls/free/results"))
        assert "A second vote is not recognised" in free

    def test_before_the_first_vote_the_page_says_what_will_happen(
        self, viewer: Browser, poll: Poll
    ) -> None:
        shown = words(viewer.get(RESULTS))
        assert "Nobody has voted yet." in shown
        assert "There is nothing to draw before the first ballot." in shown
        assert "No ballot has named the page it was cast on." in shown
        assert "Countries are not known" in shown

    @pytest.mark.parametrize(
        ("schedule", "sentence"),
        [
            (Schedule(Status.DRAFT), "Draft Nobody can vote yet."),
            (
                Schedule(Status.OPEN, opens_at=NOON + timedelta(days=1)),
                "Scheduled Voting opens on 25 Nov 2026, 17:30 (Asia/Kolkata).",
            ),
            (
                Schedule(Status.OPEN, closes_at=NOON + timedelta(days=1)),
                "Open Voting closes on 25 Nov 2026, 17:30 (Asia/Kolkata).",
            ),
            (Schedule(Status.OPEN), "Open Voting goes on until you close it."),
            (
                Schedule(Status.OPEN, closes_at=NOON),
                "Closed Voting closed on 24 Nov 2026, 17:30 (Asia/Kolkata).",
            ),
            (Schedule(Status.CLOSED), "Closed Voting is closed."),
            (Schedule(Status.ARCHIVED), "Archived Voting is closed."),
        ],
    )
    def test_the_status_and_the_schedule_are_on_the_sites_clocks(
        self, viewer: Browser, stores: Stores, schedule: Schedule, sentence: str
    ) -> None:
        make_poll(stores, "crops", WHICH, schedule=schedule)
        page = viewer.get(RESULTS)
        assert sentence in words(page)
        over = schedule.status_at(NOON) in (Status.CLOSED, Status.ARCHIVED)
        assert ("data-over" in page.text) is over


class TestLive:
    def test_a_part_is_sent_again_only_once_it_has_changed(
        self, viewer: Browser, stores: Stores, poll: Poll, clock: FakeClock
    ) -> None:
        first = viewer.get(f"{RESULTS}/figures")
        assert first.headers["Cache-Control"] == "no-store"
        seen = {"If-None-Match": first.headers["ETag"]}
        again = viewer.get(f"{RESULTS}/figures", headers=seen)
        assert (again.status_code, again.data) == (304, b"")
        cast(stores, poll, "c2")
        changed = viewer.get(f"{RESULTS}/figures", headers=seen)
        assert changed.status_code == 200
        assert "Tea 1 100.0%" in words(changed)
        assert 'data-says="1 ballot counted."' in changed.text

    def test_a_part_is_the_same_as_in_the_whole_page(
        self, viewer: Browser, stores: Stores, poll: Poll
    ) -> None:
        cast(stores, poll, page=EUROPE)
        page = viewer.get(RESULTS).text
        for part in ("figures", "breakdown"):
            assert viewer.get(f"{RESULTS}/{part}").text.strip() in page

    @pytest.mark.parametrize("part", ["figures", "breakdown", "over-time"])
    def test_a_page_that_looks_by_itself_does_not_prolong_the_session(
        self, viewer: Browser, poll: Poll, part: str
    ) -> None:
        assert "Set-Cookie" in viewer.get(RESULTS).headers
        assert "Set-Cookie" not in viewer.get(f"{RESULTS}/{part}").headers

    @pytest.mark.parametrize("part", ["figures", "breakdown", "over-time"])
    def test_a_page_that_looks_by_itself_is_told_that_nobody_is_signed_in(
        self, browser: Browser, poll: Poll, part: str
    ) -> None:
        answer = browser.get(f"{RESULTS}/{part}", headers={"Accept": "*/*"})
        assert answer.status_code == 401
        assert answer.get_json()["code"] == "not_signed_in"
        assert "WWW-Authenticate" not in answer.headers


class TestBreakdown:
    def test_ballots_are_listed_by_time_and_page_and_the_busiest_time_is_named(
        self, viewer: Browser, stores: Stores, poll: Poll, clock: FakeClock
    ) -> None:
        for minute, page in ((0, EUROPE), (0, EUROPE), (2, ASIA), (3, None)):
            clock.moment = NOON + timedelta(minutes=minute)
            cast(stores, poll, page=page)
        shown = words(viewer.get(f"{RESULTS}/breakdown"))
        assert "Most ballots in one minute: 2, in that of 24 Nov 2026, 17:30." in shown
        assert (
            "24 Nov 2026, 17:30 2 24 Nov 2026, 17:32 1 24 Nov 2026, 17:33 1 Times are those of"
            in shown
        )
        assert f"{EUROPE} 2 50.0%" in shown
        assert f"{ASIA} 1 25.0%" in shown
        assert "Page unknown 1 25.0%" in shown
        assert "noise.test" not in shown

    def test_the_chart_is_drawn_from_the_same_figures(
        self, viewer: Browser, stores: Stores, poll: Poll, clock: FakeClock
    ) -> None:
        for minute in (0, 2, 2):
            clock.moment = NOON + timedelta(minutes=minute)
            cast(stores, poll)
        answer = viewer.get(f"{RESULTS}/over-time")
        assert answer.mimetype == "application/json"
        noon = int(NOON.timestamp())
        assert answer.json == {
            "step_seconds": 60,
            "times": [noon, noon + 60, noon + 120],
            "labels": [f"24 Nov 2026, 17:3{minute}" for minute in range(3)],
            "ballots": [1, 0, 2],
        }

    def test_long_polls_are_drawn_by_days(
        self, viewer: Browser, stores: Stores, poll: Poll, clock: FakeClock
    ) -> None:
        for day in (0, 40):
            clock.moment = NOON + timedelta(days=day)
            cast(stores, poll)
        clock.moment = NOON
        drawn: Any = viewer.get(f"{RESULTS}/over-time").json
        assert (drawn["step_seconds"], len(drawn["times"])) == (86400, 41)
        assert drawn["labels"][:2] == ["24 Nov 2026", "25 Nov 2026"]


def test_words_of_a_poll_stay_words(viewer: Browser, stores: Stores) -> None:
    evil = '<script>alert(1)</script>" onload="x'
    make_poll(
        stores, "crops", Question("q1", evil, (Choice("c1", evil), Choice("c2", "b"))), title=evil
    )
    page = viewer.get(RESULTS).text
    assert "<script>alert" not in page
    assert 'onload="x' not in page


def test_the_results_of_another_site_are_not_shown(stranger: Browser, poll: Poll) -> None:
    for part in ("", "/figures", "/breakdown", "/over-time"):
        assert stranger.get(RESULTS + part).status_code == 404
        assert stranger.get(f"/admin/sites/other/polls/crops/results{part}").status_code == 404
