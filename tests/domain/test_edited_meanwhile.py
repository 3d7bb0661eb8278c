"""A ballot checked by a poll's old rules, because its process had not seen the edit yet."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from service.domain import ballots, edits, polls
from service.domain.ballots import Submission
from service.errors import (
    InvalidChoice,
    PollNotFound,
    PollNotOpen,
    PollReplaced,
    TemporarilyUnavailable,
)
from service.records import OPERATOR, Choice, Poll, Ruling, Schedule, Status
from service.stores import Stores
from service.stores.polls import DOUBT_SECONDS
from service.stores.sql.polls import PollStore
from tests.conftest import NOON
from tests.support.ballots import SECRETS, WHICH, WHY, make_poll
from tests.support.elsewhere import Ticks, polls_elsewhere
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


class TestWhatOneProcessRefusesByWhatItKnows:
    """It looks again before it does, so that nobody is refused for what is offered by now."""

    @pytest.fixture
    def ticks(self) -> Ticks:
        return Ticks()

    @pytest.fixture
    def other(self, stores: Stores, ticks: Ticks) -> Stores:
        """A process that knows the polls as they were a moment ago."""
        other = replace(stores, polls=polls_elsewhere(ticks))
        for slug in ("region-interest", "crops"):
            other.polls.find(slug)
        ticks.seconds = DOUBT_SECONDS
        return other

    @pytest.fixture(autouse=True)
    def later(self, stores: Stores) -> Poll:
        """A poll that opens in an hour."""
        schedule = Schedule(Status.OPEN, opens_at=NOON + timedelta(hours=1))
        return make_poll(stores, "crops", WHICH, schedule=schedule)

    def test_a_ballot_counts_whose_choice_was_just_added(
        self, stores: Stores, other: Stores, seen: Poll
    ) -> None:
        added = edit(stores, seen, *seen.questions[0].choices, Choice("", "Arctic"))
        new = added.questions[0].choices[-1].code
        assert cast(other, seen, submission(new)) is Ruling.COUNTED
        assert stores.tallies.read(seen.id).votes("q1", new) == 1

    def test_a_ballot_counts_whose_poll_was_just_opened(
        self, stores: Stores, other: Stores, later: Poll
    ) -> None:
        edits.set_status(stores, OPERATOR, later.slug, Status.OPEN, NOON)
        assert cast(other, later, submission("c1")) is Ruling.COUNTED

    def test_a_ballot_is_refused_whose_poll_is_not_to_open_yet_after_all(
        self, stores: Stores, other: Stores, seen: Poll
    ) -> None:
        schedule = Schedule(Status.OPEN, opens_at=NOON + timedelta(hours=1))
        draft = replace(polls.draft_of(seen), schedule=schedule)
        edits.edit(stores, OPERATOR, seen.slug, draft, seen.row_version, NOON)
        with pytest.raises(PollNotOpen):
            cast(other, seen, submission("c1"))

    def test_sql_is_asked_once_and_for_no_poll_that_stands_however_many_are_refused(
        self,
        other: Stores,
        seen: Poll,
        later: Poll,
        ticks: Ticks,
        asked: list[str],
        loaded: list[str],
    ) -> None:
        for _ in range(3):
            with pytest.raises(InvalidChoice):
                cast(other, seen, submission("c99"))
            with pytest.raises(PollNotOpen):
                cast(other, later, submission("c1"))
        assert asked == [seen.slug, later.slug]
        ticks.seconds += DOUBT_SECONDS / 2
        with pytest.raises(InvalidChoice):
            cast(other, seen, submission("c99"))
        assert len(asked) == 2
        ticks.seconds += DOUBT_SECONDS / 2
        with pytest.raises(InvalidChoice):
            cast(other, seen, submission("c99"))
        assert (len(asked), loaded) == (3, [])

    def test_a_ballot_that_nobody_can_have_cast_before_is_refused_without_another_look_at_the_poll(
        self, other: Stores, seen: Poll, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ballots, "_as_before", lambda _: pytest.fail("a copy was made"))
        with pytest.raises(InvalidChoice):
            cast(other, seen, submission("c99"))

    def test_what_a_poll_once_offered_is_made_of_what_it_offers_without_a_copy(
        self, seen: Poll
    ) -> None:
        some = replace(WHICH, choices=(replace(WHICH.choices[0], retired=True), *WHICH.choices[1:]))
        before = ballots._as_before(replace(seen, questions=(some, WHY)))
        assert before.questions == (WHICH, WHY)
        assert before.questions[0].choices[1] is WHICH.choices[1]
        assert before.questions[1] is WHY

    def test_while_sql_is_away_they_are_refused_by_what_is_known(
        self,
        other: Stores,
        seen: Poll,
        ticks: Ticks,
        asked: list[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def away(_: PollStore, slug: str) -> None:
            asked.append(slug)
            raise TemporarilyUnavailable(2)

        monkeypatch.setattr(PollStore, "edition", away)
        for _ in range(3):
            with pytest.raises(InvalidChoice):
                cast(other, seen, submission("c99"))
            ticks.seconds += DOUBT_SECONDS
        assert asked == [seen.slug]

    @pytest.fixture
    def asked(self, other: Stores, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """The polls whose edition SQL is asked for."""
        return noted(monkeypatch, "edition")

    @pytest.fixture
    def loaded(self, other: Stores, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """The polls that are read from SQL."""
        return noted(monkeypatch, "find")


def noted(monkeypatch: pytest.MonkeyPatch, method: str) -> list[str]:
    """The slugs that the method is called with from now on."""
    slugs, real = list[str](), getattr(PollStore, method)

    def noting(store: PollStore, slug: str) -> object:
        slugs.append(slug)
        return real(store, slug)

    monkeypatch.setattr(PollStore, method, noting)
    return slugs
