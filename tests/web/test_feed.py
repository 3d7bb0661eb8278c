"""The feed of polls."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

from flask.testing import FlaskClient

from service.domain import polls
from service.records import OPERATOR, Choice, Question, Schedule, Status
from service.stores import Stores
from tests.conftest import NOON, FakeClock
from tests.support.voters import OWN_ORIGIN
from tests.web.conftest import ONE, MakePoll

ATOM = {"": "http://www.w3.org/2005/Atom"}
MADE = f"{OWN_ORIGIN}/polls/made"


def feed(client: FlaskClient, query: str = "") -> Any:
    answer = client.get(f"/polls.atom{query}")
    assert answer.mimetype == "application/atom+xml"
    return ElementTree.fromstring(answer.text)  # noqa: S314 - our own document


def test_it_has_the_newest_first_with_picture_and_links(
    client: FlaskClient, make_poll: MakePoll
) -> None:
    make_poll()
    whole = feed(client)
    assert whole.findtext("title", namespaces=ATOM) == "Polls"
    first, second = whole.findall("entry", ATOM)
    assert first.findtext("title", namespaces=ATOM) == "Which one?"
    assert second.findtext("id", namespaces=ATOM) == f"{OWN_ORIGIN}/polls/region-interest"
    links = {link.get("rel"): link.get("href") for link in first.findall("link", ATOM)}
    assert links == {"alternate": MADE, "enclosure": f"{MADE}/picture.png"}
    content = first.findtext("content", namespaces=ATOM)
    assert f'<a href="{MADE}/confirm?q1=c2"' in content
    assert first.findtext("published", namespaces=ATOM) == "2026-11-24T11:00:00+00:00"


def test_one_sites_feed_has_its_polls_alone(client: FlaskClient, stores: Stores) -> None:
    stores.sites.ensure("other", "Other News", "fr", "UTC", NOON)
    whole = feed(client, "?site=other")
    assert whole.findtext("title", namespaces=ATOM) == "Polls of Other News"
    assert whole.findall("entry", ATOM) == []
    assert len(feed(client, "?site=demo").findall("entry", ATOM)) == 1
    assert client.get("/polls.atom?site=nothing").status_code == 404


def test_what_readers_may_not_look_up_is_not_in_it(
    client: FlaskClient, make_poll: MakePoll
) -> None:
    make_poll(schedule=Schedule(Status.OPEN, opens_at=NOON + timedelta(days=1)))
    assert len(feed(client).findall("entry", ATOM)) == 1


def test_nothing_is_updated_before_it_is_published(
    client: FlaskClient, make_poll: MakePoll, clock: FakeClock
) -> None:
    opens_at = NOON + timedelta(hours=5)
    make_poll(schedule=Schedule(Status.OPEN, opens_at=opens_at))
    clock.moment = opens_at + timedelta(minutes=1)
    whole = feed(client)
    entry = whole.find("entry", ATOM)
    moments = [entry.findtext(name, namespaces=ATOM) for name in ("published", "updated")]
    assert moments == [opens_at.isoformat()] * 2
    assert whole.findtext("updated", namespaces=ATOM) == opens_at.isoformat()


def test_each_poll_in_it_stands_in_its_own_language(
    client: FlaskClient, make_poll: MakePoll
) -> None:
    make_poll(replace(ONE, translations={"fr": {"text": "Lequel ?"}}))
    assert client.get("/polls.atom?locale=fr").data == client.get("/polls.atom").data


def test_no_word_of_a_poll_breaks_it(client: FlaskClient, make_poll: MakePoll) -> None:
    evil = "]]></content><b>&amp;"
    make_poll(Question("q1", evil, (Choice("c1", evil), Choice("c2", "b"))))
    first = feed(client).find("entry", ATOM)
    assert first.findtext("title", namespaces=ATOM) == evil


def test_it_is_kept_and_asked_for_again_cheaply(client: FlaskClient) -> None:
    answer = client.get("/polls.atom")
    assert answer.headers["Cache-Control"].startswith("public")
    again = client.get("/polls.atom", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_an_empty_feed_is_a_feed(client: FlaskClient, stores: Stores) -> None:
    polls.delete(stores, OPERATOR, "region-interest", NOON)
    assert feed(client).findall("entry", ATOM) == []


def test_the_archive_leads_to_it(client: FlaskClient) -> None:
    assert 'href="/polls.atom"' in client.get("/polls").text
    assert 'href="/polls.atom?site=demo"' in client.get("/polls?site=demo").text
