"""What owners change about a poll that stands, on SQLite and on PostgreSQL."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from service.domain import edits, polls
from service.errors import (
    PollHasBallots,
    PollNotFound,
    SlugTaken,
    StaleEdit,
    StatusConflict,
    ValidationError,
)
from service.records import OPERATOR, Choice, Poll, Schedule, Status
from service.stores import Stores
from service.stores.sql import models
from service.stores.sql.db import db
from tests.conftest import NOON, FakeClock
from tests.support.actors import logged, member
from tests.support.ballots import cast
from tests.support.drafts import DRAFT, DRINK

HOUR = timedelta(hours=1)


def edited(stores: Stores, poll: Poll, now: Any = NOON, **fields: Any) -> Poll:
    draft = replace(polls.draft_of(poll), **fields)
    return edits.edit(stores, member(poll.site_id), poll.slug, draft, poll.row_version, now)


class TestEdit:
    def test_it_shows_at_once_and_the_log_says_what_changed(
        self, stores: Stores, poll: Poll, noise: Poll
    ) -> None:
        polls.find(stores, "crops")
        first, *rest = poll.questions[0].choices
        question = replace(poll.questions[0], choices=(*rest, replace(first, text="Ricee")))
        new = edited(
            stores, poll, NOON + HOUR, title="Grain", questions=(question, poll.questions[1])
        )
        assert polls.find(stores, "crops") == new == polls.managed(stores, OPERATOR, "crops")
        assert (new.title, new.row_version, new.updated_at) == ("Grain", 2, NOON + HOUR)
        [event] = logged(stores, "poll.edit")
        assert (event.actor, event.subject, event.at) == ("owner:7", "poll:crops", NOON + HOUR)
        assert event.before == {
            "title": "Crops",
            "questions/q1/choices": ["c1", "c2", "c3"],
            "questions/q1/choices/c1/text": "Rice",
        }
        assert event.after == {
            "title": "Grain",
            "questions/q1/choices": ["c2", "c3", "c1"],
            "questions/q1/choices/c1/text": "Ricee",
        }
        assert polls.managed(stores, OPERATOR, "noise") == noise

    def test_one_that_changes_nothing_leaves_version_and_log(
        self, stores: Stores, poll: Poll
    ) -> None:
        assert edited(stores, poll) == poll == polls.managed(stores, OPERATOR, "crops")
        assert logged(stores, "poll.edit") == []

    def test_a_stale_one_changes_nothing(self, stores: Stores, poll: Poll) -> None:
        new = edited(stores, poll, title="First")
        with pytest.raises(StaleEdit):
            edited(stores, poll, title="Second")
        assert polls.managed(stores, OPERATOR, "crops") == new

    def test_codes_of_removed_choices_are_never_given_again(
        self, stores: Stores, poll: Poll
    ) -> None:
        one, two = poll.questions
        without = edited(stores, poll, questions=(replace(one, choices=one.choices[:2]),))
        more = (*without.questions[0].choices, Choice("", "Salt"))
        asked = (replace(one, choices=more), replace(two, code="", choices=DRINK.choices))
        new = edited(stores, without, questions=asked)
        assert [c.code for c in new.questions[0].choices] == ["c1", "c2", "c4"]
        assert [question.code for question in new.questions] == ["q1", "q3"]

    def test_what_has_votes_stays_and_the_refusal_changes_nothing(
        self, stores: Stores, poll: Poll
    ) -> None:
        cast(stores, poll, "c1")
        one, two = poll.questions
        with pytest.raises(PollHasBallots, match="Rice"):
            edited(stores, poll, questions=(replace(one, choices=one.choices[1:]), two))
        assert polls.managed(stores, OPERATOR, "crops") == poll
        new = edited(stores, poll, questions=(replace(one, choices=one.choices[:2]), two))
        assert [c.code for c in new.questions[0].choices] == ["c1", "c2"]

    def test_a_choice_is_retired_and_brought_back(self, stores: Stores, poll: Poll) -> None:
        cast(stores, poll, "c1")
        one, two = poll.questions
        first, *rest = one.choices
        gone = edited(
            stores,
            poll,
            questions=(replace(one, choices=(replace(first, retired=True), *rest)), two),
        )
        assert [c.code for c in gone.questions[0].offered] == ["c2", "c3"]
        back = edited(stores, gone, questions=poll.questions)
        assert back.questions == poll.questions
        assert stores.tallies.read(poll.id).votes("q1", "c1") == 1

    def test_it_does_not_touch_the_status(self, stores: Stores, poll: Poll) -> None:
        closed = edits.set_status(stores, OPERATOR, "crops", Status.CLOSED, NOON)
        new = edited(stores, closed, schedule=Schedule(Status.OPEN, closes_at=NOON + HOUR))
        assert new.schedule == Schedule(Status.CLOSED, closes_at=NOON + HOUR)

    def test_the_address_changes_before_pages_carry_it_only(
        self, stores: Stores, poll: Poll
    ) -> None:
        with pytest.raises(ValidationError) as refusal:
            edited(stores, poll, slug="grain")
        assert refusal.value.errors[0].pointer == "/slug"
        draft = polls.duplicate(stores, OPERATOR, "crops", NOON)
        assert edited(stores, draft, slug="grain").slug == "grain"
        with pytest.raises(PollNotFound):
            polls.managed(stores, OPERATOR, draft.slug)
        with pytest.raises(SlugTaken):
            edited(stores, polls.managed(stores, OPERATOR, "grain"), slug="noise")

    def test_a_bad_draft_is_told_and_kept_out(self, stores: Stores, poll: Poll) -> None:
        with pytest.raises(ValidationError):
            edited(stores, poll, title="x" * 301)
        assert polls.managed(stores, OPERATOR, "crops") == poll

    @pytest.mark.parametrize(
        ("schedule", "pointer"),
        [
            (Schedule(Status.OPEN, opens_at=NOON + 3 * HOUR), "/opens_at"),
            (Schedule(Status.OPEN, opens_at=NOON + HOUR + timedelta(seconds=1)), "/opens_at"),
            (Schedule(Status.OPEN, closes_at=NOON + HOUR), "/closes_at"),
        ],
    )
    def test_it_cannot_say_that_a_ballot_was_cast_too_early_or_too_late(
        self, stores: Stores, clock: FakeClock, poll: Poll, schedule: Schedule, pointer: str
    ) -> None:
        clock.moment = NOON + HOUR
        cast(stores, poll)
        with pytest.raises(PollHasBallots) as refusal:
            edited(stores, poll, NOON + 2 * HOUR, schedule=schedule)
        assert [fault.pointer for fault in refusal.value.errors] == [pointer]
        still = Schedule(Status.OPEN, NOON, NOON + HOUR + timedelta(seconds=1))
        assert edited(stores, poll, NOON + 2 * HOUR, schedule=still).schedule == still


class TestStatus:
    SCHEDULES: Mapping[str, Schedule] = {
        "draft": Schedule(Status.DRAFT),
        "scheduled": Schedule(Status.OPEN, NOON + HOUR),
        "open": Schedule(Status.OPEN),
        "closed": Schedule(Status.CLOSED),
        "over": Schedule(Status.OPEN, None, NOON),
        "archived": Schedule(Status.ARCHIVED),
    }

    @pytest.mark.parametrize(
        ("stands", "asked", "becomes"),
        [
            ("draft", Status.OPEN, Status.OPEN),
            ("scheduled", Status.OPEN, Status.OPEN),
            ("scheduled", Status.DRAFT, Status.DRAFT),
            ("scheduled", Status.CLOSED, Status.CLOSED),
            ("open", Status.CLOSED, Status.CLOSED),
            ("closed", Status.OPEN, Status.OPEN),
            ("closed", Status.ARCHIVED, Status.ARCHIVED),
            ("over", Status.CLOSED, Status.CLOSED),
            ("over", Status.ARCHIVED, Status.ARCHIVED),
            ("archived", Status.CLOSED, Status.CLOSED),
        ],
    )
    def test_a_poll_goes_from_one_to_the_next(
        self, stores: Stores, poll: Poll, stands: str, asked: Status, becomes: Status
    ) -> None:
        schedule = self.SCHEDULES[stands]
        draft = replace(DRAFT, slug="x", schedule=schedule)
        polls.create(stores, poll.site_id, draft, NOON - HOUR)
        moved = edits.set_status(stores, member(poll.site_id), "x", asked, NOON)
        assert moved.status_at(NOON) is becomes
        assert (moved.schedule.status, moved.row_version) == (becomes, 2)
        assert polls.managed(stores, OPERATOR, "x") == moved
        assert polls.managed(stores, OPERATOR, "noise").schedule.status is Status.OPEN

    @pytest.mark.parametrize(
        ("stands", "asked"),
        [
            ("draft", Status.CLOSED),
            ("draft", Status.ARCHIVED),
            ("scheduled", Status.ARCHIVED),
            ("open", Status.DRAFT),
            ("open", Status.ARCHIVED),
            ("open", Status.SCHEDULED),
            ("closed", Status.DRAFT),
            ("archived", Status.OPEN),
            ("archived", Status.DRAFT),
        ],
    )
    def test_other_ways_are_closed(
        self, stores: Stores, poll: Poll, stands: str, asked: Status
    ) -> None:
        schedule = self.SCHEDULES[stands]
        draft = replace(DRAFT, slug="x", schedule=schedule)
        made = polls.create(stores, poll.site_id, draft, NOON - HOUR)
        with pytest.raises(StatusConflict, match=stands):
            edits.set_status(stores, OPERATOR, "x", asked, NOON)
        assert polls.managed(stores, OPERATOR, "x") == made

    def test_the_status_that_it_has_may_be_given_again(self, stores: Stores, poll: Poll) -> None:
        assert edits.set_status(stores, OPERATOR, "crops", Status.OPEN, NOON) == poll
        assert logged(stores, "poll.open") == []

    def test_a_poll_whose_time_is_over_needs_another_to_open_again(
        self, stores: Stores, poll: Poll
    ) -> None:
        over = edited(stores, poll, schedule=Schedule(Status.OPEN, closes_at=NOON - HOUR))
        closed = edits.set_status(stores, OPERATOR, "crops", Status.CLOSED, NOON)
        for _ in range(2):
            with pytest.raises(ValidationError) as refusal:
                edits.set_status(stores, OPERATOR, "crops", Status.OPEN, NOON)
            assert refusal.value.errors[0].pointer == "/closes_at"
        assert over.status_at(NOON) is Status.CLOSED
        edited(stores, closed, schedule=Schedule(Status.CLOSED, closes_at=NOON + HOUR))
        opened = edits.set_status(stores, OPERATOR, "crops", Status.OPEN, NOON)
        assert opened.status_at(NOON) is Status.OPEN

    def test_no_poll_is_made_open_that_is_over_already(self, stores: Stores, poll: Poll) -> None:
        over = replace(DRAFT, schedule=self.SCHEDULES["over"])
        with pytest.raises(ValidationError) as refusal:
            polls.create(stores, poll.site_id, over, NOON)
        assert refusal.value.errors[0].pointer == "/closes_at"
        draft = replace(over, schedule=Schedule(Status.DRAFT, closes_at=NOON))
        assert polls.create(stores, poll.site_id, draft, NOON).schedule.closes_at == NOON

    def test_an_edit_that_opens_does_both_or_neither(self, stores: Stores, poll: Poll) -> None:
        copy = polls.duplicate(stores, OPERATOR, "crops", NOON)
        over = replace(polls.draft_of(copy), title="Grain", schedule=self.SCHEDULES["over"])
        with pytest.raises(ValidationError):
            edits.edit(stores, OPERATOR, copy.slug, over, 1, NOON, opens=True)
        assert polls.managed(stores, OPERATOR, copy.slug) == copy
        draft = replace(over, schedule=Schedule(Status.DRAFT))
        opened = edits.edit(stores, OPERATOR, copy.slug, draft, 1, NOON, opens=True)
        assert (opened.title, opened.schedule.status) == ("Grain", Status.OPEN)
        assert opened.row_version == 2
        [event] = logged(stores, "poll.open")
        assert event.after == {"title": "Grain", "status": "open"}

    def test_a_poll_with_ballots_is_no_draft_again(self, stores: Stores, poll: Poll) -> None:
        cast(stores, poll, "c1")
        with db.engine.begin() as connection:  # as an earlier version let owners do
            connection.execute(sa.update(models.Poll).values(opens_at=NOON + HOUR))
        with pytest.raises(PollHasBallots):
            edits.set_status(stores, OPERATOR, "crops", Status.DRAFT, NOON)

    def test_a_stale_decision_changes_nothing(self, stores: Stores, poll: Poll) -> None:
        edited(stores, poll, title="First")
        with pytest.raises(StaleEdit):
            edits.set_status(stores, OPERATOR, "crops", Status.CLOSED, NOON, poll.row_version)

    def test_a_close_is_not_before_the_ballots_that_it_lets_stand(
        self, stores: Stores, clock: FakeClock, poll: Poll
    ) -> None:
        clock.moment = NOON + timedelta(seconds=2)
        cast(stores, poll, "c1")
        closed = edits.set_status(stores, OPERATOR, "crops", Status.CLOSED, NOON)
        [event] = logged(stores, "poll.close")
        assert closed.updated_at == event.at == clock.moment
        assert (event.before, event.after) == ({"status": "open"}, {"status": "closed"})
