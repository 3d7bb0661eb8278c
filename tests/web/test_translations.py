"""What readers get of a poll that is in several languages."""

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from werkzeug.test import Client

from service.domain import edits, polls, sites
from service.records import OPERATOR, Choice, ChoiceOrder, Question, ResultsVisibility
from service.stores import Stores
from service.web import public
from tests.conftest import NOON
from tests.support.voters import OWN_ORIGIN, Api, ballot
from tests.web.conftest import MakePoll

pytestmark = pytest.mark.both_databases

POLL = "/v1/polls/made"
CHOICES = (
    Choice("c1", "Rice", translations={"ja": {"text": "米"}, "fr": {"text": "Riz"}}),
    Choice("c2", "Tea", translations={"fr": {"text": "Le thé"}}),
    Choice("c3", "Salt", translations={"fr": {"text": "Du sel"}}),
)
QUESTION = Question(
    "q1", "Which one?", CHOICES, help="One.", translations={"fr": {"text": "Lequel ?"}}
)
NAMED = {"translations": {"fr": {"title": "Faite", "thank_you": "Merci."}}, "thank_you": "Thanks."}


@pytest.fixture(autouse=True)
def translated(make_poll: MakePoll) -> None:
    """The poll `made` of an English site, in French and, a word of it, in Japanese."""
    make_poll(QUESTION, **NAMED)


def read(client: FlaskClient, path: str) -> Any:
    return client.get(path).json


def words(document: Any) -> list[str]:
    """The texts of the question and its choices."""
    question = document["questions"][0]
    return [question["text"], *(choice["text"] for choice in question["choices"])]


@pytest.mark.parametrize("asked", ["fr", "fr-CA", "FR_fr"])
def test_a_poll_comes_in_the_language_that_is_asked_for(client: FlaskClient, asked: str) -> None:
    poll = read(client, f"{POLL}?locale={asked}")
    assert words(poll) == ["Lequel ?", "Riz", "Le thé", "Du sel"]
    assert (poll["locale"], poll["title"], poll["thank_you"]) == ("fr", "Faite", "Merci.")
    assert poll["questions"][0]["help"] == "One."
    assert [choice["id"] for choice in poll["questions"][0]["choices"]] == ["c1", "c2", "c3"]


def test_a_language_in_which_there_are_no_words_of_ours_has_the_polls_texts(
    client: FlaskClient,
) -> None:
    poll = read(client, f"{POLL}?locale=ja-JP")
    assert words(poll) == ["Which one?", "米", "Tea", "Salt"]
    assert (poll["locale"], poll["texts"]["locale"]) == ("ja", "en")


@pytest.mark.parametrize("query", ["", "?locale=en", "?locale=sw", "?locale=nonsense"])
def test_who_asks_for_none_that_the_poll_has_gets_the_sites_own(
    client: FlaskClient, query: str
) -> None:
    poll = read(client, f"{POLL}{query}")
    assert words(poll) == ["Which one?", "Rice", "Tea", "Salt"]
    assert poll["locale"] == "en"


@pytest.mark.parametrize("query", ["", "?locale=fr", "?locale=en", "?locale=sw"])
def test_of_a_site_that_took_up_a_language_readers_get_what_was_translated_into_it_before(
    client: FlaskClient, stores: Stores, query: str
) -> None:
    demo = sites.draft_of(sites.find(stores, OPERATOR, "demo"))
    sites.edit(stores, OPERATOR, "demo", replace(demo, locale="fr"), NOON)
    stores.polls._known.forget("made")  # as a second later
    poll = read(client, f"{POLL}{query}")
    assert words(poll) == ["Lequel ?", "Riz", "Le thé", "Du sel"]
    assert (poll["locale"], poll["title"]) == ("fr", "Faite")
    address = f"{OWN_ORIGIN}/polls/made"
    page = client.get(f"/polls/made{query}").text
    assert "Lequel ?" in page
    assert f'<link rel="canonical" href="{address}">' in page
    assert f'<link rel="alternate" hreflang="fr" href="{address}">' in page
    assert words(read(client, f"{POLL}?locale=ja"))[1] == "米"


@pytest.mark.parametrize("path", ["", "/results"])
def test_each_language_has_bytes_and_a_tag_of_its_own(client: FlaskClient, path: str) -> None:
    own, french = client.get(POLL + path), client.get(f"{POLL}{path}?locale=fr")
    assert own.headers["ETag"] != french.headers["ETag"]
    assert own.headers["Cache-Control"] == french.headers["Cache-Control"]
    for tag, status in ((french.headers["ETag"], 304), (own.headers["ETag"], 200)):
        again = client.get(f"{POLL}{path}?locale=fr-BE", headers={"If-None-Match": tag})
        assert again.status_code == status


@pytest.mark.parametrize("path", ["", "/results"])
@pytest.mark.parametrize("locale", ["fr", "ja"])
def test_the_lane_says_what_the_view_says(
    client: FlaskClient, past_the_lane: Client, path: str, locale: str
) -> None:
    address = f"{POLL}{path}?locale={locale}"
    lane, view = client.get(address), past_the_lane.get(address)
    assert (lane.data, lane.headers["ETag"]) == (view.data, view.headers["ETag"])


