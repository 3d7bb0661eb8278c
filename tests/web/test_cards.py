"""What a poll's page tells those who show a link to it."""

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.records import Choice, Question, Schedule, Status, WhenClosed
from tests.conftest import NOON, FakeClock
from tests.support.voters import OWN_ORIGIN, Api, ballot
from tests.web.conftest import CHOICES, ONE, UP_TO_TWO, MakePoll

ADDRESS = f"{OWN_ORIGIN}/polls/made"
OEMBED = f"{OWN_ORIGIN}/oembed?url=http%3A%2F%2Fpolls.test%2Fpolls%2Fmade&format="
CLOSED = Schedule(Status.CLOSED)


def told(page: str) -> dict[str, str]:
    """The page's meta elements."""
    found = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', page)
    return {name: unescape(content) for name, content in found}


def linked_data(page: str) -> dict[str, Any]:
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    loaded: dict[str, Any] = json.loads(data)
    return loaded


def test_a_link_shows_the_question_and_what_it_offers(
    client: FlaskClient, make_poll: MakePoll
) -> None:
    page = client.get(make_poll()).text
    assert "<title>Which one? " in page
    assert f'<link rel="canonical" href="{ADDRESS}">' in page
    words = told(page)
    assert words["description"] == "Vote in this poll: Rice, Tea, Salt"
    assert (words["og:title"], words["twitter:title"]) == ("Which one?", "Which one?")
    assert words["og:description"] == words["twitter:description"] == words["description"]
    assert (words["og:url"], words["og:type"]) == (ADDRESS, "website")
    assert words["twitter:card"] == "summary_large_image"
    assert words["og:image"] == words["twitter:image"] == f"{ADDRESS}/card.png"
    assert (words["og:image:width"], words["og:image:height"]) == ("1200", "630")
    assert words["og:image:alt"] == "Which one? The poll as a picture."


def test_the_card_of_a_page_in_another_language_has_its_picture(
    client: FlaskClient, make_poll: MakePoll
) -> None:
    path = make_poll(Question("q1", "Which one?", CHOICES, translations={"fr": {"text": "Qui ?"}}))
    words = told(client.get(f"{path}?locale=fr").text)
    assert words["og:image"] == f"{ADDRESS}/card.png?locale=fr"
    assert client.get(f"{path}/card.png?locale=fr").status_code == 200


@pytest.mark.parametrize(
    ("schedule", "lead"),
    [
        (Schedule(Status.OPEN, opens_at=NOON + timedelta(1)), "Voting has not opened yet: Rice"),
        (CLOSED, "Voting has closed: Rice"),
        (Schedule(Status.ARCHIVED), "Voting has closed: Rice"),
    ],
)
def test_it_says_where_the_poll_stands(
    client: FlaskClient, make_poll: MakePoll, schedule: Schedule, lead: str
) -> None:
    assert told(client.get(make_poll(schedule=schedule)).text)["description"].startswith(lead)


def test_a_long_list_of_choices_is_cut(client: FlaskClient, make_poll: MakePoll) -> None:
    choices = tuple(Choice(f"c{place}", "A long choice " * 3 + str(place)) for place in range(1, 9))
    description = told(client.get(make_poll(Question("q1", "Which?", choices))).text)["description"]
    assert 150 < len(description) <= 200
    assert description.endswith("…")


def test_consumers_find_the_poll_as_oembed(client: FlaskClient, make_poll: MakePoll) -> None:
    page = " ".join(unescape(client.get(make_poll()).text).split())
    for kind, written in (("application/json+oembed", "json"), ("text/xml+oembed", "xml")):
        link = f'<link rel="alternate" type="{kind}" href="{OEMBED}{written}" title="Which one?">'
        assert link in page
        assert client.get(f"{OEMBED}{written}").status_code == 200


class TestLinkedData:
    def test_it_is_a_page_about_questions_on_which_one_votes(
        self, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        closes_at = NOON + timedelta(days=1)
        data = linked_data(
            client.get(make_poll(schedule=Schedule(Status.OPEN, None, closes_at))).text
        )
        answers = [{"@type": "Answer", "text": text} for text in ("Rice", "Tea", "Salt")]
        assert data == {
            "@context": "https://schema.org",
            "@type": "WebPage",
            "url": ADDRESS,
            "name": "Which one?",
            "image": f"{ADDRESS}/card.png",
            "inLanguage": "en",
            "mainEntity": [{"@type": "Question", "name": "Which one?", "suggestedAnswer": answers}],
            "potentialAction": {
                "@type": "VoteAction",
                "target": ADDRESS,
                "endTime": closes_at.isoformat(),
            },
        }

    def test_of_a_poll_that_is_over_nobody_is_asked_to_vote(
        self, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        data = linked_data(client.get(make_poll(ONE, UP_TO_TWO, schedule=CLOSED)).text)
        assert [question["name"] for question in data["mainEntity"]] == ["Which one?", "Which two?"]
        assert "potentialAction" not in data

    def test_no_word_of_a_poll_ends_it(self, client: FlaskClient, make_poll: MakePoll) -> None:
        evil = '</script><!--<script>"&'
        choices = (Choice("c1", evil), Choice("c2", "b"))
        page = client.get(make_poll(Question("q1", evil, choices))).text
        assert linked_data(page)["name"] == evil
        assert told(page)["og:title"] == evil
        assert page.count("</script>") == 2


class TestSecrets:
    def test_a_poll_that_says_nothing_any_more_is_a_poll_that_has_closed(
        self, client: FlaskClient, make_poll: MakePoll, clock: FakeClock
    ) -> None:
        closes_at = NOON + timedelta(days=1)
        path = make_poll(
            title="Which one?",
            schedule=Schedule(Status.OPEN, None, closes_at),
            when_closed=WhenClosed.NOTHING,
        )
        assert "Which one?" in client.get(path).text
        clock.moment = closes_at
        page = client.get(path).text
        assert "Which one" not in page
        assert "Rice" not in page
        assert told(page)["og:description"] == "A poll for readers. Voting has closed."
        assert set(linked_data(page)) == {"@context", "@type", "url", "name", "image", "inLanguage"}

    def test_no_card_tells_results(self, client: FlaskClient, make_poll: MakePoll) -> None:
        path = make_poll()
        before = client.get(path).text.split("</head>")[0]
        assert Api(client, "made").cast(ballot()).status_code == 201
        assert client.get(path).text.split("</head>")[0] == before
