"""The archive of polls."""

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from service.domain import polls
from service.records import (
    OPERATOR,
    Choice,
    PollDraft,
    Question,
    ResultsVisibility,
    Schedule,
    Status,
    WhenClosed,
)
from service.stores import Stores
from service.stores.sql.db import db
from tests.conftest import NOON, FakeClock
from tests.support.voters import OWN_ORIGIN, Api, ballot

pytestmark = pytest.mark.both_databases

CHOICES = (Choice("c1", "Rice"), Choice("c2", "Tea"))
DEMO = "Which region news you interested in most?"
CLOSED, ARCHIVED = Schedule(Status.CLOSED), Schedule(Status.ARCHIVED)


class Newsroom:
    """Writes polls, in order, on one site or another."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    def asks(self, text: str, slug: str = "", site: str = "demo", **decisions: Any) -> None:
        """Make a poll that asks this."""
        site_id = self._stores.sites.ensure(site, site.title(), "en", "UTC", NOON)
        draft = PollDraft(
            slug=slug, title="Of the day", questions=(Question("q1", text, CHOICES),), **decisions
        )
        polls.create(self._stores, site_id, draft, NOON - timedelta(days=1))


@pytest.fixture
def newsroom(stores: Stores) -> Newsroom:
    return Newsroom(stores)


@pytest.fixture
def empty(stores: Stores) -> None:
    """Nothing has been asked yet."""
    polls.delete(stores, OPERATOR, "region-interest", NOON)


def listed(page: str) -> list[str]:
    """The questions on the page."""
    return re.findall(r'<h2 class="asks".*?<a href="/polls/[^"]+">(.*?)</a>', page, re.DOTALL)


def link(page: str, rel: str) -> str | None:
    """Where the page's pager leads."""
    found = re.search(rf'<a href="([^"]+)" rel="{rel}">', page)
    return found[1].replace("&amp;", "&") if found else None


class TestWhatIsListed:
    def test_open_polls_and_those_that_are_over_newest_first(
        self, client: FlaskClient, newsroom: Newsroom
    ) -> None:
        newsroom.asks("Closed?", schedule=CLOSED)
        newsroom.asks("Archived?", schedule=ARCHIVED)
        newsroom.asks("Open?")
        page = client.get("/polls").text
        assert listed(page) == ["Open?", "Archived?", "Closed?", DEMO]
        assert re.findall(r'data-status="(\w+)"', page) == ["open", "archived", "closed", "open"]

    def test_no_draft_and_nothing_before_it_opens(
        self, client: FlaskClient, newsroom: Newsroom, clock: FakeClock
    ) -> None:
        opens_at = NOON + timedelta(hours=1)
        newsroom.asks("Draft?", schedule=Schedule(Status.DRAFT))
        newsroom.asks("To come?", schedule=Schedule(Status.OPEN, opens_at))
        assert listed(client.get("/polls").text) == [DEMO]
        clock.moment = opens_at
        assert listed(client.get("/polls").text) == ["To come?", DEMO]

    def test_when_one_can_vote(
        self, client: FlaskClient, newsroom: Newsroom, clock: FakeClock
    ) -> None:
        closes_at = NOON + timedelta(hours=1)
        newsroom.asks("Until one?", schedule=Schedule(Status.OPEN, None, closes_at))
        page = client.get("/polls").text
        assert re.search(r"Open until <time [^>]+>24 November 2026, 18:30 .GMT.05:30.<", page)
        clock.moment = closes_at
        assert "Closed on <time" in client.get("/polls").text

    def test_a_poll_that_says_nothing_once_it_is_over_is_then_neither_listed_nor_found(
        self, client: FlaskClient, newsroom: Newsroom
    ) -> None:
        newsroom.asks("Secret ballot?", schedule=CLOSED, when_closed=WhenClosed.NOTHING)
        newsroom.asks("Secret for now?", when_closed=WhenClosed.NOTHING)
        newsroom.asks("Secret kept?", schedule=CLOSED, when_closed=WhenClosed.QUESTION)
        page = client.get("/polls?q=secret").text
        assert listed(page) == ["Secret kept?", "Secret for now?"]
        assert "Secret ballot" not in client.get("/polls").text

    def test_words_stay_words_and_run_in_their_own_direction(
        self, client: FlaskClient, newsroom: Newsroom
    ) -> None:
        newsroom.asks('<script>"?')
        page = client.get("/polls").text
        assert "<script>" not in page
        assert '<h2 class="asks" dir="auto" lang="en">' in page


