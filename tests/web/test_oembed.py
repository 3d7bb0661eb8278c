"""oEmbed: a pasted link becomes a poll."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from service.records import Choice, Question, Schedule, Status, WhenClosed
from tests.support.voters import OWN_ORIGIN
from tests.web.conftest import MakePoll

POLL = f"{OWN_ORIGIN}/polls/region-interest"
QUESTION = "Which region news you interested in most?"


def embed(client: FlaskClient, **asked: str) -> Any:
    return client.get("/oembed", query_string={"url": POLL, **asked})


def test_it_is_the_frame_with_a_link_to_the_poll_below(client: FlaskClient) -> None:
    answer = embed(client)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    html = answer.json.pop("html")
    assert answer.json | {"html": ""} == {
        "version": "1.0",
        "type": "rich",
        "title": QUESTION,
        "provider_name": "Voxpop",
        "provider_url": OWN_ORIGIN,
        "cache_age": 3600,
        "thumbnail_url": f"{POLL}/card.png",
        "thumbnail_width": 1200,
        "thumbnail_height": 630,
        "width": 704,
        "height": 608,
        "html": "",
    }
    assert html == (
        f'<iframe src="{OWN_ORIGIN}/embed/region-interest" title="{QUESTION}"\n'
        '  width="100%" height="580" frameborder="0" loading="lazy"></iframe>\n'
        f'<a href="{POLL}">The poll on a page of its own</a>'
    )


@pytest.mark.parametrize(
    "url",
    [POLL, f"{POLL}/", f"{POLL}?utm_source=letter#top", f"{OWN_ORIGIN}/embed/region-interest"],
)
def test_every_address_of_a_poll_is_known(client: FlaskClient, url: str) -> None:
    assert embed(client, url=url).json["title"] == QUESTION


@pytest.mark.parametrize(
    "url",
    [
        f"{OWN_ORIGIN}/polls/nothing",
        f"{OWN_ORIGIN}/polls",
        f"{OWN_ORIGIN}/polls/region-interest/results",
        f"{OWN_ORIGIN}/v1/polls/region-interest",
        f"{OWN_ORIGIN}.evil.test/polls/region-interest",
        "https://evil.test/polls/region-interest",
        "http://user@polls.test/polls/region-interest",
        "//polls.test/polls/region-interest",
        "/polls/region-interest",
        "http://[/polls/region-interest",
        f"{OWN_ORIGIN}/polls/%00",
        f"{OWN_ORIGIN}/polls/\0",
        "x",
    ],
)
def test_no_other_address_is(client: FlaskClient, url: str) -> None:
    answer = embed(client, url=url)
    assert (answer.status_code, answer.json["code"]) == (404, "poll_not_found")


def test_a_draft_is_not_found(client: FlaskClient, make_poll: MakePoll) -> None:
    path = make_poll(schedule=Schedule(Status.DRAFT))
    assert embed(client, url=OWN_ORIGIN + path).status_code == 404


@pytest.mark.parametrize("written", ["yaml", "JSON", "xml+oembed"])
def test_another_format_is_not_offered(client: FlaskClient, written: str) -> None:
    answer = embed(client, format=written)
    assert (answer.status_code, answer.json["code"]) == (501, "format_not_offered")


@pytest.mark.parametrize(
    "asked", [{"url": ""}, {"maxwidth": "wide"}, {"maxheight": "-1"}, {"maxwidth": "0"}]
)
def test_what_cannot_be_read_is_named(client: FlaskClient, asked: dict[str, str]) -> None:
    answer = embed(client, **asked)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == f"?{next(iter(asked))}"


def test_a_consumer_may_say_more_than_is_known_of(client: FlaskClient) -> None:
    assert embed(client, dnt="1", discover="true", maxwidth="").status_code == 200


def fields(answer: Any) -> dict[str, str | None]:
    """What an XML answer holds."""
    root = ElementTree.fromstring(answer.data)  # noqa: S314 - the service's own
    return {field.tag: field.text for field in root}


class TestXml:
    def test_it_says_the_same_as_json(self, client: FlaskClient) -> None:
        answer = embed(client, format="xml")
        assert answer.content_type == "text/xml; charset=utf-8"
        assert fields(answer) == {name: str(value) for name, value in embed(client).json.items()}

    def test_words_stay_words(self, client: FlaskClient, make_poll: MakePoll) -> None:
        evil = "</title><script>\"'&]]> ٣"
        question = Question("q1", evil, (Choice("c1", "a"), Choice("c2", "b")))
        url = OWN_ORIGIN + make_poll(question)
        assert fields(embed(client, url=url, format="xml"))["title"] == evil
        html = embed(client, url=url).json["html"]
        assert re.findall(r"<(\w+)", html) == ["iframe", "a"]
        assert 'title="&lt;/title&gt;&lt;script&gt;&#34;&#39;&amp;' in html


class TestSize:
    def test_it_keeps_within_the_place_that_there_is(self, client: FlaskClient) -> None:
        given = embed(client, maxwidth="320", maxheight="400").json
        assert (given["width"], given["height"]) == (320, 400)
        assert 'width="100%" height="372"' in given["html"]

    @pytest.mark.parametrize(("room", "frame", "link"), [(29, 1, 1), (28, 28, 0), (1, 1, 0)])
    def test_where_there_is_hardly_room_the_link_is_left_out(
        self, client: FlaskClient, room: int, frame: int, link: int
    ) -> None:
        given = embed(client, maxheight=str(room)).json
        assert given["height"] == room
        assert f'height="{frame}"' in given["html"]
        assert given["html"].count("<a ") == link

    def test_it_takes_no_more_than_it_needs(self, client: FlaskClient) -> None:
        given = embed(client, maxwidth="9000", maxheight="9000").json
        assert (given["width"], given["height"]) == (704, 608)


def test_a_poll_that_says_nothing_any_more_has_no_question_and_needs_little_room(
    client: FlaskClient, make_poll: MakePoll
) -> None:
    path = make_poll(
        title="Which one?", schedule=Schedule(Status.CLOSED), when_closed=WhenClosed.NOTHING
    )
    answer = embed(client, url=OWN_ORIGIN + path)
    assert "Which one" not in answer.text
    assert (answer.json["title"], answer.json["height"]) == ("Poll", 118)


def test_any_program_may_read_it_and_any_cache_may_keep_it(client: FlaskClient) -> None:
    first = embed(client)
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert first.headers["Cache-Control"] == "public, max-age=60, stale-while-revalidate=300"
    again = client.get(
        "/oembed", query_string={"url": POLL}, headers={"If-None-Match": first.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")
