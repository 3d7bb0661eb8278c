"""The gallery: what it shows is what was pasted, and all that it needs is there."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from service import demo, demo_gallery
from service.records import Status
from service.stores import Stores
from service.web.gallery_examples import EXAMPLES, POLLS, Example
from tests.conftest import NOON
from tests.support.service import ROOT
from tests.support.voters import OWN_ORIGIN

GALLERY = "/demo/gallery"


@pytest.fixture
def polls_made(stores: Stores) -> None:
    demo.create_gallery(stores, NOON)


def test_what_was_pasted_stands_beside_each_example(client: FlaskClient) -> None:
    page = client.get(GALLERY).text
    codes = [unescape(code) for code in re.findall(r"<code>(.*?)</code>", page, re.DOTALL)]
    for example in EXAMPLES:
        assert example.html.replace("{service}", OWN_ORIGIN) in codes
    assert sum(f'data-example="{example.slug}"' in page for example in EXAMPLES) == len(EXAMPLES)


@pytest.mark.usefixtures("polls_made")
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.slug)
def test_every_address_and_poll_of_an_example_is_there(
    client: FlaskClient, example: Example
) -> None:
    for path in re.findall(r'"\{service\}([^"]*)"', example.html):
        assert client.get(path, follow_redirects=True).status_code == 200, path
    for slug in re.findall(r'(?:poll|data-voxpop)="([^"]+)"(?! site)', example.html):
        assert client.get(f"/v1/polls/{slug}").status_code == 200, slug


def test_what_the_documents_call_live_is_there() -> None:
    documents = (ROOT / "docs" / "embed.md").read_text()
    told, live, _ = documents.partition(" are live at `/demo/gallery`")
    named = told.rpartition("\n\n")[2].lower()
    ways = {"element", "div", "place", "frame", "picture"}
    assert live
    assert {way for way in ways if way in named} == ways
    assert ways <= {example.slug for example in EXAMPLES}


def test_the_front_page_leads_there_once_its_polls_are_made(
    client: FlaskClient, stores: Stores
) -> None:
    assert f'href="{GALLERY}"' not in client.get("/").text
    demo.create_gallery(stores, NOON)
    assert f'href="{GALLERY}"' in client.get("/").text
    made = (*demo_gallery.POLLS, demo_gallery.HOMEWORK)
    assert {draft.slug for draft in made} == POLLS


def test_styles_and_scripts_run_as_they_are_shown(client: FlaskClient) -> None:
    styles, scripts = client.get(f"{GALLERY}/examples.css"), client.get(f"{GALLERY}/examples.js")
    assert (styles.mimetype, scripts.mimetype) == ("text/css", "text/javascript")
    for example in EXAMPLES:
        assert example.js in scripts.text
        assert (example.css in styles.text) == (not example.apart or not example.css)


def test_what_respects_nothing_has_a_page_for_itself(client: FlaskClient) -> None:
    page = client.get(f"{GALLERY}/hostile")
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    assert "!important" in client.get(f"{GALLERY}/hostile.css").text
    for other in ("element", "nothing", "element.css", "nothing.css"):
        assert client.get(f"{GALLERY}/{other}").status_code == 404


def test_the_gallery_itself_is_framed_by_nobody_and_frames_only_us(client: FlaskClient) -> None:
    policy = client.get(GALLERY).headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "frame-src 'self'" in policy


def test_its_polls_are_made_once(client: FlaskClient, stores: Stores) -> None:
    for _ in range(2):
        demo.create_gallery(stores, NOON)
    closed = stores.polls.find(demo_gallery.HOMEWORK.slug)
    assert closed.schedule.status is Status.CLOSED
    assert stores.tallies.read(closed.id).ballots == sum(demo_gallery.HOMEWORK_VOTES.values())
    results = client.get(f"/v1/polls/{closed.slug}/results").json
    assert results is not None
    assert [choice["percent"] for choice in results["questions"][0]["choices"]] == [
        17.4,
        47.8,
        34.8,
    ]