def test_whatever_is_asked_no_more_is_kept_than_there_are_languages(client: FlaskClient) -> None:
    for kept, path in ((public.poll_renderings, ""), (public.results_renderings, "/results")):
        for locale in ("fr", "ja", "en"):
            client.get(f"{POLL}{path}?locale={locale}")
        rendered = len(kept)
        for locale in ("fr-BE", "fr-x-a", "ja-Latn", "sw", "EN-gb", "%ff", "ja_JP"):
            assert client.get(f"{POLL}{path}?locale={locale}").status_code == 200
        assert len(kept) == rendered


@pytest.mark.parametrize("path", ["", "/results"])
def test_an_alphabetical_order_is_that_of_the_language(
    stores: Stores, client: FlaskClient, path: str
) -> None:
    draft = polls.draft_of(polls.find(stores, "made"))
    sorts = replace(draft, choice_order=ChoiceOrder.ALPHABETICAL)
    edits.edit(stores, OPERATOR, "made", sorts, None, NOON)
    assert words(read(client, POLL + path))[1:] == ["Rice", "Salt", "Tea"]
    assert words(read(client, f"{POLL}{path}?locale=fr"))[1:] == ["Du sel", "Le thé", "Riz"]


def test_results_come_in_the_language_too_and_count_the_same(client: FlaskClient) -> None:
    Api(client, "made").cast(ballot("c2"))
    own, french = read(client, f"{POLL}/results"), read(client, f"{POLL}/results?locale=fr")
    assert words(own) == ["Which one?", "Rice", "Tea", "Salt"]
    assert words(french) == ["Lequel ?", "Riz", "Le thé", "Du sel"]
    assert french["revision"] == own["revision"]
    figures = [[c["votes"] for c in each["questions"][0]["choices"]] for each in (own, french)]
    assert figures == [[0, 1, 0]] * 2


def test_results_for_voters_alone_come_in_the_language_too(
    stores: Stores, client: FlaskClient
) -> None:
    draft = polls.draft_of(polls.find(stores, "made"))
    after = replace(draft, results_visibility=ResultsVisibility.AFTER_VOTE)
    edits.edit(stores, OPERATOR, "made", after, None, NOON)
    receipt = Api(client, "made").cast(ballot("c1")).json["receipt"]
    answer = client.get(f"{POLL}/results?locale=fr", headers={"Voxpop-Receipt": receipt})
    assert words(answer.json)[1] == "Riz"
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_ballots_answer_has_the_sites_language(client: FlaskClient) -> None:
    counted = Api(client, "made").cast(ballot("c1")).json
    assert words(counted["results"]) == ["Which one?", "Rice", "Tea", "Salt"]


@pytest.mark.parametrize(
    "path",
    ["/polls/made?", "/polls/made/results?", "/embed/made?", "/polls/made/confirm?q1=c1&"],
)
def test_pages_of_a_poll_are_in_the_language_of_their_address(
    client: FlaskClient, path: str
) -> None:
    page = client.get(f"{path}locale=fr-CA").text
    assert '<bdi lang="fr">Lequel ?</bdi>' in page
    assert "Which one?" not in page
    assert "Which one?" in client.get(path).text


def test_a_text_that_is_not_translated_is_marked_as_what_it_is(client: FlaskClient) -> None:
    page = client.get("/polls/made?locale=ja").text
    assert '<bdi lang="en">Which one?</bdi>' in page
    assert '<bdi lang="ja">米</bdi>' in page
    assert '<bdi lang="en">Tea</bdi>' in page


def test_the_archive_asks_in_the_language_of_its_address(client: FlaskClient) -> None:
    page = client.get("/polls?locale=fr-CA").text
    assert re.search(r'lang="fr">\s*<a href="[^"]*/polls/made[^"]*">Lequel \?</a>', page)
    assert "Which region news you interested in most?" in page
    assert "Which one?" in client.get("/polls?locale=ja").text


def test_a_pasted_link_embeds_the_poll_in_the_language_of_the_link(client: FlaskClient) -> None:
    def embedded(query: str) -> Any:
        address = f"{OWN_ORIGIN}/polls/made{query}"
        return client.get("/oembed", query_string={"url": address}).json

    french, other = embedded("?locale=fr-CA"), embedded("?locale=de")
    assert french["title"] == "Lequel ?"
    assert f'src="{OWN_ORIGIN}/embed/made?locale=fr"' in french["html"]
    assert f'href="{OWN_ORIGIN}/polls/made?locale=fr"' in french["html"]
    assert other == embedded("")


@pytest.mark.parametrize("asked", ["", "?locale=fr", "?locale=ar"])
def test_the_picture_beside_a_poll_is_in_its_language(client: FlaskClient, asked: str) -> None:
    page = f"{OWN_ORIGIN}/polls/made"
    card = f"{page}/card.png{asked if asked == '?locale=fr' else ''}"
    embed = read(client, f"/oembed?{urlencode({'url': f'{page}{asked}'})}")
    assert embed["thumbnail_url"] == card
    assert f'<meta property="og:image" content="{card}">' in client.get(f"/polls{asked}").text
    assert client.get(card.removeprefix(OWN_ORIGIN)).status_code == 200
