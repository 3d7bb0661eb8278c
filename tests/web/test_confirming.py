"""A link to one choice: it casts nothing, and leads to a page with one button."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from service.domain import edits, polls
from service.records import OPERATOR, Choice, Question, ResultsVisibility, Schedule, Status
from service.stores import Stores
from tests.conftest import NOON
from tests.support.html_forms import Form, Page
from tests.web.conftest import CHOICES, ONE, UP_TO_TWO, WITH_OTHER, MakePoll
from tests.web.test_forms import ballots, send

NOT_OFFERED = "The choice that you followed is not offered any more."
MARKED = "Your choice is marked. Complete your answers, then vote."


def form(page: str) -> Form:
    """What the reader would send."""
    (only,) = Page(page).forms
    return only


def test_one_button_votes_for_the_choice(client: FlaskClient, make_poll: MakePoll) -> None:
    path = make_poll()
    page = client.get(f"{path}/confirm?q1=c2").text
    assert "Tea" in page
    assert "Rice" not in page
    asked = form(page)
    assert (asked.action, asked.fields) == (f"{path}/ballots", {"q1": ["c2"]})
    answer = send(client, path, asked.fields)
    assert answer.headers["Location"] == f"{path}/results#voted"
    assert ballots(client, path) == 1


def test_to_open_it_casts_nothing_however_often(client: FlaskClient, make_poll: MakePoll) -> None:
    path = make_poll()
    for method in ("GET", "HEAD", "GET"):
        answer = client.open(f"{path}/confirm?q1=c2", method=method)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
    assert client.post(f"{path}/confirm?q1=c2").status_code == 405
    assert ballots(client, path) == 0


def test_it_is_the_same_for_every_reader_and_another_for_every_choice(
    client: FlaskClient, make_poll: MakePoll
) -> None:
    path = make_poll()
    answer = client.get(f"{path}/confirm?q1=c2")
    assert answer.headers["Cache-Control"].startswith("public")
    assert answer.headers["X-Robots-Tag"] == "noindex"
    send(client, path, {"q1": "c2"})
    assert client.get(f"{path}/confirm?q1=c2").headers["ETag"] == answer.headers["ETag"]
    assert client.get(f"{path}/confirm?q1=c1").headers["ETag"] != answer.headers["ETag"]


def test_who_has_voted_is_told_so_and_counts_once(client: FlaskClient, make_poll: MakePoll) -> None:
    path = make_poll()
    send(client, path, form(client.get(f"{path}/confirm?q1=c2").text).fields)
    again = send(client, path, form(client.get(f"{path}/confirm?q1=c1").text).fields)
    assert again.status_code == 409
    assert "You have already voted in this poll." in again.text
    assert ballots(client, path) == 1


@pytest.mark.parametrize("query", ["", "?q1=c9", "?q9=c1", "?q1=", "?utm_source=letter", "?q1=%00"])
def test_a_choice_that_is_none_leads_to_the_form(
    client: FlaskClient, make_poll: MakePoll, query: str
) -> None:
    path = make_poll()
    answer = client.get(f"{path}/confirm{query}")
    assert answer.status_code == 200
    assert NOT_OFFERED in answer.text
    assert form(answer.text).fields == {}


def test_a_choice_that_was_retired_is_none(
    client: FlaskClient, make_poll: MakePoll, stores: Stores
) -> None:
    path = make_poll()
    send(client, path, {"q1": "c2"})
    rice, tea, salt = CHOICES
    question = replace(ONE, choices=(rice, replace(tea, retired=True), salt))
    poll = polls.find(stores, "made")
    draft = replace(polls.draft_of(poll), questions=(question,))
    edits.edit(stores, OPERATOR, "made", draft, poll.row_version, NOON)
    page = client.get(f"{path}/confirm?q1=c2").text
    assert NOT_OFFERED in page
    assert "Tea" not in page


def test_what_a_link_cannot_say_is_left_to_the_form(
    client: FlaskClient, make_poll: MakePoll
) -> None:
    two = replace(UP_TO_TWO, min_choices=2)
    path = make_poll(two, replace(ONE, code="q2", text="And then?"))
    page = client.get(f"{path}/confirm?q1=c2").text
    assert MARKED in page
    assert "And then?" in page
    assert form(page).fields == {"q1": ["c2"]}


def test_a_choice_with_words_of_the_readers_own_asks_for_them(
    client: FlaskClient, make_poll: MakePoll
) -> None:
    page = client.get(f"{make_poll(WITH_OTHER)}/confirm?q1=c4").text
    assert MARKED in page
    assert form(page).fields == {"q1": ["c4"], "other:q1": [""]}


def test_several_choices_may_be_one_link(client: FlaskClient, make_poll: MakePoll) -> None:
    path = make_poll(UP_TO_TWO)
    assert form(client.get(f"{path}/confirm?q1=c2&q1=c3").text).fields == {"q1": ["c2", "c3"]}
    assert NOT_OFFERED in client.get(f"{path}/confirm?q1=c1&q1=c2&q1=c3").text


def test_optional_questions_need_no_mark(client: FlaskClient, make_poll: MakePoll) -> None:
    path = make_poll(ONE, replace(ONE, code="q2", text="And then?", required=False))
    page = client.get(f"{path}/confirm?q1=c1").text
    assert form(page).fields == {"q1": ["c1"]}
    assert "And then?" not in page


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("q1=c1&q2=zz", {"q1": ["c1"]}),
        ("q1=c1&q2=", {"q1": ["c1"]}),
        ("q1=c1&q1=zz", {"q1": ["c1"]}),
        ("q1=c1&q2=c1&q2=c2", {"q1": ["c1"]}),
        ("q1=c1&q2=c1&q2=zz", {"q1": ["c1"], "q2": ["c1"]}),
    ],
)
def test_what_of_a_link_is_not_offered_is_not_left_out_unseen(
    client: FlaskClient, make_poll: MakePoll, query: str, marked: dict[str, list[str]]
) -> None:
    path = make_poll(ONE, replace(ONE, code="q2", text="And then?", required=False))
    page = client.get(f"{path}/confirm?{query}").text
    assert MARKED in page
    assert "And then?" in page
    assert form(page).fields == marked


def test_a_poll_that_is_over_shows_what_it_shows_then(
    client: FlaskClient, make_poll: MakePoll
) -> None:
    path = make_poll(schedule=Schedule(Status.CLOSED))
    page = client.get(f"{path}/confirm?q1=c2").text
    assert "Voting has closed" in page
    assert Page(page).forms == []


def test_a_poll_that_is_to_come_says_when(client: FlaskClient, make_poll: MakePoll) -> None:
    path = make_poll(schedule=Schedule(Status.OPEN, opens_at=NOON + timedelta(days=1)))
    assert "Voting opens on" in client.get(f"{path}/confirm?q1=c2").text


def test_it_says_where_results_are_for_voters(client: FlaskClient, make_poll: MakePoll) -> None:
    path = make_poll(results_visibility=ResultsVisibility.AFTER_VOTE)
    assert "Results are shown to readers" in client.get(f"{path}/confirm?q1=c2").text


def test_no_word_of_a_poll_or_an_address_becomes_markup(
    client: FlaskClient, make_poll: MakePoll
) -> None:
    evil = '"><script>alert(1)</script>'
    path = make_poll(Question("q1", evil, (Choice("c1", evil), Choice("c2", "b"))))
    page = client.get(f"{path}/confirm", query_string={"q1": ["c1", evil]}).text
    assert "<script>" not in page


def test_of_a_draft_there_is_none(client: FlaskClient, make_poll: MakePoll) -> None:
    path = make_poll(schedule=Schedule(Status.DRAFT))
    assert client.get(f"{path}/confirm?q1=c2").status_code == 404
