"""The list of a site's polls, by a plain form."""

import re

import pytest

from service.domain import polls
from service.records import (
    OPERATOR,
    Choice,
    PollDraft,
    Question,
    Role,
    Schedule,
    Status,
)
from service.stores import Stores
from tests.conftest import NOON
from tests.support.voters import Api, ballot
from tests.web.admin.conftest import Browser, SignedIn
from tests.web.admin.test_polls_form import SITE

LIST = f"{SITE}/"
ROW = re.compile(r'<a href="/admin/sites/demo/polls/([a-z0-9-]+)(?:/results)?"><bdi')


@pytest.fixture
def editor(signed_in: SignedIn) -> Browser:
    return signed_in(Role.EDITOR)


def add(stores: Stores, site: int, slug: str, text: str, status: Status = Status.OPEN) -> None:
    question = Question("", text, (Choice("", "Yes"), Choice("", "No")))
    draft = PollDraft(slug=slug, title=slug, questions=(question,), schedule=Schedule(status))
    polls.create(stores, site, draft, NOON)


def listed(editor: Browser, query: str = "") -> list[str]:
    """The slugs of the polls on the page."""
    return ROW.findall(editor.get(LIST + query).text)


def test_shows_ballots_and_the_last_vote_in_the_sites_time_zone(editor: Browser, api: Api) -> None:
    assert "No vote yet" in editor.get(LIST).text
    api.cast(ballot("c1"))
    page = editor.get(LIST).text
    assert 'class="figure">1<' in page
    assert "24 Nov 2026, 17:30" in page
    assert "Times of Asia/Kolkata." in page


def test_is_searched_and_filtered(editor: Browser, stores: Stores, site_id: int) -> None:
    add(stores, site_id, "tea", "Is tea better?", Status.DRAFT)
    add(stores, site_id, "coffee", "Is coffee better?")
    assert listed(editor) == ["coffee", "tea", "region-interest"]
    assert listed(editor, "?q=BETTER") == ["coffee", "tea"]
    assert listed(editor, "?status=draft") == ["tea"]
    assert listed(editor, "?q=better&status=open") == ["coffee"]
    add(stores, site_id, "cafe", "Which café?")
    assert listed(editor, "?q=cafe%CC%81") == ["cafe"]  # as some keyboards write it
    polls.delete(stores, OPERATOR, "cafe", NOON)
    assert listed(editor, "?status=nonsense") == ["coffee", "tea", "region-interest"]


def test_what_is_searched_stays_in_the_form(editor: Browser) -> None:
    page = editor.get(f"{LIST}?q=%22%3Etea&status=closed").text
    assert 'value="&#34;&gt;tea"' in page
    assert '<option value="closed" selected>' in page
    assert "Nothing found" in page


def test_goes_on_by_pages(editor: Browser, stores: Stores, site_id: int) -> None:
    for place in range(25):
        add(stores, site_id, f"poll-{place}", "Better?")
    first = editor.get(f"{LIST}?q=better").text
    older = re.search(r'<a href="([^"]+)" rel="next">', first)
    assert older
    address = older[1].replace("&amp;", "&")
    assert len(ROW.findall(first)) == 20
    assert listed(editor, address.removeprefix(LIST)) == [f"poll-{n}" for n in range(4, -1, -1)]
    assert "Newest polls" in editor.get(address).text
    assert listed(editor, "?after=nonsense") == []


def test_an_empty_one_leads_to_the_first_poll(
    editor: Browser, stores: Stores, signed_in: SignedIn
) -> None:
    editor.post(f"{SITE}/polls/region-interest/delete", {"slug": "region-interest"})
    page = editor.get(LIST).text
    assert "Write the first poll" in page
    assert f'href="{SITE}/polls/new"' in page
    assert "Write the first poll" not in signed_in(Role.VIEWER).get(LIST).text


def test_who_may_only_read_is_offered_no_act(signed_in: SignedIn) -> None:
    page = signed_in(Role.VIEWER).get(LIST).text
    assert "/status" not in page
    assert "Write a poll" not in page
    assert "/polls/region-interest/results" in page


def test_another_sites_polls_are_not_in_it(editor: Browser, stores: Stores) -> None:
    elsewhere = stores.sites.ensure("elsewhere", "Elsewhere", "en", "UTC", NOON)
    add(stores, elsewhere, "theirs", "Theirs?")
    assert listed(editor) == ["region-interest"]
    assert editor.get(f"{SITE}/polls/theirs").status_code == 404
    assert editor.get(f"{SITE}/polls/theirs/embed").status_code == 404
