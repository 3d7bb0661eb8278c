"""The lists of polls that owners look through, on SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from service.domain import ballot_log, poll_lists, polls
from service.errors import NotAllowed, SiteNotFound, ValidationError
from service.records import (
    OPERATOR,
    Permission,
    Poll,
    PollQuery,
    Schedule,
    Status,
)
from service.stores import Stores
from tests.conftest import NOON, FakeClock
from tests.support.actors import member, program
from tests.support.ballots import cast
from tests.support.drafts import DRAFT

HOUR = timedelta(hours=1)


def slugs(stores: Stores, query: PollQuery, **options: Any) -> list[str]:
    actor = options.pop("actor", OPERATOR)
    page = poll_lists.page(stores, actor, query, options.pop("now", NOON))
    return [item.poll.slug for item in page.items]


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
        ballot_log.void(stores, OPERATOR, "crops", [ballot], "x", NOON + HOUR)
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
