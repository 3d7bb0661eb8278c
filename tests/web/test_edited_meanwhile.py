"""A vote for what has just been edited or opened, which this process does not know yet."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.domain import edits, others, polls, sites
from service.records import OPERATOR, Choice, Poll, ResultsVisibility, Schedule, Status
from service.stores import Stores
from tests.conftest import NOON
from tests.support.elsewhere import polls_elsewhere
from tests.support.voters import OWN_ORIGIN, Api, ballot
from tests.web.conftest import MakePoll
from tests.web.test_forms import send

DEMO = "region-interest"
ELSEWHERE = "https://sister.test"
WAYS = {"lane": "application/json", "view": "application/json; charset=utf-8"}
Cast = Callable[..., Any]


@pytest.fixture(autouse=True)
def known(api: Api, stores: Stores, monkeypatch: pytest.MonkeyPatch) -> Poll:
    """The demo's poll as this process knows it, which is a moment old."""
    monkeypatch.setattr("service.stores.polls.DOUBT_SECONDS", 0.0)
    return stores.polls.find(DEMO)


@pytest.fixture
def elsewhere(stores: Stores) -> Stores:
    """Another process."""
    return replace(stores, polls=polls_elsewhere())


@pytest.fixture(params=list(WAYS.values()), ids=list(WAYS))
def cast(api: Api, request: pytest.FixtureRequest) -> Cast:
    """Posts a ballot, past Flask or through it."""

    def cast(choice: str, slug: str = DEMO, **options: Any) -> Any:
        headers = {"Content-Type": request.param}
        return Api(api.client, slug).cast(ballot(choice), headers=headers, **options)

    return cast


def see_to(stores: Stores, poll: Poll, **decisions: Any) -> Poll:
    """The poll after an owner's edit in the process of the stores."""
    draft = replace(polls.draft_of(poll), **decisions)
    return edits.edit(stores, OPERATOR, poll.slug, draft, poll.row_version, NOON)


def change(stores: Stores, poll: Poll, *choices: Choice) -> Poll:
    """The poll with these choices from now on."""
    [question] = poll.questions
    return see_to(stores, poll, questions=(replace(question, choices=choices),))


@pytest.fixture
def added(elsewhere: Stores, known: Poll) -> str:
    """A choice that has just been added."""
    edited = change(elsewhere, known, *known.questions[0].choices, Choice("", "Arctic"))
    return edited.questions[0].choices[-1].code


@pytest.fixture
def opened(elsewhere: Stores, stores: Stores, make_poll: MakePoll) -> str:
    """A poll that was a draft a moment ago."""
    make_poll(schedule=Schedule(Status.DRAFT))
    stores.polls.find("made")
    edits.set_status(elsewhere, OPERATOR, "made", Status.OPEN, NOON)
    return "made"


def test_a_choice_that_was_added_counts_and_shows_to_its_voter(cast: Cast, added: str) -> None:
    answer = cast(added)
    assert answer.status_code == 201
    [question] = answer.json["results"]["questions"]
    assert {one["id"]: one["votes"] for one in question["choices"]}[added] == 1


def test_a_draft_that_was_opened_takes_votes(cast: Cast, opened: str) -> None:
    assert cast("c1", opened).status_code == 201


def test_a_page_may_vote_whose_origin_was_added(
    cast: Cast, client: FlaskClient, elsewhere: Stores
) -> None:
    asking = {"Origin": ELSEWHERE, "Access-Control-Request-Method": "POST"}
    path = f"/v1/polls/{DEMO}/ballots"
    assert "Access-Control-Allow-Origin" not in client.options(path, headers=asking).headers
    assert cast("c1", origin=ELSEWHERE).status_code == 403
    sites.allow(elsewhere, OPERATOR, "demo", [ELSEWHERE], NOON)
    granted = client.options(path, headers=asking).headers["Access-Control-Allow-Origin"]
    assert granted == ELSEWHERE
    assert cast("c1", origin=ELSEWHERE).status_code == 201


