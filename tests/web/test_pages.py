"""The HTML pages, as a browser without JavaScript uses them."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from service import errors
from service.domain import polls
from service.records import OPERATOR, Choice, Question, Schedule, Status
from service.stores import Stores
from service.web.headers import POLICY
from tests.conftest import NOON, FakeClock
from tests.support.voters import OWN_ORIGIN, Api, ballot
from tests.web.conftest import ONE, UP_TO_TWO, MakePoll

PAGE = "/polls/region-interest"
FORM = f"{PAGE}/ballots"
OWN = {"Origin": OWN_ORIGIN, "Sec-Fetch-Site": "same-origin", "Accept": "text/html"}


def send(client: FlaskClient, choice: str | None = "c1", **headers: str) -> Any:
    """Send the form as a browser does, following the turn that gives it its cookie."""
    data = {"q1": choice} if choice else {}
    answer = client.post(FORM, data=data, headers={**OWN, **headers})
    if answer.status_code == 307:
        answer = client.post(answer.headers["Location"], data=data, headers={**OWN, **headers})
    return answer


def test_the_front_page_leads_only_where_something_is(client: FlaskClient, stores: Stores) -> None:
    assert f'href="{PAGE}"' in client.get("/").text
    polls.delete(stores, OPERATOR, "region-interest", NOON)
    assert f'href="{PAGE}"' not in client.get("/").text


@pytest.mark.parametrize("path", ["/demo", PAGE, f"{PAGE}/results", "/polls", "/docs", "/"])
def test_a_page_is_the_same_for_every_reader_and_sets_no_cookie(
    client: FlaskClient, path: str
) -> None:
    first = client.get(path)
    second = client.application.test_client().get(path, headers={"Cookie": "voxpop_device=x"})
    assert (first.status_code, first.data) == (200, second.data)
    assert "Set-Cookie" not in first.headers
    policy = first.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "style=" not in first.text


def test_a_form_is_counted_once_the_browser_has_a_cookie(client: FlaskClient) -> None:
    first = client.post(FORM, data={"q1": "c2"}, headers=OWN)
    assert first.status_code == 307
    assert "HttpOnly" in first.headers["Set-Cookie"]
    counted = client.post(first.headers["Location"], data={"q1": "c2"}, headers=OWN)
    assert (counted.status_code, counted.headers["Location"]) == (303, f"{PAGE}/results#voted")
    assert client.get("/v1/polls/region-interest/results").json["ballots"] == 1  # type: ignore[index]


def test_a_form_sent_twice_counts_once_and_another_answer_is_refused(client: FlaskClient) -> None:
    assert [send(client, "c2").status_code for _ in range(2)] == [303, 303]
    refusal = send(client, "c3")
    assert refusal.status_code == 409
    assert "already voted" in refusal.text
    assert client.get("/v1/polls/region-interest/results").json["ballots"] == 1  # type: ignore[index]


def test_a_browser_that_keeps_no_cookie_is_told_so(client: FlaskClient) -> None:
    bare = client.application.test_client(use_cookies=False)
    refusal = send(bare)
    assert refusal.status_code == 403
    assert "cookie" in refusal.text


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.test"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_a_form_on_a_foreign_page_is_refused(client: FlaskClient, headers: dict[str, str]) -> None:
    assert send(client, "c1", **headers).status_code == 403


def test_a_form_without_a_choice_comes_back_with_the_error(client: FlaskClient) -> None:
    refusal = send(client, None)
    assert refusal.status_code == 422
    assert "aria-describedby" in refusal.text


def test_an_unknown_poll_is_a_page_for_readers_and_a_problem_for_programs(
    client: FlaskClient,
) -> None:
    page = client.get("/polls/nope", headers={"Accept": "text/html"})
    assert (page.status_code, page.mimetype) == (404, "text/html")
    problem = client.get("/polls/nope")
    assert (problem.status_code, problem.mimetype) == (404, "application/problem+json")


def test_every_error_code_is_explained_where_problems_point(client: FlaskClient) -> None:
    docs = client.get("/docs").text
    codes = {
        error.code
        for error in vars(errors).values()
        if isinstance(error, type)
        and issubclass(error, errors.VoxpopError)
        and "code" in vars(error)
    }
    public = codes - {errors.SlugTaken.code}
    assert [code for code in public if f'id="{code}"' not in docs] == []


class TestStates:
    def test_a_poll_to_come_says_when_on_the_sites_clocks_and_offers_nothing_to_vote(
        self, client: FlaskClient, clock: FakeClock, make_poll: MakePoll
    ) -> None:
        path = make_poll(schedule=Schedule(Status.OPEN, opens_at=NOON + timedelta(days=1)))
        page = client.get(path).text
        assert "Voting opens on" in page
        assert "25 November 2026, 17:30 (GMT+05:30)" in page
        assert "<form" not in page
        clock.moment = NOON + timedelta(days=1)
        assert "<form" in client.get(path).text

    @pytest.mark.parametrize("status", [Status.CLOSED, Status.ARCHIVED])
    def test_a_poll_that_is_over_shows_its_results(
        self, client: FlaskClient, make_poll: MakePoll, status: Status
    ) -> None:
        page = client.get(make_poll(schedule=Schedule(status))).text
        assert "Voting has closed" in page
        assert "No reader has voted yet" in page
        assert "<form" not in page

    def test_an_open_poll_is_a_whole_form_inside_the_widget(
        self, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        optional = replace(UP_TO_TWO, code="q2", required=False, help="As you like.")
        page = client.get(make_poll(ONE, optional)).text
        inside = page.split('<vox-pop poll="made"')[1].split("</vox-pop>")[0]
        assert '<form class="ballot" method="post" action="/polls/made/ballots">' in inside
        assert (inside.count("<fieldset"), inside.count("<legend>")) == (2, 2)
        assert (inside.count('type="radio"'), inside.count('type="checkbox"')) == (3, 3)
        assert "Choose up to 2 (optional)" in inside
        assert "As you like." in inside
        assert 'href="/polls/made/results"' in inside

    def test_a_draft_is_found_on_neither_page(
        self, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        path = make_poll(schedule=Schedule(Status.DRAFT))
        assert [client.get(path + end).status_code for end in ("", "/results")] == [404, 404]

    def test_words_of_a_poll_stay_words(self, client: FlaskClient, make_poll: MakePoll) -> None:
        evil = '</title><script>alert(1)</script>" onload="x'
        question = Question("q1", evil, (Choice("c1", evil), Choice("c2", "b")), help=evil)
        path = make_poll(question, title=evil)
        for end in ("", "/results"):
            page = client.get(path + end).text
            assert "<script>" not in page
            assert 'onload="' not in page
            assert "&lt;script&gt;" in page


class TestTop:
    @pytest.mark.parametrize("path", [PAGE, f"{PAGE}/results"])
    def test_a_polls_pages_are_the_newspapers(self, client: FlaskClient, path: str) -> None:
        top = client.get(path).text.split('<header class="top">')[1].split("</header>")[0]
        assert "Centre for the Study of Asian Affairs" in top
        assert "Voxpop" not in top

    @pytest.mark.parametrize("path", ["/polls/made", "/polls/made/results"])
    @pytest.mark.parametrize(("title", "heading"), [("Which one?", "Poll"), ("Crops", "Crops")])
    def test_a_title_stands_above_the_question_unless_it_is_the_same(
        self, client: FlaskClient, make_poll: MakePoll, path: str, title: str, heading: str
    ) -> None:
        make_poll(title=title)
        page = client.get(path).text
        assert f'<h1 class="kicker">{heading}' in page.replace('<bdi lang="en">', "")
        assert page.split("<main")[1].count("Which one?") == 1


class TestResults:
    def test_figures_name_their_base_their_moment_and_their_worth(
        self, client: FlaskClient, api: Api
    ) -> None:
        for choice in ("c1", "c1", "c3"):
            api.cast(ballot(choice))
        page = client.get(f"{PAGE}/results").text
        for words in (
            "66.7%",
            "33.3%",
            "of voters",
            "3 readers have voted",
            "as of",
            "24 November 2026, 17:30 (GMT+05:30)",
            "Readers who chose to take part; not a scientific sample.",
        ):
            assert words in page
        assert '<rect width="66.7" height="1"' in page
        assert page.count('<th scope="row">') == 8


class TestCaching:
    @pytest.mark.parametrize(
        ("path", "kept"),
        [
            (PAGE, "public, max-age=5, stale-while-revalidate=60"),
            (f"{PAGE}/results", "public, max-age=1"),
        ],
    )
    def test_a_page_is_kept_as_long_as_its_figures_and_not_sent_twice(
        self, client: FlaskClient, path: str, kept: str
    ) -> None:
        first = client.get(path)
        assert first.headers["Cache-Control"] == kept
        assert "Cookie" not in first.headers.get("Vary", "")
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")

    def test_a_vote_changes_the_tag_of_the_results_and_not_of_the_poll(
        self, client: FlaskClient, api: Api
    ) -> None:
        def tags() -> tuple[str, str]:
            poll, results = client.get(PAGE), client.get(f"{PAGE}/results")
            return poll.headers["ETag"], results.headers["ETag"]

        before = tags()
        api.cast(ballot())
        after = tags()
        assert before[0] == after[0]
        assert before[1] != after[1]

    def test_an_error_is_kept_nowhere(self, client: FlaskClient) -> None:
        answer = client.get("/polls/nope", headers={"Accept": "text/html"})
        assert answer.headers["Cache-Control"] == "no-store"
        assert "ETag" not in answer.headers


class TestHead:
    @pytest.mark.parametrize("path", ["/", "/demo", PAGE, f"{PAGE}/results", "/polls", "/docs"])
    def test_a_page_says_what_it_is_and_where_it_belongs(
        self, client: FlaskClient, path: str
    ) -> None:
        page = client.get(f"{path}?utm_source=letter").text
        assert '<html lang="en"' in page
        assert 'name="viewport" content="width=device-width, initial-scale=1"' in page
        assert f'<link rel="canonical" href="{OWN_ORIGIN}{path}">' in page
        assert page.count("<h1") == 1
        title = page.split("<title>")[1].split("</title>")[0]
        assert len(title.strip()) > 10
        description = page.split('name="description" content="')[1].split('"')[0]
        assert len(description.strip()) > 20

    @pytest.mark.parametrize("path", ["/", "/demo", "/demo/river", PAGE, "/docs", "/polls/nope"])
    def test_the_policy_holds_on_every_page_errors_too(
        self, client: FlaskClient, path: str
    ) -> None:
        answer = client.get(path, headers={"Accept": "text/html"})
        assert answer.mimetype == "text/html"
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert "frame-ancestors 'none'" in POLICY
        assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "camera=()" in answer.headers["Permissions-Policy"]
        assert "<style" not in answer.text
        assert " onclick=" not in answer.text


class TestDemo:
    def test_every_story_of_the_demo_carries_the_poll_and_leads_to_the_others(
        self, client: FlaskClient
    ) -> None:
        snippet = (
            '<vox-pop poll="region-interest">'
            '<a href="/polls/region-interest">Vote in our poll</a></vox-pop>'
        )
        for path in ("/demo", "/demo/river", "/demo/routes", "/demo/alphabet"):
            page = client.get(path).text
            assert '<script async src="/widget.js"></script>' in page
            assert snippet in page
            assert "You may also like ..." in page
            assert page.count("<h3>") == 3

    @pytest.mark.parametrize("slug", ["front", "layout", "nope", "..%2fbase"])
    def test_the_demo_has_no_other_stories(self, client: FlaskClient, slug: str) -> None:
        assert client.get(f"/demo/{slug}").status_code == 404


class TestDocs:
    def test_the_documentation_shows_every_route_of_the_document(self, client: FlaskClient) -> None:
        document: Any = client.get("/openapi.json").json
        docs = client.get("/docs").text
        for path, item in document["paths"].items():
            assert path in docs
            for method in ("get", "post"):
                for status in item.get(method, {}).get("responses", {}):
                    assert status == "default" or f">{status}</strong>" in docs

    @pytest.mark.parametrize(
        ("method", "path"), [("GET", "/nothing"), ("GET", "/v1/nothing"), ("PUT", "/v1/polls/x")]
    )
    def test_the_type_of_a_problem_is_an_address_on_the_page(
        self, client: FlaskClient, method: str, path: str
    ) -> None:
        problem: Any = client.open(path, method=method).json
        page, _, anchor = problem["type"].partition("#")
        assert f'id="{anchor}"' in client.get(page).text

    def test_an_address_on_the_page_is_one_place_and_each_link_leads_to_one(
        self, client: FlaskClient
    ) -> None:
        docs = client.get("/docs").text
        places = re.findall(r'\bid="([^"]+)"', docs)
        assert len(places) == len(set(places))
        assert set(re.findall(r'href="#([^"]+)"', docs)) <= set(places)

    def test_the_examples_of_problems_are_ones_that_are_answered(self, client: FlaskClient) -> None:
        document: Any = client.get("/openapi.json").json
        for item in document["paths"].values():
            for operation in (item[method] for method in item if method != "parameters"):
                for status, answer in operation["responses"].items():
                    if status >= "400":
                        (media,) = answer["content"].values()
                        assert media["example"]["status"] == int(status)

    def test_the_example_of_a_ballot_is_one_that_the_api_takes(
        self, client: FlaskClient, api: Api
    ) -> None:
        examples = client.get("/docs").text.split("<code>{")[1:]
        texts = [unescape("{" + example.split("</code>")[0]) for example in examples]
        bodies = [json.loads(text) for text in texts]
        (body,) = [body for body in bodies if "ballot_id" in body]
        assert api.cast({**body, "voter": "x" * 24}).status_code == 201