class TestCounts:
    @pytest.mark.parametrize(
        ("decisions", "told"),
        [
            ({}, True),
            ({"percent_only": True}, False),
            ({"results_visibility": ResultsVisibility.AFTER_VOTE}, False),
            ({"results_visibility": ResultsVisibility.AFTER_CLOSE}, False),
            ({"results_visibility": ResultsVisibility.OWNERS}, False),
        ],
    )
    def test_how_many_voted_is_told_where_everybody_sees_the_results(
        self,
        client: FlaskClient,
        newsroom: Newsroom,
        decisions: dict[str, Any],
        told: bool,
    ) -> None:
        newsroom.asks("Counted?", slug="counted", **decisions)
        assert Api(client, "counted").cast(ballot()).status_code == 201
        page = client.get("/polls?q=counted").text
        assert ("1 reader has voted</span>" in page, "reader" in page.split("<main")[1]) == (
            told,
            told,
        )

    @pytest.mark.parametrize(
        ("decisions", "told"),
        [
            ({"results_visibility": ResultsVisibility.AFTER_CLOSE}, True),
            ({"when_closed": WhenClosed.QUESTION}, False),
        ],
    )
    def test_of_a_poll_that_is_over_what_it_shows_then(
        self, client: FlaskClient, newsroom: Newsroom, decisions: dict[str, Any], told: bool
    ) -> None:
        newsroom.asks("Over?", schedule=CLOSED, **decisions)
        assert ("No reader has voted</span>" in client.get("/polls?q=over").text) is told


class TestSearch:
    @pytest.mark.parametrize("text", ["ferry", "FERRY", " The ferry ", "паром", "100 %", "a_b"])
    def test_it_finds_what_the_question_says(
        self, client: FlaskClient, newsroom: Newsroom, text: str
    ) -> None:
        newsroom.asks("Is the ferry (ПАРОМ) 100 % a_b?")
        newsroom.asks("Is the tram 100 000 axb?")
        page = client.get("/polls", query_string={"q": text}).text
        assert listed(page) == ["Is the ferry (ПАРОМ) 100 % a_b?"]
        assert '<meta name="robots" content="noindex">' in page

    def test_it_says_that_nothing_was_found_and_leads_back(self, client: FlaskClient) -> None:
        page = client.get("/polls?q=<b>").text
        assert "Nothing found" in page
        assert "<q><bdi>&lt;b&gt;</bdi></q>" in page
        assert '<a class="view" href="/polls">Show all polls</a>' in page

    @pytest.mark.parametrize("text", ["\0", "x" * 5000, "%", "\\"])
    def test_odd_words_are_only_words(self, client: FlaskClient, text: str) -> None:
        assert client.get("/polls", query_string={"q": text}).status_code == 200

    def test_it_needs_no_script(self, client: FlaskClient) -> None:
        page = client.get("/polls").text
        assert '<form class="find" method="get" action="/polls">' in page
        assert "<script" not in page


