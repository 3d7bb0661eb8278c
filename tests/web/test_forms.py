"""A ballot from the plain form: whose it is, how it is answered, what is refused."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from service.config import Settings
from service.domain import edits, others, polls
from service.errors import TemporarilyUnavailable
from service.records import OPERATOR, DuplicatePolicy, ResultsVisibility, Schedule, Status
from service.stores import Stores
from service.stores.tallies import Tallies
from service.web import current, devices
from tests.conftest import NOON, FakeClock
from tests.support.voters import OWN_ORIGIN
from tests.web.conftest import UP_TO_TWO, WITH_OTHER, MakePoll

pytestmark = pytest.mark.both_databases

OWN = {"Origin": OWN_ORIGIN, "Sec-Fetch-Site": "same-origin", "Accept": "text/html"}


def send(client: FlaskClient, path: str, data: Any, **headers: str) -> Any:
    """Press Vote: send the form, and again where the service asks for it."""
    sent = {**OWN, **headers}
    answer = client.post(f"{path}/ballots", data=data, headers=sent)
    if answer.status_code == 307:
        answer = client.post(answer.headers["Location"], data=data, headers=sent)
    return answer


def ballots(client: FlaskClient, path: str) -> int:
    results: Any = client.get(f"/v1{path}/results").json
    return int(results["ballots"])


class TestDevice:
    def test_the_cookie_is_for_us_alone_and_lasts_a_year(
        self, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        answer = client.post(f"{make_poll()}/ballots", data={"q1": "c1"}, headers=OWN)
        assert answer.status_code == 307
        assert answer.headers["Location"] == "/polls/made/ballots?device=new"
        assert answer.headers["Cache-Control"] == "no-store"
        crumbs = set(answer.headers["Set-Cookie"].split("; ")[1:])
        assert {"HttpOnly", "SameSite=Lax", "Path=/", f"Max-Age={365 * 86400}"} <= crumbs
        assert "Secure" not in crumbs

    def test_the_cookie_is_secure_where_the_service_is(self, settings: Settings) -> None:
        response = Response()
        devices.give_token(response, replace(settings, public_url="https://polls.example.org"))
        assert "; Secure" in response.headers["Set-Cookie"]

    def test_a_cookie_that_we_did_not_sign_is_none_of_ours(
        self, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        path = make_poll()
        send(client, path, {"q1": "c1"})
        cookie = client.get_cookie(devices.COOKIE, "localhost")
        assert cookie is not None
        for forged in ("", "x", "a" * 3000, f"x{cookie.value}", f"{cookie.value}x", "\N{SNOWMAN}"):
            client.set_cookie(devices.COOKIE, forged)
            answer = client.post(f"{path}/ballots", data={"q1": "c1"}, headers=OWN)
            assert answer.status_code == 307
        assert ballots(client, path) == 1

    def test_another_device_is_another_voter(
        self, app: Flask, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        path = make_poll()
        for voter in (client, app.test_client()):
            assert send(voter, path, {"q1": "c1"}).status_code == 303
        assert ballots(client, path) == 2

    def test_a_device_has_another_ballot_id_in_every_poll_and_for_every_answer(
        self, app: Flask, settings: Settings, stores: Stores, make_poll: MakePoll
    ) -> None:
        make_poll()
        one, other = stores.polls.find("made"), stores.polls.find("region-interest")
        ids: set[UUID] = {
            devices.ballot_id(settings, poll, device, {"q1": [choice]})
            for poll in (one, other)
            for device in ("x" * 24, "y" * 24)
            for choice in ("c1", "c2")
            for _ in range(2)
        }
        assert len(ids) == 8
        assert {id.version for id in ids} == {4}


class TestOrigin:
    @pytest.mark.parametrize("origin", ["null", "https://news.test", "http://polls.test:81"])
    def test_a_foreign_page_casts_nothing(
        self, client: FlaskClient, make_poll: MakePoll, origin: str
    ) -> None:
        path = make_poll()
        refusal = send(client, path, {"q1": "c1"}, Origin=origin)
        assert (refusal.status_code, refusal.mimetype) == (403, "text/html")
        assert "Set-Cookie" not in refusal.headers
        assert ballots(client, path) == 0

    def test_a_form_that_names_no_origin_casts_nothing(
        self, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        refusal = client.post(f"{make_poll()}/ballots", data={"q1": "c1"})
        assert refusal.status_code == 403

    @pytest.mark.parametrize("site", ["cross-site", "same-site"])
    def test_what_the_browser_calls_foreign_casts_nothing(
        self, client: FlaskClient, make_poll: MakePoll, site: str
    ) -> None:
        path = make_poll()
        answer = send(client, path, {"q1": "c1"}, **{"Sec-Fetch-Site": site})
        assert answer.status_code == 403

    def test_the_name_under_which_we_were_reached_is_our_own(
        self, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        path = make_poll()
        answer = send(client, path, {"q1": "c1"}, Origin="http://localhost")
        assert answer.status_code == 303


class TestAnswers:
    @pytest.mark.parametrize(
        ("data", "fault"),
        [
            ({}, "Choose an answer."),
            ({"q1": ["c1", "c2", "c3"]}, "Choose at most 2."),
            ({"q1": ["c1", "c1"]}, "A choice is named twice."),
            ({"q1": "c9"}, "The question does not offer this choice."),
            ({"q9": "c1"}, "Choose an answer."),
            ({"q1": "c1", "q9": "c1"}, "The form did not fit this poll."),
            ({"q1": "c1\0"}, "The question does not offer this choice."),
        ],
    )
    def test_an_answer_against_the_rules_gets_the_form_again_with_the_error(
        self, client: FlaskClient, make_poll: MakePoll, data: Any, fault: str
    ) -> None:
        path = make_poll(UP_TO_TWO)
        refusal = send(client, path, data)
        assert (refusal.status_code, refusal.mimetype) == (422, "text/html")
        assert refusal.headers["Cache-Control"] == "no-store"
        assert fault in refusal.text
        assert "<vox-pop" not in refusal.text
        assert 'action="/polls/made/ballots"' in refusal.text
        assert ballots(client, path) == 0

    def test_the_error_belongs_to_its_field_and_leads_to_it(
        self, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        page = send(client, make_poll(), {}).text
        field = re.search(r"<fieldset[^>]*>", page)
        assert field is not None
        assert 'aria-describedby="q1-hint"' in field[0]
        assert 'aria-invalid="true"' in field[0]
        assert 'href="#q1-c1"' in page
        assert 'id="q1-c1"' in page
        assert "<title>Error: " in page

    def test_what_was_marked_stays_marked_beside_an_error(
        self, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        page = send(client, make_poll(UP_TO_TWO), {"q1": ["c1", "c2", "c3"]}).text
        assert page.count("checked") == 3
        assert page.count('type="checkbox"') == 3

    def test_several_choices_are_one_ballot(self, client: FlaskClient, make_poll: MakePoll) -> None:
        path = make_poll(UP_TO_TWO)
        assert send(client, path, {"q1": ["c3", "c1"]}).status_code == 303
        page = client.get(f"{path}/results").text
        assert "1 reader has voted" in page
        assert "the shares may add up to more than 100%" in page

    def test_the_form_sent_twice_counts_once(
        self, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        path = make_poll()
        for message in ("voted", "again", "again"):
            answer = send(client, path, {"q1": "c1"})
            assert answer.headers["Location"] == f"{path}/results#{message}"
        assert ballots(client, path) == 1
        page = client.get(f"{path}/results").text
        assert "Your vote is counted." in page
        assert "Your vote was counted before. It counts once." in page

    def test_where_anybody_may_vote_again_each_form_counts(
        self, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        path = make_poll(duplicate_policy=DuplicatePolicy.NONE)
        for _ in range(3):
            assert send(client, path, {"q1": "c1"}).status_code == 303
        assert ballots(client, path) == 3


class TestBodies:
    def test_a_part_without_a_name_answers_nothing(
        self, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        path = make_poll()
        body = (
            b"--x\r\nContent-Disposition: form-data\r\n\r\nc1\r\n"
            b'--x\r\nContent-Disposition: form-data; name="q1"\r\n\r\nc2\r\n--x--\r\n'
        )
        kind = {"Content-Type": "multipart/form-data; boundary=x"}
        nothing = body.replace(b"q1", b"q9")
        assert send(client, path, nothing, **kind).status_code == 422
        assert send(client, path, body, **kind).status_code == 303
        assert ballots(client, path) == 1

    @pytest.mark.parametrize("kind", ["application/json", "text/plain", ""])
    def test_what_is_no_form_is_refused(
        self, client: FlaskClient, make_poll: MakePoll, kind: str
    ) -> None:
        path = make_poll()
        refusal = send(client, path, b'{"q1": ["c1"]}', **{"Content-Type": kind})
        assert refusal.status_code == 415
        assert ballots(client, path) == 0

    def test_who_has_voted_is_told_so_though_the_results_cannot_be_had(
        self, client: FlaskClient, make_poll: MakePoll, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = make_poll()
        send(client, path, {"q1": "c1"})

        def away(*_: object) -> None:
            raise TemporarilyUnavailable(2)

        monkeypatch.setattr(Tallies, "read", away)
        refusal = send(client, path, {"q1": "c2"})
        assert refusal.status_code == 409
        assert "You have already voted in this poll." in refusal.text


class TestOtherTexts:
    def test_a_text_counts_with_its_choice_and_is_left_out_with_another(
        self, app: Flask, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        path = make_poll(WITH_OTHER)
        assert send(client, path, {"q1": "c4", "other:q1": " Oats "}).status_code == 303
        other_voter = app.test_client()
        assert send(other_voter, path, {"q1": "c1", "other:q1": "Rye"}).status_code == 303
        kept = others.list_for(current.stores(), OPERATOR, "made").items
        assert [(text.text, text.votes) for text in kept] == [("Oats", 1)]

    def test_a_marked_choice_without_its_text_gets_the_form_again(
        self, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        path = make_poll(WITH_OTHER)
        refusal = send(client, path, {"q1": "c4", "other:q1": ""})
        assert refusal.status_code == 422
        assert "Write your answer." in refusal.text
        long = send(client, path, {"q1": "c4", "other:q1": "<x>" * 100})
        assert "Write at most 200 characters." in long.text
        assert f'value="{"&lt;x&gt;" * 100}"' in long.text
        assert ballots(client, path) == 0

    def test_the_form_with_another_text_is_another_ballot(
        self, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        path = make_poll(WITH_OTHER)
        statuses = [
            send(client, path, {"q1": "c4", "other:q1": text}).status_code
            for text in ("Oats", "Oats", "Rye")
        ]
        assert statuses == [303, 303, 409]

    def test_the_form_sent_again_counts_once_though_its_choice_was_retired_meanwhile(
        self, client: FlaskClient, stores: Stores, make_poll: MakePoll
    ) -> None:
        path = make_poll(WITH_OTHER)
        sent = {"q1": "c4", "other:q1": "Oats"}
        send(client, path, sent)
        made = stores.polls.find("made")
        [question] = made.questions
        *choices, another = question.choices
        retired = replace(question, choices=(*choices, replace(another, retired=True)))
        draft = replace(polls.draft_of(made), questions=(retired,))
        edits.edit(stores, OPERATOR, "made", draft, made.row_version, NOON)
        assert send(client, path, sent).headers["Location"] == f"{path}/results#again"


class TestClosedDoors:
    @pytest.mark.parametrize(
        ("schedule", "told"),
        [
            (Schedule(Status.OPEN, opens_at=NOON + timedelta(1)), "This poll is not open yet."),
            (Schedule(Status.OPEN, closes_at=NOON), "This poll is closed."),
            (Schedule(Status.CLOSED), "This poll is closed."),
            (Schedule(Status.ARCHIVED), "This poll is closed."),
        ],
    )
    def test_a_poll_that_is_not_open_says_so(
        self, client: FlaskClient, make_poll: MakePoll, schedule: Schedule, told: str
    ) -> None:
        path = make_poll(schedule=schedule)
        refusal = send(client, path, {"q1": "c1"})
        assert (refusal.status_code, refusal.mimetype) == (409, "text/html")
        assert told in refusal.text
        assert f'href="{path}"' in refusal.text

    def test_who_has_voted_is_told_so_beside_the_results(
        self, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        path = make_poll()
        send(client, path, {"q1": "c1"})
        refusal = send(client, path, {"q1": "c2"})
        assert (refusal.status_code, refusal.headers["Cache-Control"]) == (409, "no-store")
        assert "You have already voted in this poll." in refusal.text
        assert "1 reader has voted" in refusal.text

    def test_a_draft_is_not_found(self, client: FlaskClient, make_poll: MakePoll) -> None:
        path = make_poll(schedule=Schedule(Status.DRAFT))
        assert send(client, path, {"q1": "c1"}).status_code == 404

    def test_who_comes_back_to_an_answers_address_is_led_to_the_poll(
        self, client: FlaskClient
    ) -> None:
        answer = client.get("/polls/region-interest/ballots?device=new")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/polls/region-interest")

    @pytest.mark.parametrize("slug", ["nothing", "%0d%0aX:y", "..", "%5Cevil.test"])
    def test_nobody_is_led_to_a_poll_that_is_not_there(
        self, client: FlaskClient, slug: str
    ) -> None:
        answer = client.get(f"/polls/{slug}/ballots")
        assert answer.status_code == 404
        assert "Location" not in answer.headers


class TestHiddenResults:
    @pytest.mark.parametrize(
        ("visibility", "reason"),
        [
            (ResultsVisibility.AFTER_CLOSE, "Results are shown when voting has closed."),
            (ResultsVisibility.OWNERS, "Results are not published."),
        ],
    )
    def test_a_voter_is_told_that_the_vote_counts_and_no_figure(
        self, client: FlaskClient, make_poll: MakePoll, visibility: ResultsVisibility, reason: str
    ) -> None:
        path = make_poll(results_visibility=visibility)
        counted = send(client, path, {"q1": "c1"})
        pages = [client.get(counted.headers["Location"]), send(client, path, {"q1": "c2"})]
        assert [page.status_code for page in pages] == [403, 409]
        for page in pages:
            assert reason in page.text
            assert "%" not in page.text
            assert "voted</" not in page.text
        assert "Your vote is counted." in pages[0].text
        assert "View Results" not in client.get(path).text

    def test_results_for_voters_are_shown_to_a_receipt_alone_and_kept_nowhere(
        self, app: Flask, client: FlaskClient, make_poll: MakePoll
    ) -> None:
        path = make_poll(results_visibility=ResultsVisibility.AFTER_VOTE)
        address = send(client, path, {"q1": "c1"}).headers["Location"]
        shown = client.get(address)
        assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "no-store")
        assert "1 reader has voted" in shown.text
        for other in (f"{path}/results", address.replace("receipt=", "receipt=0")):
            hidden = app.test_client().get(other)
            assert hidden.status_code == 403
            assert "Results are shown to readers who have voted." in hidden.text
            assert "%" not in hidden.text

    def test_results_open_to_all_when_voting_closes(
        self, client: FlaskClient, clock: FakeClock, make_poll: MakePoll
    ) -> None:
        schedule = Schedule(Status.OPEN, closes_at=NOON + timedelta(hours=1))
        path = make_poll(schedule=schedule, results_visibility=ResultsVisibility.AFTER_CLOSE)
        assert "when voting closes on <time" in client.get(f"{path}/results").text
        send(client, path, {"q1": "c1"})
        clock.moment = NOON + timedelta(hours=1)
        for page in (client.get(f"{path}/results"), client.get(path)):
            assert page.status_code == 200
            assert "Voting has closed" in page.text
            assert "1 reader has voted" in page.text