def test_a_page_may_vote_where_a_draft_gave_its_address_to_an_open_poll(
    client: FlaskClient, elsewhere: Stores, stores: Stores, make_poll: MakePoll
) -> None:
    make_poll(schedule=Schedule(Status.DRAFT))
    draft = stores.polls.find("made")
    polls.delete(elsewhere, OPERATOR, "made", NOON)
    new = replace(polls.draft_of(draft), schedule=Schedule(Status.OPEN))
    polls.create(elsewhere, draft.site_id, new, NOON)
    asking = {"Origin": OWN_ORIGIN, "Access-Control-Request-Method": "POST"}
    answer = client.options("/v1/polls/made/ballots", headers=asking)
    assert answer.headers["Access-Control-Allow-Origin"] == OWN_ORIGIN
    assert Api(client, "made").cast(ballot("c1")).status_code == 201


def test_a_plain_form_votes_in_a_draft_that_was_opened(client: FlaskClient, opened: str) -> None:
    answer = send(client, f"/polls/{opened}", {"q1": "c2"}, Origin=OWN_ORIGIN)
    assert answer.headers["Location"] == f"/polls/{opened}/results#voted"


class TestPlainForm:
    @pytest.fixture
    def written_in(self, elsewhere: Stores, known: Poll) -> str:
        """A choice for other words that has just been added."""
        [question] = known.questions
        edited = change(elsewhere, known, *question.choices, Choice("", "Another", is_other=True))
        return edited.questions[0].choices[-1].code

    @pytest.fixture
    def vote(self, client: FlaskClient) -> Cast:
        """Sends the form to the demo's poll."""
        return lambda **fields: send(client, f"/polls/{DEMO}", fields, Origin=OWN_ORIGIN)

    def test_it_counts_with_the_text_of_a_choice_that_was_added(
        self, vote: Cast, stores: Stores, written_in: str
    ) -> None:
        for message in ("voted", "again"):
            answer = vote(**{"q1": written_in, "other:q1": "Salt"})
            assert answer.headers["Location"] == f"/polls/{DEMO}/results#{message}"
        [text] = others.list_for(stores, OPERATOR, DEMO).items
        assert (text.text, text.votes) == ("Salt", 1)

    def test_it_counts_without_the_text_of_a_choice_that_takes_none_any_more(
        self, vote: Cast, stores: Stores, elsewhere: Stores, known: Poll
    ) -> None:
        first, *rest = known.questions[0].choices
        asking = change(stores, known, *rest, replace(first, is_other=True))
        change(elsewhere, asking, first, *rest)
        answer = vote(**{"q1": first.code, "other:q1": "Salt"})
        assert answer.headers["Location"] == f"/polls/{DEMO}/results#voted"
        assert others.list_for(stores, OPERATOR, DEMO).items == ()

    def test_what_is_wrong_shows_in_the_form_as_it_is_by_now(
        self, vote: Cast, written_in: str
    ) -> None:
        refusal = vote(**{"q1": written_in, "other:q1": " "})
        assert refusal.status_code == 422
        assert "Write your answer." in refusal.text
        assert f'id="q1-{written_in}"' in refusal.text

    def test_it_opens_results_that_are_for_voters_alone_by_now(
        self, vote: Cast, client: FlaskClient, elsewhere: Stores, known: Poll
    ) -> None:
        see_to(elsewhere, known, results_visibility=ResultsVisibility.AFTER_VOTE)
        assert client.get(vote(q1="c1").headers["Location"]).status_code == 200

    def test_who_has_voted_sees_no_results_that_are_hidden_by_now(
        self, vote: Cast, elsewhere: Stores, known: Poll
    ) -> None:
        vote(q1="c1")
        hidden = see_to(elsewhere, known, results_visibility=ResultsVisibility.OWNERS)
        edited = change(elsewhere, hidden, *known.questions[0].choices, Choice("", "Arctic"))
        refusal = vote(q1=edited.questions[0].choices[-1].code)
        assert refusal.status_code == 409
        assert "Results are not published." in refusal.text


def test_what_is_a_draft_still_is_not_there(
    cast: Cast, stores: Stores, make_poll: MakePoll
) -> None:
    make_poll(schedule=Schedule(Status.DRAFT))
    stores.polls.find("made")
    assert cast("c1", "made").status_code == 404
