"""Voiding as owners do it: who may, what is logged, what readers see, and what races cannot do."""

import random
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from flask import Flask

from service.domain import ballot_log, recounts, results
from service.errors import (
    AlreadyVoted,
    BallotNotFound,
    NotAllowed,
    PollNotFound,
    ValidationError,
)
from service.records import BallotFilter, BallotStatus, Permission, Poll, Role
from service.stores import Stores
from tests.conftest import NOON
from tests.support.actors import member, program
from tests.support.ballots import cast, make_poll
from tests.support.redis import RedisServer
from tests.support.voters import new_token

VOTERS = 8
EACH = 25


@pytest.fixture
def noise(stores: Stores) -> Poll:
    other = make_poll(stores, "noise")
    for choice in ("c1", "c2"):
        cast(stores, other, choice)
    return other


@pytest.fixture
def poll(stores: Stores, noise: Poll) -> Poll:
    return make_poll(stores, "crops")


def differences(stores: Stores) -> dict[str, int]:
    return {slug: len(found) for slug, found in recounts.run(stores, NOON) if found}


def test_what_is_voided_leaves_the_results_at_once_with_a_greater_revision(
    stores: Stores, poll: Poll
) -> None:
    first, second = cast(stores, poll, "c1"), cast(stores, poll, "c2", q2=("c1",))
    before = results.read(stores, poll, NOON)
    editor = member(poll.site_id)
    assert ballot_log.void(stores, editor, "crops", [second], " A script ", NOON) == [second]
    after = results.read(stores, poll, NOON)
    assert (before.ballots, after.ballots) == (2, 1)
    assert after.revision > before.revision
    assert [choice.votes for choice in after.questions[0].choices] == [1, 0, 0]
    assert after.questions[1].answered == 0
    on_the_board = stores.tallies._board.read(poll.id)
    assert on_the_board is not None
    assert (on_the_board.revision, on_the_board.ballots) == (after.revision, 1)
    [event] = stores.audit.list_before([poll.site_id], None, 1)
    assert (event.actor, event.action, event.subject) == ("owner:7", "ballot.void", "poll:crops")
    assert event.after == {"reason": "A script", "ballots": [str(second)]}
    assert ballot_log.restore(stores, editor, "crops", [first, second], NOON) == [second]
    [event] = stores.audit.list_before([poll.site_id], None, 1)
    assert (event.action, event.after) == ("ballot.restore", {"ballots": [str(second)]})
    assert results.read(stores, poll, NOON).questions == before.questions
    assert differences(stores) == {}


def test_a_voter_whose_ballot_was_voided_cannot_cast_another(
    stores: Stores, poll: Poll, empty_redis: RedisServer
) -> None:
    voter = new_token()
    voided = cast(stores, poll, voter=voter)
    ballot_log.void(stores, member(poll.site_id), "crops", [voided], "A script", NOON)
    with pytest.raises(AlreadyVoted):
        cast(stores, poll, "c2", voter=voter)
    empty_redis.client.flushdb()
    with pytest.raises(AlreadyVoted):  # nor when only SQL remembers
        cast(stores, poll, "c2", voter=voter)
    assert results.read(stores, poll, NOON).ballots == 0


def test_only_who_may_void_can(stores: Stores, poll: Poll) -> None:
    ballot = cast(stores, poll)
    for stranger in (member(poll.site_id + 1, Role.ADMIN), program(poll.site_id + 1)):
        with pytest.raises(PollNotFound):
            ballot_log.void(stores, stranger, "crops", [ballot], "x", NOON)
    for reader in (
        member(poll.site_id, Role.VIEWER),
        program(poll.site_id, Permission.BALLOTS_READ, Permission.POLLS_WRITE),
    ):
        with pytest.raises(NotAllowed):
            ballot_log.void(stores, reader, "crops", [ballot], "x", NOON)
        with pytest.raises(NotAllowed):
            ballot_log.restore(stores, reader, "crops", [ballot], NOON)
    scoped = program(poll.site_id, Permission.BALLOTS_VOID)
    assert ballot_log.void(stores, scoped, "crops", [ballot], "x", NOON) == [ballot]


@pytest.mark.parametrize("reason", ["", " \n", "x" * 501, "a\0b"])
def test_a_reason_is_needed(stores: Stores, poll: Poll, reason: str) -> None:
    with pytest.raises(ValidationError):
        ballot_log.void(stores, member(poll.site_id), "crops", [cast(stores, poll)], reason, NOON)


@pytest.mark.parametrize("number", [0, 1001])
def test_so_many_ballots_are_not_taken_at_once(stores: Stores, poll: Poll, number: int) -> None:
    with pytest.raises(ValidationError):
        ballot_log.void(
            stores, member(poll.site_id), "crops", [uuid4() for _ in range(number)], "x", NOON
        )


def test_a_ballot_of_another_poll_is_not_found(stores: Stores, poll: Poll, noise: Poll) -> None:
    [theirs, *_] = ballot_log.read(stores, member(poll.site_id), "noise").items
    with pytest.raises(BallotNotFound):
        ballot_log.void(stores, member(poll.site_id), "crops", [theirs.id], "x", NOON)


def test_voiding_under_votes_leaves_exactly_what_each_was_told(
    app: Flask, stores: Stores, poll: Poll
) -> None:
    """Each voter votes, and voids and restores at random what has been cast, all at once."""
    editor, cast_ids = member(poll.site_id), list[UUID]()

    def vote_and_void(number: int) -> None:
        chance = random.Random(number)  # noqa: S311 - which ballots is no secret
        for turn in range(EACH):
            cast_ids.append(
                cast(stores, poll, f"c{turn % 3 + 1}", q2=("c1", "c2") if turn % 2 else ())
            )
            some = chance.sample(cast_ids, min(3, len(cast_ids)))
            with app.app_context():
                ballot_log.void(stores, editor, "crops", some, f"by {number}", NOON)
                if turn % 3 == 0:
                    ballot_log.restore(stores, editor, "crops", some[:1], NOON)

    with ThreadPoolExecutor(VOTERS) as pool:
        list(pool.map(vote_and_void, range(VOTERS)))
    assert len(set(cast_ids)) == VOTERS * EACH
    assert differences(stores) == {}
    void = BallotFilter(status=BallotStatus.VOID)
    with stores.ballots.stream(poll.id, void) as (_, read):
        voided = sum(1 for _ in read)
    assert 0 < voided < VOTERS * EACH
    shown = results.read(stores, poll, NOON)
    assert shown.ballots == VOTERS * EACH - voided
    assert sum(choice.votes or 0 for choice in shown.questions[0].choices) == shown.ballots
    net = 0  # what the audit log says was taken out, less what it says came back
    before = None
    while events := stores.audit.list_before([poll.site_id], before, 500):
        before = events[-1].id
        for event in events:
            sign = {"ballot.void": 1, "ballot.restore": -1}.get(event.action, 0)
            net += sign * len((event.after or {}).get("ballots", ()))
    assert net == voided
