"""The ballots log's pages."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest

from service.domain import ballot_log, results
from service.records import OPERATOR, BallotStatus, Poll, ResultsOrder
from service.stores import Stores
from tests.conftest import NOON, FakeClock
from tests.support.ballots import cast, make_poll
from tests.web.admin.conftest import DEMO, Browser

LOG = f"{DEMO}/polls/crops/ballots"
EUROPE = "https://news.test/europe"


@pytest.fixture
def poll(stores: Stores) -> Poll:
    cast(stores, make_poll(stores, "noise"), "c3", page="https://noise.test/")
    return make_poll(stores, "crops")


def rows(page: Any) -> list[str]:
    """The rows of the log without their markup."""
    body = page.text.split("<tbody>")[1].split("</tbody>")[0] if "<tbody>" in page.text else ""
    found = [re.sub(r"<[^>]+>", " ", row) for row in body.split("</tr>")[:-1]]
    return [" ".join(unescape(row).split()).replace(" ,", ",") for row in found]


def status_of(stores: Stores, ballot_id: UUID) -> BallotStatus:
    log = ballot_log.read(stores, OPERATOR, "crops", limit=500)
    return next(ballot.status for ballot in log.items if ballot.id == ballot_id)


class TestReading:
    def test_a_ballot_shows_its_moment_choices_page_and_status(
        self, viewer: Browser, stores: Stores, poll: Poll, clock: FakeClock
    ) -> None:
        cast(stores, poll, "c2", q2=("c1", "c3"), page=f"{EUROPE}?reader=7")
        clock.moment = NOON + timedelta(seconds=5)
        cast(stores, poll, "c1")
        page = viewer.get(LOG)
        assert rows(page) == [
            "24 Nov 2026, 17:30:05 Which one? Rice Counted unknown unknown",
            f"24 Nov 2026, 17:30:00 Which one? Tea Why? Rice, Salt Counted {EUROPE} unknown",
        ]
        assert "Times are those of Asia/Kolkata." in page.text

    def test_nothing_personal_is_on_the_page(
        self, viewer: Browser, stores: Stores, poll: Poll
    ) -> None:
        cast(stores, poll, voter="device-of-a-reader-000001")
        page = viewer.get(LOG).text
        for canary in ("device-of-a-reader", "192.0.2.1", "voter_key", "network"):
            assert canary not in page

    def test_a_poll_without_ballots_says_so(self, viewer: Browser, poll: Poll) -> None:
        assert "No ballot yet" in viewer.get(LOG).text

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("choice=q1:c2", {"Tea"}),
            ("choice=q2:c3", {"Salt"}),
            ("status=void", {"Void"}),
            (f"page={EUROPE}", {"europe"}),
            ("since=2026-11-24T17:35", {"17:35", "17:40"}),
            ("until=2026-11-24T17:35", {"17:30:00", "17:31:00"}),
            ("choice=q1:c9", set()),
        ],
    )
    def test_filters_leave_what_is_looked_for(
        self,
        viewer: Browser,
        stores: Stores,
        poll: Poll,
        clock: FakeClock,
        query: str,
        expected: set[str],
    ) -> None:
        for minute, fields in (
            (0, {"page": EUROPE}),
            (1, {"q2": ("c3",)}),
            (5, {}),
            (10, {}),
        ):
            clock.moment = NOON + timedelta(minutes=minute)
            last = cast(stores, poll, "c2" if minute == 10 else "c1", **fields)
        if query == "status=void":
            ballot_log.void(stores, OPERATOR, "crops", [last], "a script", NOON)
        page = viewer.get(f"{LOG}?{query}")
        found = rows(page)
        assert len(found) == len(expected)
        assert all(any(word in row for row in found) for word in expected)
        if not expected:
            assert "No such ballot" in page.text

    @pytest.mark.parametrize(
        "query", ["since=soon", "status=lost", "after=x", "before=x", "until=2026-13-01T00:00"]
    )
    def test_a_filter_that_means_nothing_is_refused_beside_its_field(
        self, viewer: Browser, poll: Poll, query: str
    ) -> None:
        page = viewer.get(f"{LOG}?{query}")
        assert page.status_code == 422
        assert "<title>Error:" in page.text

    def test_all_pages_are_reached_and_the_way_back_too(
        self, viewer: Browser, stores: Stores, poll: Poll, clock: FakeClock
    ) -> None:
        for second in range(120):
            clock.moment = NOON + timedelta(seconds=second)
            cast(stores, poll)
        read, page = [], viewer.get(LOG)
        pages = [page]
        while older := re.search(r'href="([^"]+)" rel="next"', page.text):
            page = viewer.get(unescape(older[1]))
            pages.append(page)
        read = [row for each in pages for row in rows(each)]
        assert (len(read), len(set(read)), len(pages)) == (120, 120, 3)
        assert read == sorted(read, reverse=True)
        for earlier in reversed(pages[:-1]):
            (newer,) = re.findall(r'href="([^"]+)" rel="prev"', page.text)
            page = viewer.get(unescape(newer))
            assert rows(page) == rows(earlier)
        assert 'rel="prev"' not in page.text


class TestVoiding:
    def test_the_totals_are_shown_before_and_follow_the_act(
        self, editor: Browser, stores: Stores, poll: Poll
    ) -> None:
        ids = [cast(stores, poll, choice) for choice in ("c1", "c1", "c2")]
        question = editor.post(f"{LOG}/void", {"ballot": [str(ids[0])], "query": "choice=q1:c1"})
        assert question.status_code == 200
        assert "Rice 2 1 66.7% 50.0%" in rows(question)
        assert status_of(stores, ids[0]) is BallotStatus.COUNTED
        done = editor.post(
            f"{LOG}/void", {"ballot": [str(ids[0])], "reason": "a script", "query": "choice=q1:c1"}
        )
        assert (done.status_code, done.headers["Location"]) == (303, f"{LOG}?choice=q1%3Ac1")
        assert results.read(stores, poll, NOON).ballots == 2
        log = editor.get(LOG)
        assert "1 ballot is voided." in log.text
        assert "Void a script" in " ".join(rows(log))

    def test_the_totals_stay_beside_their_choices_where_results_are_ordered_by_votes(
        self, editor: Browser, stores: Stores
    ) -> None:
        poll = make_poll(stores, "crops", results_order=ResultsOrder.BY_VOTES)
        ids = [cast(stores, poll, choice) for choice in ("c1", "c2", "c2")]
        chosen = [str(ballot_id) for ballot_id in ids[1:]]
        question = editor.post(f"{LOG}/void", {"ballot": chosen})
        assert "Tea 2 0 66.7% 0.0%" in rows(question)
        assert "Rice 1 1 33.3% 100.0%" in rows(question)

    def test_a_void_ballot_can_be_restored(
        self, editor: Browser, stores: Stores, poll: Poll
    ) -> None:
        ballot_id = cast(stores, poll)
        ballot_log.void(stores, OPERATOR, "crops", [ballot_id], "test", NOON)
        question = editor.post(f"{LOG}/restore", {"ballot": [str(ballot_id)]})
        assert "Restore 1 ballot?" in question.text
        assert status_of(stores, ballot_id) is BallotStatus.VOID
        editor.post(f"{LOG}/restore", {"ballot": [str(ballot_id)], "confirmed": "yes"})
        assert status_of(stores, ballot_id) is BallotStatus.COUNTED
        assert results.read(stores, poll, NOON).ballots == 1

    @pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
    def test_without_a_good_reason_nothing_is_voided(
        self, editor: Browser, stores: Stores, poll: Poll, reason: str
    ) -> None:
        ballot_id = cast(stores, poll)
        answer = editor.post(f"{LOG}/void", {"ballot": [str(ballot_id)], "reason": reason})
        assert answer.status_code == 422
        assert "Give a reason" in answer.text
        assert status_of(stores, ballot_id) is BallotStatus.COUNTED

    def test_nothing_selected_changes_nothing(self, editor: Browser, poll: Poll) -> None:
        answer = editor.post(f"{LOG}/void")
        assert (answer.status_code, answer.headers["Location"]) == (303, LOG)
        assert "Select ballots first" in editor.get(LOG).text

    def test_what_is_void_already_is_said_to_be(
        self, editor: Browser, stores: Stores, poll: Poll
    ) -> None:
        ballot_id = cast(stores, poll)
        ballot_log.void(stores, OPERATOR, "crops", [ballot_id], "test", NOON)
        assert editor.post(f"{LOG}/void", {"ballot": [str(ballot_id)]}).status_code == 303
        assert "voided already" in editor.get(LOG).text

    def test_ballots_of_other_polls_are_not_touched(
        self, editor: Browser, stores: Stores, poll: Poll
    ) -> None:
        for ballot_id in (cast(stores, make_poll(stores, "theirs")), uuid4(), "x"):
            answer = editor.post(f"{LOG}/void", {"ballot": [str(ballot_id)], "reason": "test"})
            assert answer.status_code == 404

    def test_the_way_back_leads_nowhere_else(
        self, editor: Browser, stores: Stores, poll: Poll
    ) -> None:
        answer = editor.post(f"{LOG}/void", {"query": "//evil.test/?x=1\r\nSet-Cookie: a=b"})
        assert answer.headers["Location"].startswith(f"{LOG}?")
        assert "Set-Cookie: a" not in str(answer.headers)

    def test_viewers_see_the_log_and_cannot_void(
        self, viewer: Browser, stores: Stores, poll: Poll
    ) -> None:
        ballot_id = cast(stores, poll)
        assert 'type="checkbox"' not in viewer.get(LOG).text
        for act in ("void", "restore"):
            assert viewer.post(f"{LOG}/{act}", {"ballot": [str(ballot_id)]}).status_code == 403


def test_the_log_is_of_its_own_site_alone(stranger: Browser, stores: Stores, poll: Poll) -> None:
    assert stranger.get(LOG).status_code == 404
    assert stranger.get("/admin/sites/other/polls/crops/ballots").status_code == 404
    ballot_id = str(cast(stores, poll))
    path = "/admin/sites/other/polls/crops/ballots/void"
    assert stranger.post(path, {"ballot": [ballot_id], "reason": "x"}).status_code == 404
