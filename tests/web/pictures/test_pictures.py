"""A poll's pictures: what they tell, whom they never tell it, and how they are kept."""

import re
import struct
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.domain import edits, polls
from service.records import (
    OPERATOR,
    Choice,
    Question,
    ResultsVisibility,
    Schedule,
    Status,
    WhenClosed,
)
from service.stores import Stores
from service.web import catalogues
from service.web.pictures import views
from service.web.pictures.rendering import Picture
from tests.conftest import NOON, FakeClock
from tests.support.voters import Api, ballot
from tests.web.conftest import CHOICES, ONE, UP_TO_TWO, MakePoll


def words(client: FlaskClient, query: str = "") -> str:
    """All that the picture says, its lines apart."""
    svg = client.get(f"/polls/made/picture.svg{query}").text
    lines = re.findall(r"<text[^>]*>(.*?)</text>", svg)
    return "\n".join(re.sub(r"<[^>]+>|&#x2069;|[\u2066-\u2069]", "", line) for line in lines)


def votes(client: FlaskClient, *choices: str) -> None:
    """Cast these votes in the poll; a picture may be drawn anew then."""
    for choice in choices:
        assert Api(client, "made").cast(ballot(choice)).status_code == 201
    forget(client)


def forget(client: FlaskClient) -> None:
    """Let the time pass that pictures are kept."""
    views.register(client.application)


def size(png: bytes) -> tuple[int, int]:
    """The PNG's width and height in pixels."""
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


