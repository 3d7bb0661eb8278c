"""Polls as their owners handle them, on SQLite and on PostgreSQL."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from service.domain import edits, polls
from service.errors import NotAllowed, PollNotFound, SiteNotFound, SlugTaken
from service.records import (
    OPERATOR,
    Permission,
    Poll,
    Role,
    Schedule,
    Status,
)
from service.stores import Stores
from service.stores.sql import models
from service.stores.sql.db import Base, db
from tests.conftest import NOON
from tests.support.actors import logged, member, program
from tests.support.ballots import cast, make_poll
from tests.support.drafts import DRAFT

HOUR = timedelta(hours=1)


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


class TestDuplicate:
    def test_it_is_a_draft_of_its_own_with_nothing_cast(self, stores: Stores, poll: Poll) -> None:
        cast(stores, poll, "c1")
        one, two = poll.questions
        first, *rest = one.choices
        retired = replace(one, choices=(replace(first, retired=True), *rest))
        draft = replace(polls.draft_of(poll), questions=(retired, two))
        edits.edit(stores, member(poll.site_id), "crops", draft, None, NOON)
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
