"""Which poll a place shows, on SQLite and on PostgreSQL.

Another site with an open poll of its own is there as the noise.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from service.domain import edits, places, polls, sites
from service.errors import NotAllowed, PollNotFound, SiteNotFound, StaleEdit
from service.records import (
    OPERATOR,
    Choice,
    CurrentPoll,
    Place,
    PollDraft,
    Question,
    Role,
    Schedule,
    Site,
    Status,
)
from service.stores import Stores
from service.stores.fresh import Fresh
from service.stores.sql import places as sql_places
from service.stores.sql.db import db
from tests.conftest import NOON, FakeClock
from tests.support.actors import logged, member
from tests.support.ballots import make_poll
from tests.support.elsewhere import polls_elsewhere

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DRINK = Question("", "Tea or coffee?", (Choice("", "Tea"), Choice("", "Coffee")))
OPEN = Schedule(Status.OPEN)


@pytest.fixture
def farm(stores: Stores) -> Site:
    make_poll(stores, "noise", site="noise")
    stores.sites.ensure("farm", "Farm", "en", "UTC", NOON)
    return sites.find(stores, OPERATOR, "farm")


def poll(
    stores: Stores, site: Site, slug: str, schedule: Schedule = OPEN, at: datetime = NOON
) -> str:
    draft = PollDraft(slug=slug, title="", schedule=schedule, questions=(DRINK,))
    return polls.create(stores, site.id, draft, at).slug


def shown(stores: Stores, place: Place, now: datetime = NOON) -> str:
    return places.poll_at(stores, "farm", place, now).slug


def choose(stores: Stores, site: Site, slug: str | None, **options: Any) -> None:
    actor = options.pop("actor", OPERATOR)
    places.choose(stores, actor, site, CurrentPoll(slug), NOON, **options)


class TestLatest:
    def test_is_the_open_poll_that_opened_last(self, stores: Stores, farm: Site) -> None:
        poll(stores, farm, "old", at=NOON - DAY)
        poll(stores, farm, "written-first", Schedule(Status.DRAFT), at=NOON - 2 * DAY)
        edits.set_status(stores, OPERATOR, "written-first", Status.OPEN, NOON - HOUR)
        assert shown(stores, Place.LATEST) == "written-first"
        edits.set_status(stores, OPERATOR, "old", Status.CLOSED, NOON - MINUTE)
        edits.set_status(stores, OPERATOR, "old", Status.OPEN, NOON)
        assert shown(stores, Place.LATEST) == "old"

    def test_is_not_another_because_of_an_edit(self, stores: Stores, farm: Site) -> None:
        poll(stores, farm, "first", at=NOON - DAY)
        poll(stores, farm, "second", at=NOON - HOUR)
        draft = polls.draft_of(polls.find(stores, "first"))
        edits.edit(stores, OPERATOR, "first", draft, None, NOON)
        edits.set_status(stores, OPERATOR, "first", Status.OPEN, NOON)
        assert shown(stores, Place.LATEST) == "second"

    def test_takes_a_scheduled_poll_at_its_moment(
        self, stores: Stores, farm: Site, clock: FakeClock
    ) -> None:
        poll(stores, farm, "now")
        poll(stores, farm, "soon", Schedule(Status.OPEN, NOON + HOUR, NOON + 2 * HOUR))
        poll(stores, farm, "later", Schedule(Status.OPEN, NOON + DAY))
        assert shown(stores, Place.LATEST, NOON + HOUR - timedelta(microseconds=1)) == "now"
        assert shown(stores, Place.LATEST, NOON + HOUR) == "soon"
        assert shown(stores, Place.LATEST, NOON + 2 * HOUR) == "now"

    def test_is_found_however_many_are_to_come(
        self, stores: Stores, farm: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sql_places, "MOST_OPEN", 1)
        monkeypatch.setattr(sql_places, "MOST_COMING", 1)
        poll(stores, farm, "now")
        poll(stores, farm, "later", Schedule(Status.OPEN, NOON + DAY))
        poll(stores, farm, "soon", Schedule(Status.OPEN, NOON + HOUR))
        poll(stores, farm, "last", Schedule(Status.OPEN, NOON + 2 * DAY))
        for place in Place:
            assert shown(stores, place) == "now"
            assert shown(stores, place, NOON + HOUR) in {"now", "soon"}
        assert shown(stores, Place.LATEST, NOON + HOUR) == "soon"

    def test_is_the_closed_poll_that_opened_last_where_none_is_open(
        self, stores: Stores, farm: Site
    ) -> None:
        poll(stores, farm, "older", Schedule(Status.CLOSED), at=NOON - DAY)
        poll(stores, farm, "away", Schedule(Status.ARCHIVED), at=NOON)
        poll(stores, farm, "written", Schedule(Status.DRAFT), at=NOON)
        poll(stores, farm, "brief", Schedule(Status.OPEN, None, NOON + HOUR), at=NOON - HOUR)
        assert shown(stores, Place.LATEST, NOON + HOUR) == "brief"
        edits.set_status(stores, OPERATOR, "brief", Status.CLOSED, NOON)
        assert shown(stores, Place.LATEST) == "brief"
        edits.set_status(stores, OPERATOR, "brief", Status.ARCHIVED, NOON)
        assert shown(stores, Place.LATEST) == "older"

    def test_is_none_of_a_site_without_one_to_show(self, stores: Stores, farm: Site) -> None:
        poll(stores, farm, "written", Schedule(Status.DRAFT))
        poll(stores, farm, "soon", Schedule(Status.OPEN, NOON + HOUR))
        poll(stores, farm, "away", Schedule(Status.ARCHIVED))
        for place in Place:
            with pytest.raises(PollNotFound, match="has no poll to show"):
                shown(stores, place)

    @pytest.mark.parametrize("site", ["nowhere", "", "a\0b", "x" * 10_000])
    def test_of_an_unknown_site_is_named_so(self, stores: Stores, site: str) -> None:
        with pytest.raises(SiteNotFound):
            places.poll_at(stores, site, Place.LATEST, NOON)

    def test_a_site_without_one_takes_nothing_from_what_is_known_of_others(
        self, stores: Stores, farm: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Fresh, "_is_old", lambda *_: False)
        for site in ("farm", "noise"):
            with suppress(PollNotFound):
                places.poll_at(stores, site, Place.LATEST, NOON)
        queries: list[str] = []
        sa.event.listen(db.engine, "before_cursor_execute", lambda *call: queries.append(call[2]))
        with pytest.raises(PollNotFound, match="has no poll to show"):
            shown(stores, Place.LATEST)
        assert places.poll_at(stores, "noise", Place.LATEST, NOON).slug == "noise"
        assert queries == []

    def test_forgets_a_poll_that_is_deleted(self, stores: Stores, farm: Site) -> None:
        poll(stores, farm, "first", at=NOON - DAY)
        poll(stores, farm, "second")
        assert shown(stores, Place.LATEST) == "second"
        elsewhere = replace(stores, polls=polls_elsewhere())
        polls.delete(elsewhere, OPERATOR, "second", NOON)
        stores.polls._known.forget("second")
        assert shown(stores, Place.LATEST) == "first"


class TestCurrent:
    def test_is_what_owners_chose_and_else_the_latest(self, stores: Stores, farm: Site) -> None:
        poll(stores, farm, "first", at=NOON - DAY)
        poll(stores, farm, "second")
        assert shown(stores, Place.CURRENT) == "second"
        choose(stores, farm, "first", actor=member(farm.id))
        assert shown(stores, Place.CURRENT) == "first"
        choose(stores, farm, None)
        assert shown(stores, Place.CURRENT) == "second"

    def test_is_the_latest_until_the_chosen_one_opens_and_once_it_is_put_away(
        self, stores: Stores, farm: Site
    ) -> None:
        poll(stores, farm, "now")
        poll(stores, farm, "soon", Schedule(Status.OPEN, NOON + HOUR), at=NOON - DAY)
        choose(stores, farm, "soon")
        assert shown(stores, Place.CURRENT) == "now"
        assert shown(stores, Place.CURRENT, NOON + HOUR) == "soon"
        later = NOON + 2 * HOUR
        edits.set_status(stores, OPERATOR, "soon", Status.CLOSED, later)
        assert shown(stores, Place.CURRENT, later) == "soon"
        edits.set_status(stores, OPERATOR, "soon", Status.ARCHIVED, later)
        assert shown(stores, Place.CURRENT, later) == "now"

    def test_goes_with_the_poll(self, stores: Stores, farm: Site) -> None:
        poll(stores, farm, "now")
        poll(stores, farm, "gone")
        choose(stores, farm, "gone")
        polls.delete(stores, member(farm.id), "gone", NOON)
        assert shown(stores, Place.CURRENT) == "now"
        assert places.current(stores, OPERATOR, farm) == CurrentPoll(None)
        last, first = logged(stores, "site.current_poll")
        assert (first.after, last.before) == ({"current_poll": "gone"},) * 2
        assert last.after == {"current_poll": None}
        assert (last.subject, last.actor) == ("site:farm", member(farm.id).name)

    def test_stays_when_another_poll_is_deleted(self, stores: Stores, farm: Site) -> None:
        poll(stores, farm, "now")
        poll(stores, farm, "gone")
        choose(stores, farm, "now")
        polls.delete(stores, OPERATOR, "gone", NOON)
        assert places.current(stores, OPERATOR, farm) == CurrentPoll("now")
        assert len(logged(stores, "site.current_poll")) == 1

    def test_is_chosen_of_the_sites_own_polls_by_those_who_write_them(
        self, stores: Stores, farm: Site
    ) -> None:
        poll(stores, farm, "crops")
        with pytest.raises(PollNotFound):
            choose(stores, farm, "noise")
        with pytest.raises(NotAllowed):
            choose(stores, farm, "crops", actor=member(farm.id, Role.VIEWER))
        with pytest.raises(SiteNotFound):
            choose(stores, farm, "crops", actor=member(farm.id + 1))
        assert places.current(stores, OPERATOR, farm) == CurrentPoll(None)

    def test_is_not_chosen_over_a_choice_that_was_not_seen(
        self, stores: Stores, farm: Site
    ) -> None:
        poll(stores, farm, "first")
        poll(stores, farm, "second")
        choose(stores, farm, "first", seen=CurrentPoll(None))
        with pytest.raises(StaleEdit):
            choose(stores, farm, "second", seen=CurrentPoll(None))
        assert places.current(stores, OPERATOR, farm) == CurrentPoll("first")

    def test_is_audited_where_something_changes(self, stores: Stores, farm: Site) -> None:
        poll(stores, farm, "crops")
        choose(stores, farm, "crops")
        choose(stores, farm, "crops")
        choose(stores, farm, None)
        events = logged(stores, "site.current_poll")
        assert [(event.before, event.after) for event in events] == [
            ({"current_poll": "crops"}, {"current_poll": None}),
            ({"current_poll": None}, {"current_poll": "crops"}),
        ]
        assert {event.subject for event in events} == {"site:farm"}


class TestRandom:
    def test_is_the_same_for_all_readers_of_a_minute_and_comes_to_each_open_poll(
        self, stores: Stores, farm: Site
    ) -> None:
        several = {poll(stores, farm, slug) for slug in ("one", "two", "three")}
        poll(stores, farm, "written", Schedule(Status.DRAFT))
        poll(stores, farm, "soon", Schedule(Status.OPEN, NOON + 9 * DAY))
        poll(stores, farm, "over", Schedule(Status.CLOSED))
        minutes = [NOON + count * MINUTE for count in range(60)]
        seen = [shown(stores, Place.RANDOM, minute) for minute in minutes]
        assert set(seen) == several
        again = [shown(stores, Place.RANDOM, minute + 59 * MINUTE / 60) for minute in minutes]
        assert again == seen

    def test_is_as_the_latest_where_none_is_open(self, stores: Stores, farm: Site) -> None:
        poll(stores, farm, "over", Schedule(Status.CLOSED))
        assert shown(stores, Place.RANDOM) == "over"
