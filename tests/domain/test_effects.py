"""What voiding or restoring would do, before it is done."""

from uuid import uuid4

import pytest

from service.domain import ballot_log, effects, results
from service.errors import BallotNotFound, NotAllowed, PollNotFound
from service.records import OPERATOR, Permission, Poll, Role
from service.stores import Stores
from tests.conftest import NOON
from tests.support.actors import member, program
from tests.support.ballots import cast, make_poll


@pytest.fixture
def poll(stores: Stores) -> Poll:
    return make_poll(stores, "crops")


@pytest.mark.parametrize("voids", [True, False])
def test_the_effect_is_what_the_act_then_does(stores: Stores, poll: Poll, voids: bool) -> None:
    ids = [cast(stores, poll, choice, q2=("c1", "c3")) for choice in ("c1", "c1", "c2", "c3")]
    if not voids:
        ballot_log.void(stores, OPERATOR, "crops", ids[:3], "test", NOON)
    effect = effects.of(stores, OPERATOR, "crops", ids[:2], voids=voids, now=NOON)
    assert {ballot.id for ballot in effect.ballots} == set(ids[:2])
    assert effect.before == results.read(stores, poll, NOON)
    if voids:
        ballot_log.void(stores, OPERATOR, "crops", ids[:2], "test", NOON)
    else:
        ballot_log.restore(stores, OPERATOR, "crops", ids[:2], NOON)
    now = results.read(stores, poll, NOON)
    assert (effect.after.ballots, effect.after.questions) == (now.ballots, now.questions)


def test_what_is_void_already_changes_nothing(stores: Stores, poll: Poll) -> None:
    first, second = cast(stores, poll, "c1"), cast(stores, poll, "c2")
    ballot_log.void(stores, OPERATOR, "crops", [first], "test", NOON)
    effect = effects.of(stores, OPERATOR, "crops", [first, second], voids=True, now=NOON)
    assert [ballot.id for ballot in effect.ballots] == [second]
    assert (effect.before.ballots, effect.after.ballots) == (1, 0)


def test_only_ballots_of_the_poll_and_only_for_whom_may_void_them(
    stores: Stores, poll: Poll
) -> None:
    ballot_id, theirs = cast(stores, poll), cast(stores, make_poll(stores, "noise"))
    for foreign in (theirs, uuid4()):
        with pytest.raises(BallotNotFound):
            effects.of(stores, OPERATOR, "crops", [ballot_id, foreign], voids=True, now=NOON)
    for actor in (member(poll.site_id, Role.VIEWER), program(poll.site_id, Permission.POLLS_READ)):
        with pytest.raises(NotAllowed):
            effects.of(stores, actor, "crops", [ballot_id], voids=True, now=NOON)
    with pytest.raises(PollNotFound):
        effects.of(stores, member(poll.site_id + 1), "crops", [ballot_id], voids=True, now=NOON)