class TestWhatItTells:
    def test_the_results_as_of_when(self, client: FlaskClient, make_poll: MakePoll) -> None:
        make_poll()
        votes(client, "c1", "c1", "c2")
        assert words(client).splitlines() == [
            "Centre for the Study of Asian Affairs",
            "Which one?",
            "Rice",
            "66.7%",
            "2",
            "Tea",
            "33.3%",
            "1",
            "Salt",
            "0.0%",
            "0",
            "3 readers have voted",
            "as of 24 November 2026, 17:30 (GMT+05:30)",
            "Readers who chose to take part; not a scientific sample.",
            "polls.test",
        ]

    def test_before_the_first_vote_what_is_offered(
        self, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        make_poll(UP_TO_TWO)
        said = words(client)
        assert "Rice" in said
        assert "%" not in said
        assert "No reader has voted yet" in said

    def test_that_it_is_over(
        self, client: FlaskClient, make_poll: MakePoll, stores: Stores
    ) -> None:
        make_poll()
        votes(client, "c1")
        edits.set_status(stores, OPERATOR, "made", Status.CLOSED, NOON)
        said = words(client)
        assert "100.0%" in said
        assert "1 reader has voted · Voting has closed" in said

    def test_when_it_opens(self, client: FlaskClient, make_poll: MakePoll) -> None:
        opens_at = NOON + timedelta(days=1)
        make_poll(schedule=Schedule(Status.OPEN, opens_at))
        assert "Voting opens on 25 November 2026, 17:30 (GMT+05:30)" in words(client)

    def test_that_there_are_more_questions(self, client: FlaskClient, make_poll: MakePoll) -> None:
        make_poll(ONE, replace(ONE, code="q2", text="And then?"))
        assert "Centre for the Study of Asian Affairs · Question 1 of 2" in words(client)

    def test_that_readers_could_choose_several(
        self, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        make_poll(UP_TO_TWO)
        votes(client, "c1")
        assert "Each reader could choose several; not a scientific sample." in words(client)

    def test_the_poll_in_the_language_that_is_asked_for(
        self, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        rice, *others = CHOICES
        choices = (replace(rice, translations={"fr": {"text": "Riz"}}), *others)
        make_poll(replace(ONE, choices=choices, translations={"fr": {"text": "Lequel ?"}}))
        french = words(client, query="?locale=fr-CA").splitlines()
        assert french[1:5] == ["Lequel ?", "Riz", "Tea", "Salt"]
        assert french[5] == catalogues.catalogue("fr").text("No reader has voted yet")
        assert "Which one?" in words(client, query="?locale=de")

    def test_no_markup_of_a_text_gets_into_it(
        self, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        evil = '"></text><script>alert(1)</script>&'
        make_poll(Question("q1", evil, (Choice("c1", evil), Choice("c2", "b"))))
        answer = client.get("/polls/made/picture.svg")
        assert "<script" not in answer.text
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
        assert client.get("/polls/made/card.png").status_code == 200


class TestSecrets:
    @pytest.mark.parametrize(
        ("decisions", "why"),
        [
            (
                {"results_visibility": ResultsVisibility.AFTER_VOTE},
                "Results are shown to readers who have voted.",
            ),
            (
                {"results_visibility": ResultsVisibility.AFTER_CLOSE},
                "Results are shown when voting has closed.",
            ),
            ({"results_visibility": ResultsVisibility.OWNERS}, "Results are not published."),
        ],
    )
    def test_what_not_everybody_may_see_is_in_none(
        self, client: FlaskClient, make_poll: MakePoll, decisions: Any, why: str
    ) -> None:
        path = make_poll(**decisions)
        before = [client.get(f"{path}/{name}").data for name in ("picture.svg", "card.png")]
        votes(client, "c1", "c2")
        after = [client.get(f"{path}/{name}").data for name in ("picture.svg", "card.png")]
        assert after == before
        assert why in words(client)

    def test_where_percentages_alone_are_shown_there_is_no_count(
        self, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        make_poll(percent_only=True)
        votes(client, "c1", "c1", "c2")
        said = words(client)
        assert "66.7%" in said
        assert not re.search(r"^\d+$|have voted", said, re.MULTILINE)

    @pytest.mark.parametrize("shows", [WhenClosed.QUESTION, WhenClosed.NOTHING])
    def test_what_a_closed_poll_hides_is_gone_with_its_close(
        self, client: FlaskClient, make_poll: MakePoll, clock: FakeClock, shows: WhenClosed
    ) -> None:
        closes_at = NOON + timedelta(days=1)
        make_poll(schedule=Schedule(Status.OPEN, None, closes_at), when_closed=shows)
        votes(client, "c1")
        assert "100.0%" in words(client)
        clock.moment = closes_at
        said = words(client)
        assert "%" not in said
        assert "Voting has closed" in said
        assert ("Rice" in said) == (shows is WhenClosed.QUESTION)

    def test_of_a_draft_there_is_none(self, client: FlaskClient, make_poll: MakePoll) -> None:
        path = make_poll(schedule=Schedule(Status.DRAFT))
        for name in ("card.png", "picture.png", "picture.svg"):
            assert client.get(f"{path}/{name}").status_code == 404


class TestForms:
    def test_a_card_has_the_size_that_networks_ask_for(
        self, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        answer = client.get(f"{make_poll()}/card.png")
        assert answer.mimetype == "image/png"
        assert size(answer.data) == (1200, 630)

    def test_a_picture_is_as_high_as_it_needs(
        self, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        many = tuple(Choice(f"c{place}", f"Choice {place}") for place in range(1, 21))
        path = make_poll(Question("q1", "Which of these twenty?", many))
        width, height = size(client.get(f"{path}/picture.png").data)
        assert (width, height > 1400) == (1200, True)
        assert "Choice 20" in words(client)

    def test_any_page_may_show_it(self, client: FlaskClient, make_poll: MakePoll) -> None:
        answer = client.get(f"{make_poll()}/picture.png")
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Set-Cookie" not in answer.headers


class TestKept:
    def test_whoever_has_it_gets_nothing_drawn(
        self, client: FlaskClient, make_poll: MakePoll, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = f"{make_poll()}/card.png"
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == views.PICTURE_CACHE
        monkeypatch.setattr("service.web.pictures.rendering._png", None)
        again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")

    def test_votes_within_some_seconds_have_one_drawn(
        self, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        make_poll()
        before = words(client)
        Api(client, "made").cast(ballot("c1"))
        assert words(client) == before
        forget(client)
        assert "100.0%" in words(client)

    def test_an_edit_shows_at_once(
        self, client: FlaskClient, make_poll: MakePoll, stores: Stores
    ) -> None:
        make_poll()
        assert "Which one?" in words(client)
        poll = polls.find(stores, "made")
        draft = replace(polls.draft_of(poll), questions=(replace(ONE, text="Which now?"),))
        edits.edit(stores, OPERATOR, "made", draft, poll.row_version, NOON)
        assert "Which now?" in words(client)

    def test_however_many_ask_it_is_drawn_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        drawn: list[str] = []

        def draw(**options: Any) -> bytes:
            drawn.append(options["svg_string"])
            return b"drawn"

        monkeypatch.setattr("resvg_py.svg_to_bytes", draw)
        picture = Picture("<svg>asked for by many</svg>", "words")
        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(lambda _: picture.png, range(32))) == {b"drawn"}
        assert drawn == [picture.svg]
