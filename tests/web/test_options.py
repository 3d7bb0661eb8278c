"""What an owner decides about a poll holds for all who ask, on every way they can ask."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from service.app import create_app
from service.config import Settings
from service.domain import others
from service.records import (
    OPERATOR,
    Choice,
    ChoiceOrder,
    Question,
    QuestionType,
    ResultsOrder,
    ResultsVisibility,
    Schedule,
    Status,
    WhenClosed,
)
from service.stores import Stores
from service.stores.sql import models
from service.stores.sql.db import db
from service.web.headers import POLICY
from tests.conftest import NOON, FakeClock
from tests.support.voters import Api, ballot, new_token
from tests.web.conftest import WITH_OTHER, MakePoll

pytestmark = pytest.mark.both_databases

OVER = NOON + timedelta(hours=1)
HIDING = [WhenClosed.QUESTION, WhenClosed.NOTHING]


@pytest.fixture
def made(client: FlaskClient) -> Api:
    """The public API for the poll that `make_poll` makes."""
    return Api(client, "made")


@pytest.fixture
def behind(settings: Settings) -> Iterator[Any]:
    """The service with other settings."""
    apps: list[Flask] = []

    def make(**changes: Any) -> Api:
        app = create_app(replace(settings, **changes))
        apps.append(app)
        return Api(app.test_client())

    yield make
    for app in apps:
        with app.app_context():
            db.engine.dispose()


def another(text: str, **fields: Any) -> dict[str, Any]:
    return ballot("c4", other_texts={"q1": text}, **fields)


def show(stores: Stores, *texts: str) -> None:
    """An owner lets the texts show."""
    for start in range(0, len(texts), others.MOST_AT_ONCE):
        some = texts[start : start + others.MOST_AT_ONCE]
        others.show(stores, OPERATOR, "made", "q1", some, NOON)


def selected(*columns: Any) -> list[Any]:
    """The rows of a table."""
    with db.engine.connect() as connection:
        return list(connection.execute(sa.select(*columns)))


def texts_kept() -> Mapping[str, tuple[int, str]]:
    table = models.OtherText
    return {
        row.text: (row.votes, row.status) for row in selected(table.text, table.votes, table.status)
    }


def counts_in(document: Any) -> Iterator[int]:
    """Every number in the document that may be a count."""
    if isinstance(document, dict):
        for name, value in document.items():
            if name not in ("percent", "revision"):
                yield from counts_in(value)
    elif isinstance(document, list):
        for value in document:
            yield from counts_in(value)
    elif isinstance(document, int) and not isinstance(document, bool):
        yield document


class TestDefinition:
    def test_a_poll_says_how_it_is_to_be_shown(
        self, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        pictured = Choice("c1", "Rice", image_url="https://img.test/rice.jpg", image_alt="A bowl")
        path = make_poll(
            Question("q1", "Which one?", (pictured, Choice("c2", "Else", is_other=True))),
            choice_order=ChoiceOrder.SHUFFLED,
            results_order=ResultsOrder.BY_VOTES,
            percent_only=True,
            thank_you="Thank you.",
            when_closed=WhenClosed.QUESTION,
        )
        poll: Any = client.get(f"/v1{path}").json
        assert (poll["choice_order"], poll["results_order"]) == ("shuffled", "by_votes")
        assert (poll["percent_only"], poll["thank_you"]) == (True, "Thank you.")
        assert poll["when_closed"] == "question"
        first, last = poll["questions"][0]["choices"]
        assert (first["image_url"], first["image_alt"]) == ("https://img.test/rice.jpg", "A bowl")
        assert (first["is_other"], last["is_other"]) == (False, True)


class TestPages:
    def test_a_page_allows_the_hosts_of_its_pictures_and_no_others(
        self, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        rice = Choice("c1", "Rice", "https://img.test/rice.jpg?w=1;script-src", "A bowl")
        path = make_poll(Question("q1", "Which one?", (rice, Choice("c2", "Tea"))))
        page = client.get(path)
        policy = page.headers["Content-Security-Policy"]
        assert policy == POLICY.replace("img-src 'self'", "img-src 'self' https://img.test")
        assert 'alt="A bowl"' in page.text
        assert 'loading="lazy"' in page.text
        assert client.get("/polls/region-interest").headers["Content-Security-Policy"] == POLICY

    @pytest.mark.parametrize(
        ("address", "source"),
        [
            ("https://my_bucket.s3.amazonaws.test/a.png", "https://*.s3.amazonaws.test"),
            ("https://bücher.test/a.png", "https://xn--bcher-kva.test"),
            ("https://IMG.test:443?size=9", "https://img.test"),
        ],
    )
    def test_a_picture_that_a_draft_may_have_is_allowed_on_page_and_frame(
        self, client: FlaskClient, make_poll: MakePoll, address: str, source: str
    ) -> None:
        rice = Choice("c1", "Rice", address, "A bowl")
        make_poll(Question("q1", "Which one?", (rice, Choice("c2", "Tea"))))
        for path in ("/polls/made", "/embed/made"):
            policy = client.get(path).headers["Content-Security-Policy"]
            assert f"img-src 'self' {source} data:" in policy

    def test_thanks_are_shown_by_the_address_alone(
        self, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        path = make_poll(thank_you="Thank you for your time.")
        banner = client.get(f"{path}/results").text.split('id="voted"')[1].split("</p>")[0]
        assert "Your vote is counted." in banner
        assert "Thank you for your time." in banner

    def test_a_shuffled_poll_is_the_same_page_for_all(
        self, app: Flask, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        path = make_poll(choice_order=ChoiceOrder.SHUFFLED)
        assert client.get(path).data == app.test_client().get(path).data


class TestOtherTexts:
    def test_a_text_is_counted_and_waits_for_an_owner(self, make_poll: MakePoll, made: Api) -> None:
        make_poll(WITH_OTHER)
        for text in ("Oats", " Oats ", "Rye"):
            assert made.cast(another(text)).status_code == 201
        assert texts_kept() == {"Oats": (2, "pending"), "Rye": (1, "pending")}
        (question,) = made.results().json["questions"]
        assert question["other_texts"] == []
        assert made.votes() == {"c4": 3}

    def test_texts_that_an_owner_lets_show_stand_in_the_results_most_votes_first(
        self, stores: Stores, make_poll: MakePoll, made: Api
    ) -> None:
        make_poll(WITH_OTHER)
        for text in ("Rye", "Oats", "Oats", "Spam"):
            made.cast(another(text))
        show(stores, "Rye", "Oats")
        (question,) = made.results().json["questions"]
        assert question["other_texts"] == [
            {"text": "Oats", "votes": 2},
            {"text": "Rye", "votes": 1},
        ]

    def test_at_most_fifty_texts_show(self, stores: Stores, make_poll: MakePoll, made: Api) -> None:
        make_poll(WITH_OTHER)
        texts = [f"Text {number}" for number in range(51)]
        for text in (*texts, texts[-1]):
            made.cast(another(text))
        show(stores, *texts)
        (question,) = made.results().json["questions"]
        assert len(question["other_texts"]) == 50
        assert question["other_texts"][0] == {"text": "Text 50", "votes": 2}

    def test_the_text_stands_on_the_ballot(self, make_poll: MakePoll, made: Api) -> None:
        make_poll(WITH_OTHER)
        body = another("Oats")
        made.cast(body)
        made.cast(ballot("c1"))
        kept = dict(
            db.session.execute(sa.select(models.Ballot.id, models.Ballot.other_texts)).all()
        )
        assert kept.pop(UUID(body["ballot_id"])) == {"q1": "Oats"}
        assert list(kept.values()) == [None]

    def test_the_same_ballot_again_counts_its_text_once(
        self, make_poll: MakePoll, made: Api
    ) -> None:
        make_poll(WITH_OTHER)
        body = another("Oats")
        assert [made.cast(body).status_code for _ in range(3)] == [201, 200, 200]
        assert texts_kept() == {"Oats": (1, "pending")}

    @pytest.mark.parametrize("shielded", [True, False])
    def test_another_text_under_the_same_id_is_another_ballot(
        self, make_poll: MakePoll, made: Api, empty_redis: Any, shielded: bool
    ) -> None:
        make_poll(WITH_OTHER)
        body = another("Oats")
        made.cast(body)
        if not shielded:
            empty_redis.flush()
        refusal = made.cast({**body, "other_texts": {"q1": "Rye"}})
        assert (refusal.status_code, refusal.json["code"]) == (422, "ballot_id_reused")
        assert texts_kept() == {"Oats": (1, "pending")}

    @pytest.mark.parametrize(
        ("choice", "texts", "pointer"),
        [
            ("c4", {}, "/other_texts/q1"),
            ("c4", {"q1": " "}, "/other_texts/q1"),
            ("c4", {"q1": "x" * 201}, "/other_texts/q1"),
            ("c1", {"q1": "Oats"}, "/other_texts/q1"),
            ("c4", {"q1": "Oats", "q2": "Rye"}, "/other_texts/q2"),
        ],
    )
    def test_a_text_that_does_not_fit_the_answers_is_refused(
        self, make_poll: MakePoll, made: Api, choice: str, texts: Any, pointer: str
    ) -> None:
        make_poll(WITH_OTHER)
        refusal = made.cast(ballot(choice, other_texts=texts))
        assert (refusal.status_code, refusal.json["code"]) == (422, "invalid_choice")
        assert [error["pointer"] for error in refusal.json["errors"]] == [pointer]
        assert texts_kept() == {}

    @pytest.mark.parametrize("texts", [None, [], "Oats", {"q1": 1}, {"q1": None}, {"x" * 33: "y"}])
    def test_texts_of_another_shape_are_refused(
        self, make_poll: MakePoll, made: Api, texts: Any
    ) -> None:
        make_poll(WITH_OTHER)
        refusal = made.cast(ballot("c4", other_texts=texts))
        assert (refusal.status_code, refusal.json["code"]) == (422, "validation_error")


class TestRetired:
    def test_a_retired_choice_is_not_offered_not_taken_and_keeps_its_votes(
        self, make_poll: MakePoll, made: Api, behind: Any
    ) -> None:
        path = make_poll()
        made.cast(ballot("c2"))
        retired = sa.update(models.Choice).where(models.Choice.text == "Tea")
        with db.engine.begin() as connection:
            connection.execute(retired.values(retired_at=NOON))
        made = replace(behind(), slug="made")  # which has not read the poll before
        poll: Any = made.client.get("/v1/polls/made").json
        assert [one["id"] for one in poll["questions"][0]["choices"]] == ["c1", "c3"]
        assert 'value="c2"' not in made.client.get(path).text
        refusal = made.cast(ballot("c2"))
        assert (refusal.status_code, refusal.json["code"]) == (422, "invalid_choice")
        rows = made.results().json["questions"][0]["choices"]
        assert [(row["id"], row["votes"], row["retired"]) for row in rows] == [
            ("c1", 0, False),
            ("c2", 1, True),
            ("c3", 0, False),
        ]


class TestPercentOnly:
    def test_no_count_is_in_any_answer(
        self, stores: Stores, client: FlaskClient, make_poll: MakePoll, made: Api
    ) -> None:
        path = make_poll(WITH_OTHER, percent_only=True)
        voter = new_token()
        cast = made.cast(ballot("c1", voter=voter))
        for choice in ("c1", "c2"):
            made.cast(ballot(choice))
        made.cast(another("Oats"))
        show(stores, "Oats")
        refused = made.cast(ballot("c2", voter=voter))
        assert cast.json["results"]["questions"][0]["choices"][0]["percent"] == 100.0
        documents = [cast.json["results"], refused.json["results"], made.results().json]
        assert [list(counts_in(document)) for document in documents] == [[], [], []]
        assert made.results().headers["ETag"].startswith(f'"{documents[-1]["revision"]}-')
        (question,) = documents[-1]["questions"]
        assert [choice["percent"] for choice in question["choices"]] == [50.0, 25.0, 0.0, 25.0]
        assert question["other_texts"] == [{"text": "Oats", "votes": None}]
        for page in (path, f"{path}/results"):
            text = client.get(page).text
            assert "has voted" not in text
            assert "have voted" not in text
            assert "votes" not in text


class TestWhenClosed:
    """A poll that is over and hides its results hides them on every channel."""

    @pytest.fixture
    def over(self, make_poll: MakePoll, made: Api, clock: FakeClock) -> Any:
        """Makes a poll, casts a ballot in it, and lets it close; the voter and the ETag of the
        results while they showed."""

        def close(when_closed: WhenClosed, **fields: Any) -> tuple[dict[str, Any], str]:
            schedule = Schedule(Status.OPEN, closes_at=OVER)
            make_poll(schedule=schedule, when_closed=when_closed, **fields)
            body = ballot("c1", voter=new_token())
            made.cast(body)
            tag = made.results().headers.get("ETag", "")
            clock.moment = OVER
            return body, tag

        return close

    @pytest.mark.parametrize("when_closed", HIDING)
    def test_the_results_are_hidden_even_from_who_has_seen_them(
        self, made: Api, over: Any, when_closed: WhenClosed
    ) -> None:
        _, tag = over(when_closed)
        for headers in ({}, {"If-None-Match": tag}, {"If-None-Match": "*"}):
            hidden = made.results(**headers)
            assert (hidden.status_code, hidden.json["code"]) == (403, "results_hidden")
            assert "ETag" not in hidden.headers
            assert hidden.headers["Cache-Control"] == "no-store"

    @pytest.mark.parametrize("when_closed", HIDING)
    def test_a_receipt_opens_nothing(self, made: Api, over: Any, when_closed: WhenClosed) -> None:
        body, _ = over(when_closed, results_visibility=ResultsVisibility.AFTER_VOTE)
        receipt = made.cast(body).json["receipt"]
        assert made.results(**{"Voxpop-Receipt": receipt}).status_code == 403
        page = made.client.get("/polls/made/results", query_string={"receipt": receipt})
        assert page.status_code == 403
        assert not re.search(r"\d ?%", page.text)

    @pytest.mark.parametrize("when_closed", HIDING)
    def test_the_answers_to_votes_hold_no_results(
        self, made: Api, over: Any, when_closed: WhenClosed
    ) -> None:
        body, _ = over(when_closed)
        again = made.cast(body)
        assert (again.status_code, again.json["results"]) == (200, None)
        new = made.cast(ballot("c2"))
        assert (new.status_code, new.json["code"]) == (409, "poll_closed")
        assert "results" not in new.json
        other = made.cast(ballot("c2", voter=body["voter"]))
        assert (other.status_code, other.json["code"]) == (409, "already_voted")
        assert other.json["results"] is None

    @pytest.mark.parametrize("when_closed", HIDING)
    def test_the_pages_show_no_figure(self, made: Api, over: Any, when_closed: WhenClosed) -> None:
        over(when_closed)
        page = made.client.get("/polls/made")
        results = made.client.get("/polls/made/results")
        assert (page.status_code, results.status_code) == (200, 403)
        for text in (page.text, results.text):
            assert "Voting has closed" in text
            assert not re.search(r"\d ?%", text)
            assert "reader has voted" not in text
            assert "<rect" not in text
            assert ("Which one?" in text) == (when_closed is WhenClosed.QUESTION)
        assert ("Rice" in page.text) == (when_closed is WhenClosed.QUESTION)

    @pytest.mark.parametrize(("title", "heading"), [("Which one?", "Poll"), ("Crops", "Crops")])
    def test_no_page_says_the_question_where_only_the_end_is_to_be_said(
        self, made: Api, over: Any, title: str, heading: str
    ) -> None:
        over(WhenClosed.NOTHING, title=title)
        for path in ("/polls/made", "/polls/made/results", "/embed/made"):
            page = made.client.get(path).text
            assert "Which one?" not in page
            assert heading in page

    def test_results_show_where_the_owner_lets_them(self, made: Api, over: Any) -> None:
        over(WhenClosed.RESULTS)
        assert made.results().json["ballots"] == 1
        assert "1 reader has voted" in made.client.get("/polls/made/results").text


class TestCountry:
    def country(self, body: dict[str, Any]) -> str | None:
        countries: dict[UUID, str | None] = dict(selected(models.Ballot.id, models.Ballot.country))
        return countries[UUID(body["ballot_id"])]

    @pytest.mark.parametrize(
        ("said", "kept"), [("IN", "IN"), ("in", None), ("T1", None), ("IND", None), ("", None)]
    )
    @pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8"])
    def test_two_letters_of_a_trusted_proxy_are_kept(
        self, app: Flask, behind: Any, said: str, kept: str | None, kind: str
    ) -> None:
        api = behind(trusted_proxies=1, country_header="CF-IPCountry")
        body = ballot()
        answer = api.cast(body, headers={"CF-IPCountry": said, "Content-Type": kind})
        assert answer.status_code == 201
        assert self.country(body) == kept

    @pytest.mark.parametrize(
        "settings_of_it",
        [{"trusted_proxies": 0, "country_header": "CF-IPCountry"}, {"trusted_proxies": 1}],
    )
    def test_nobody_else_is_believed(
        self, app: Flask, behind: Any, settings_of_it: dict[str, Any]
    ) -> None:
        body = ballot()
        behind(**settings_of_it).cast(body, headers={"CF-IPCountry": "IN"})
        assert self.country(body) is None


def test_several_choices_may_have_a_text_with_them(make_poll: MakePoll, made: Api) -> None:
    several = replace(WITH_OTHER, type=QuestionType.MULTIPLE_CHOICE, max_choices=2)
    make_poll(several)
    body = ballot(answers={"q1": ["c4", "c1"]}, other_texts={"q1": "Oats"})
    assert made.cast(body).status_code == 201
    assert made.votes() == {"c1": 1, "c4": 1}
