"""The HTML pages, as a browser without JavaScript uses them."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from service import errors
from tests.support.voters import OWN_ORIGIN

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


@pytest.mark.parametrize("path", ["/demo", PAGE, f"{PAGE}/results", "/docs", "/"])
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