class TestSites:
    def test_of_several_sites_one_may_be_chosen(
        self, client: FlaskClient, newsroom: Newsroom
    ) -> None:
        newsroom.asks("Ours?", site="harbour")
        page = client.get("/polls").text
        assert listed(page) == ["Ours?", DEMO]
        assert '<option value="harbour">Harbour</option>' in page
        chosen = client.get("/polls?site=harbour").text
        assert listed(chosen) == ["Ours?"]
        assert '<option value="harbour" selected>' in chosen
        assert "<title>Polls of Harbour " in chosen

    def test_where_there_is_one_there_is_nothing_to_choose(
        self, client: FlaskClient, stores: Stores
    ) -> None:
        stores.sites.ensure("idle", "Idle", "en", "UTC", NOON)
        page = client.get("/polls").text
        assert "<select" not in page
        assert "Idle" not in page

    def test_a_site_that_has_asked_nothing_says_so(
        self, client: FlaskClient, stores: Stores
    ) -> None:
        stores.sites.ensure("idle", "Idle", "en", "UTC", NOON)
        assert "No polls yet" in client.get("/polls?site=idle").text

    @pytest.mark.parametrize("site", ["nowhere", "%00"])
    def test_an_unknown_one_is_not_found(self, client: FlaskClient, site: str) -> None:
        assert client.get(f"/polls?site={site}").status_code == 404


@pytest.mark.usefixtures("empty")
class TestPaging:
    def test_one_pages_there_and_back_and_meets_each_poll_once(
        self, client: FlaskClient, newsroom: Newsroom
    ) -> None:
        asked = [f"Number {number}?" for number in range(45)]
        for text in asked:
            newsroom.asks(text)
        pages, at = [], "/polls"
        while at:
            pages.append(client.get(at).text)
            at = link(pages[-1], "next") or ""
        assert [len(listed(page)) for page in pages] == [20, 20, 5]
        assert [text for page in pages for text in listed(page)] == asked[::-1]
        back = client.get(link(pages[2], "prev") or "").text
        assert listed(back) == listed(pages[1])
        first = client.get(link(back, "prev") or "").text
        assert listed(first) == listed(pages[0])
        assert (link(pages[0], "prev"), link(first, "prev")) == (None, None)

    def test_the_head_tells_machines_the_same(
        self, client: FlaskClient, newsroom: Newsroom
    ) -> None:
        for number in range(21):
            newsroom.asks(f"Number {number}?", site="harbour")
        page = client.get("/polls?site=harbour&q=number&utm_source=letter").text
        older = link(page, "next") or ""
        assert re.fullmatch(r"/polls\?q=number&site=harbour&older=\d+", older)
        assert f'<link rel="next" href="{older.replace("&", "&amp;")}">' in page
        last = client.get(older).text
        address = (OWN_ORIGIN + older).replace("&", "&amp;")
        assert f'<link rel="canonical" href="{address}">' in last
        assert '<link rel="prev"' in last

    def test_beyond_the_end_it_says_that_the_list_ends(self, client: FlaskClient) -> None:
        assert "No more polls" in client.get("/polls?older=1").text

    @pytest.mark.parametrize("cursor", ["x", "-1", "1.5", "٣", "99999999999", "9999999999"])
    @pytest.mark.parametrize("name", ["older", "newer"])
    def test_what_is_no_place_in_the_list_is_not_found(
        self, client: FlaskClient, name: str, cursor: str
    ) -> None:
        assert client.get("/polls", query_string={name: cursor}).status_code == 404

    def test_an_archive_of_nothing_says_so(self, client: FlaskClient) -> None:
        page = client.get("/polls").text
        assert "No polls yet" in page
        assert "<form" not in page

    def test_a_page_takes_as_many_queries_however_many_polls_it_lists(
        self, client: FlaskClient, newsroom: Newsroom
    ) -> None:
        def queries() -> int:
            seen: list[str] = []

            def note(*execution: Any) -> None:
                seen.append(execution[2])

            sa.event.listen(db.engine, "before_cursor_execute", note)
            client.get("/polls")
            sa.event.remove(db.engine, "before_cursor_execute", note)
            return len([statement for statement in seen if statement.startswith("SELECT")])

        newsroom.asks("One?")
        before = queries()
        for number in range(19):
            newsroom.asks(f"Number {number}?")
        assert (before, queries()) == (2, 2)


class TestCaching:
    def test_a_page_is_kept_shortly_and_not_sent_twice(self, client: FlaskClient) -> None:
        first = client.get("/polls")
        assert first.headers["Cache-Control"] == "public, max-age=10, stale-while-revalidate=60"
        again = client.get("/polls", headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
