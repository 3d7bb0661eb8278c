"""Polls as their owners handle them, on SQLite and on PostgreSQL.

Another site with a poll of its own, and the demo's, are there as the noise: whatever forgets to ask
for the site finds them.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from service.domain import ballots, edits, poll_lists, polls
from service.errors import (
    NotAllowed,
    PollHasBallots,
    PollNotFound,
    SiteNotFound,
    SlugTaken,
    StaleEdit,
    StatusConflict,
    ValidationError,
)
from service.records import (
    OPERATOR,
    Choice,
    Permission,
    Poll,
    PollDraft,
    PollQuery,
    Question,
    Role,
    Schedule,
    Status,
)
from service.stores import Stores
from service.stores.sql import models
from service.stores.sql.db import Base, db
from tests.conftest import NOON, FakeClock
from tests.support.actors import logged, member, program
from tests.support.ballots import cast, make_poll

HOUR = timedelta(hours=1)
DRINK = Question("", "Tea or coffee?", (Choice("", "Tea"), Choice("", "Coffee")))
DRAFT = PollDraft(slug="", title="", questions=(DRINK,))


@pytest.fixture
def noise(stores: Stores) -> Poll:
    poll = make_poll(stores, "noise", site="noise")
    cast(stores, poll, "c1")
    return poll


@pytest.fixture
def poll(stores: Stores, noise: Poll) -> Poll:
    return make_poll(stores, "crops", site="farm")


def edited(stores: Stores, poll: Poll, now: Any = NOON, **fields: Any) -> Poll:
    draft = replace(polls.draft_of(poll), **fields)
    return edits.edit(stores, member(poll.site_id), poll.slug, draft, poll.row_version, now)


def slugs(stores: Stores, query: PollQuery, **options: Any) -> list[str]:
    actor = options.pop("actor", OPERATOR)
    page = poll_lists.page(stores, actor, query, options.pop("now", NOON))
    return [item.poll.slug for item in page.items]


def rows() -> Mapping[str, int]:
    with db.engine.connect() as connection:
        return {
            name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for name, table in Base.metadata.tables.items()
        }


class TestCreate:
    def test_a_poll_gets_codes_an_address_a_key_and_a_line_in_the_log(
        self, stores: Stores, poll: Poll
    ) -> None:
        editor = member(poll.site_id)
        made = polls.create(stores, poll.site_id, DRAFT, NOON, editor)
        again = polls.create(stores, poll.site_id, DRAFT, NOON, editor)
        assert (made.slug, again.slug) == ("tea-or-coffee", "tea-or-coffee-2")
        assert (made.title, made.row_version, made.created_at) == ("Tea or coffee?", 1, NOON)
        assert [c.code for c in made.questions[0].choices] == ["c1", "c2"]
        assert made.voter_secret != again.voter_secret
        assert polls.find(stores, "tea-or-coffee") == made
        event = logged(stores, "poll.create")[1]
        assert (event.site_id, event.actor) == (poll.site_id, "owner:7")
        assert event.subject == "poll:tea-or-coffee"

    def test_a_slug_that_was_asked_for_is_taken_or_not(self, stores: Stores, poll: Poll) -> None:
        with pytest.raises(SlugTaken):
            polls.create(stores, poll.site_id, replace(DRAFT, slug="noise"), NOON)

    def test_who_may_not_write_there_makes_nothing(
        self, stores: Stores, app: Flask, poll: Poll, noise: Poll
    ) -> None:
        before = rows()
        with pytest.raises(NotAllowed):
            polls.create(stores, poll.site_id, DRAFT, NOON, member(poll.site_id, Role.VIEWER))
        with pytest.raises(SiteNotFound):
            polls.create(stores, noise.site_id, DRAFT, NOON, member(poll.site_id))
        with pytest.raises(SiteNotFound):
            polls.create(stores, 999, DRAFT, NOON)
        assert rows() == before

    def test_a_draft_is_managed_but_not_public(self, stores: Stores, poll: Poll) -> None:
        draft = replace(DRAFT, slug="early", schedule=Schedule(Status.DRAFT))
        polls.create(stores, poll.site_id, draft, NOON)
        assert polls.managed(stores, member(poll.site_id), "early").slug == "early"
        with pytest.raises(PollNotFound):
            polls.find(stores, "early")


class TestManaged:
    def test_a_poll_of_another_site_is_not_found(self, stores: Stores, poll: Poll) -> None:
        for slug in ("noise", "region-interest", "nowhere", "a\0b", "x" * 10_000):
            with pytest.raises(PollNotFound):
                polls.managed(stores, member(poll.site_id), slug)

    def test_what_a_program_lacks_the_scope_for_is_not_allowed(
        self, stores: Stores, poll: Poll
    ) -> None:
        reader = program(poll.site_id, Permission.RESULTS_READ)
        with pytest.raises(NotAllowed):
            polls.managed(stores, reader, "crops")
        assert polls.managed(stores, reader, "crops", Permission.RESULTS_READ) == poll

    @pytest.mark.parametrize("role", [Role.VIEWER, None])
    def test_only_who_may_write_changes_polls(
        self, stores: Stores, app: Flask, poll: Poll, noise: Poll, role: Role | None
    ) -> None:
        actor = member(poll.site_id, role) if role else member(noise.site_id, Role.ADMIN)
        refusal = NotAllowed if role else PollNotFound
        before = rows()
        with pytest.raises(refusal):
            edits.edit(stores, actor, "crops", polls.draft_of(poll), 1, NOON)
        with pytest.raises(refusal):
            edits.set_status(stores, actor, "crops", Status.CLOSED, NOON)
        with pytest.raises(refusal):
            polls.duplicate(stores, actor, "crops", NOON)
        with pytest.raises(refusal):
            polls.delete(stores, actor, "crops", NOON)
        assert (rows(), polls.managed(stores, OPERATOR, "crops")) == (before, poll)


class TestList:
    def test_the_newest_come_first_page_by_page_without_gap_or_repeat(
        self, stores: Stores, poll: Poll
    ) -> None:
        made = [polls.create(stores, poll.site_id, DRAFT, NOON).slug for _ in range(4)]
        query = PollQuery(site_id=poll.site_id, limit=2)
        pages = [poll_lists.page(stores, member(poll.site_id), query, NOON)]
        while pages[-1].next:
            query = replace(query, after=pages[-1].next)
            pages.append(poll_lists.page(stores, member(poll.site_id), query, NOON))
        listed = [item.poll.slug for page in pages for item in page.items]
        assert listed == [*reversed(made), "crops"]
        assert [len(page.items) for page in pages] == [2, 2, 1]

    def test_an_actor_is_shown_its_own_sites_only(
        self, stores: Stores, poll: Poll, noise: Poll
    ) -> None:
        actor = member(poll.site_id)
        assert slugs(stores, PollQuery(), actor=actor) == ["crops"]
        with pytest.raises(SiteNotFound):
            slugs(stores, PollQuery(site_id=noise.site_id), actor=actor)
        writer = program(poll.site_id, Permission.POLLS_WRITE)
        assert slugs(stores, PollQuery(), actor=writer) == []
        with pytest.raises(NotAllowed):
            slugs(stores, PollQuery(site_id=poll.site_id), actor=writer)
        assert set(slugs(stores, PollQuery())) == {"crops", "noise", "region-interest"}

    def test_a_poll_is_listed_with_what_came_of_it(
        self, stores: Stores, clock: FakeClock, poll: Poll
    ) -> None:
        [before] = poll_lists.page(stores, OPERATOR, PollQuery(site_id=poll.site_id), NOON).items
        clock.moment = NOON + HOUR
        for _ in range(2):
            cast(stores, poll, "c2")
        [after] = poll_lists.page(stores, OPERATOR, PollQuery(site_id=poll.site_id), NOON).items
        assert (before.ballots, before.last_vote_at) == (0, None)
        assert (after.ballots, after.last_vote_at) == (2, NOON + HOUR)

    def test_the_last_vote_is_not_what_an_owner_did_later(
        self, stores: Stores, clock: FakeClock, poll: Poll
    ) -> None:
        ballot = cast(stores, poll)
        ballots.void(stores, OPERATOR, "crops", [ballot], "x", NOON + HOUR)
        query = PollQuery(site_id=poll.site_id)
        [listed] = poll_lists.page(stores, OPERATOR, query, NOON + HOUR).items
        assert (listed.ballots, listed.last_vote_at) == (0, NOON)

    @pytest.mark.parametrize(
        ("text", "found"),
        [("CROPS", True), ("which ONE", True), ("%", False), ("_rops", False), ("rice", False)],
    )
    def test_titles_and_questions_are_searched_letter_by_letter(
        self, stores: Stores, poll: Poll, text: str, found: bool
    ) -> None:
        query = PollQuery(site_id=poll.site_id, text=text)
        assert slugs(stores, query) == (["crops"] if found else [])

    def test_letters_of_any_script_are_found_in_either_case(
        self, stores: Stores, poll: Poll
    ) -> None:
        polls.create(stores, poll.site_id, replace(DRAFT, slug="r", title="Какой РЕГИОН?"), NOON)
        assert slugs(stores, PollQuery(text="регион")) == ["r"]

    def test_the_status_that_readers_see_now_decides(self, stores: Stores, poll: Poll) -> None:
        schedules = {
            "draft": Schedule(Status.DRAFT),
            "to-come": Schedule(Status.OPEN, NOON + HOUR),
            "running": Schedule(Status.OPEN, NOON, NOON + HOUR),
            "over": Schedule(Status.OPEN, None, NOON),
            "closed": Schedule(Status.CLOSED),
            "archived": Schedule(Status.ARCHIVED, NOON + HOUR),
        }
        for slug, schedule in schedules.items():
            draft = replace(DRAFT, slug=slug, schedule=schedule)
            polls.create(stores, poll.site_id, draft, NOON - HOUR)
        by_status = {
            status: set(slugs(stores, PollQuery(site_id=poll.site_id, status=status)))
            for status in Status
        }
        assert by_status == {
            Status.DRAFT: {"draft"},
            Status.SCHEDULED: {"to-come"},
            Status.OPEN: {"running", "crops"},
            Status.CLOSED: {"over", "closed"},
            Status.ARCHIVED: {"archived"},
        }

    @pytest.mark.parametrize(
        "fields",
        [
            {"after": after}
            for after in ("x", "9" * 30, "0" * 12 + "9" * 30, "9" * 5000, "²", "1\n")
        ],
    )
    def test_a_cursor_that_no_page_gave_is_refused(
        self, stores: Stores, fields: dict[str, Any]
    ) -> None:
        with pytest.raises(ValidationError):
            slugs(stores, PollQuery(**fields))

    @pytest.mark.parametrize("limit", [0, 101])
    def test_a_page_of_none_or_too_many_is_refused(self, stores: Stores, limit: int) -> None:
        with pytest.raises(ValidationError):
            slugs(stores, PollQuery(limit=limit))


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


class TestDuplicate:
    def test_it_is_a_draft_of_its_own_with_nothing_cast(self, stores: Stores, poll: Poll) -> None:
        cast(stores, poll, "c1")
        one, two = poll.questions
        first, *rest = one.choices
        retired = replace(one, choices=(replace(first, retired=True), *rest))
        edited(stores, poll, questions=(retired, two))
        copy = polls.duplicate(stores, member(poll.site_id), "crops", NOON + HOUR)
        assert (copy.slug, copy.title, copy.site_id) == ("crops-2", poll.title, poll.site_id)
        assert (copy.schedule, copy.row_version) == (Schedule(Status.DRAFT), 1)
        assert [(c.code, c.text) for c in copy.questions[0].choices] == [
            ("c1", "Tea"),
            ("c2", "Salt"),
        ]
        assert copy.voter_secret != poll.voter_secret
        assert stores.tallies.read(copy.id).ballots == 0
        [event] = logged(stores, "poll.duplicate")
        assert (event.subject, event.after) == ("poll:crops-2", {"title": "Crops", "like": "crops"})


class TestDelete:
    def test_all_of_it_goes_and_nothing_else_and_the_log_says_what_was_lost(
        self, stores: Stores, app: Flask, noise: Poll
    ) -> None:
        before = rows()
        poll = make_poll(stores, "crops", site="noise")
        for _ in range(3):
            cast(stores, poll, "c1", q2=("c1", "c2"))
        polls.delete(stores, member(poll.site_id), "crops", NOON)
        assert rows() == {**before, "audit_events": before["audit_events"] + 2}
        for look in (polls.find, lambda s, slug: polls.managed(s, OPERATOR, slug)):
            with pytest.raises(PollNotFound):
                look(stores, "crops")
        [event] = logged(stores, "poll.delete")
        assert (event.subject, event.before) == ("poll:crops", {"title": "Crops", "ballots": 3})
        assert stores.tallies.read(noise.id).ballots == 1

    def test_texts_of_readers_go_with_it(self, stores: Stores, app: Flask, poll: Poll) -> None:
        with db.engine.begin() as connection:
            text = {"question_code": "q1", "text": "Millet", "votes": 1, "status": "pending"}
            connection.execute(sa.insert(models.OtherText).values(poll_id=poll.id, **text))
        polls.delete(stores, OPERATOR, "crops", NOON)
        assert rows()["other_texts"] == 0
