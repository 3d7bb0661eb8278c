"""A ballot checked by a poll's old rules, because its process had not seen the edit yet."""

from dataclasses import replace
from uuid import uuid4

import pytest

from service.domain import ballots, edits, polls
from service.domain.ballots import Submission
from service.errors import InvalidChoice, PollNotFound, PollReplaced
from service.records import OPERATOR, Choice, Poll, Ruling
from service.stores import Stores
from tests.conftest import NOON
from tests.support.ballots import SECRETS
from tests.support.voters import new_token


def submission(choice: str) -> Submission:
    return Submission(uuid4(), new_token(), {"q1": [choice]}, None, "192.0.2.1")


def cast(stores: Stores, poll: Poll, given: Submission) -> Ruling:
    return ballots.cast(stores, poll, given, SECRETS, NOON)


def edit(stores: Stores, poll: Poll, *choices: Choice) -> Poll:
    [question] = poll.questions
    draft = replace(polls.draft_of(poll), questions=(replace(question, choices=choices),))
    return edits.edit(stores, OPERATOR, poll.slug, draft, poll.row_version, NOON)


@pytest.fixture
def seen(stores: Stores) -> Poll:
    """The demo's poll as another process has it in memory."""
    return polls.find(stores, "region-interest")


def test_it_counts_if_it_fits_the_new_rules_too(stores: Stores, seen: Poll) -> None:
    [question] = seen.questions
    edit(stores, seen, *question.choices, Choice("", "Arctic"))
    assert cast(stores, seen, submission("c1")) is Ruling.COUNTED
    assert stores.tallies.read(seen.id).votes("q1", "c1") == 1


@pytest.mark.parametrize("change", ["removed", "retired"])
def test_it_is_refused_if_its_choice_is_offered_no_more(
    stores: Stores, seen: Poll, change: str
) -> None:
    first, *rest = seen.questions[0].choices
    edit(stores, seen, *([replace(first, retired=True)] if change == "retired" else []), *rest)
    with pytest.raises(InvalidChoice):
        cast(stores, seen, submission(first.code))
    assert stores.tallies.read(seen.id).ballots == 0


def test_a_retry_gets_its_ruling_though_its_choice_was_retired_meanwhile(
    stores: Stores, seen: Poll
) -> None:
    given = submission("c1")
    assert cast(stores, seen, given) is Ruling.COUNTED
    first, *rest = seen.questions[0].choices
    now = edit(stores, seen, replace(first, retired=True), *rest)
    for known in (seen, now):
        assert cast(stores, known, given) is Ruling.REPEATED
    with pytest.raises(InvalidChoice):
        cast(stores, now, submission("c1"))
    assert stores.tallies.read(seen.id).ballots == 1


def test_it_finds_no_poll_if_that_was_deleted(stores: Stores, seen: Poll) -> None:
    polls.delete(stores, OPERATOR, seen.slug, NOON)
    with pytest.raises(PollNotFound):
        cast(stores, seen, submission("c1"))


def test_it_is_to_be_cast_anew_in_a_poll_that_took_the_deleted_ones_address(
    stores: Stores, seen: Poll
) -> None:
    polls.delete(stores, OPERATOR, seen.slug, NOON)
    new = polls.create(stores, seen.site_id, polls.draft_of(seen), NOON)
    assert (new.slug, new.id == seen.id) == (seen.slug, False)
    given = submission("c1")
    with pytest.raises(PollReplaced):
        cast(stores, seen, given)
    assert stores.tallies.read(new.id).ballots == 0
    assert cast(stores, polls.find(stores, seen.slug), given) is Ruling.COUNTED
    assert stores.tallies.read(new.id).ballots == 1
