"""What owners do in the state machine, what they must be refused, and what then stands."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from service.domain import ballot_log, edits, polls
from service.errors import PollHasBallots, StaleEdit, StatusConflict, ValidationError
from service.records import (
    OPERATOR,
    Choice,
    DuplicatePolicy,
    PollDraft,
    Question,
    QuestionType,
    Schedule,
    Status,
)
from tests.faults.machine import Frame, Refusal, codes, minutes, processes, slugs
from tests.faults.model import ModelPoll

MOST_POLLS = 3
NETWORK_LIMIT = 2
MOVES = {
    Status.DRAFT: {Status.OPEN},
    Status.SCHEDULED: {Status.OPEN, Status.DRAFT, Status.CLOSED},
    Status.OPEN: {Status.CLOSED},
    Status.CLOSED: {Status.OPEN, Status.CLOSED, Status.ARCHIVED},
    Status.ARCHIVED: {Status.CLOSED},
}
GIVEN = (Status.OPEN, Status.CLOSED, Status.DRAFT, Status.ARCHIVED)
places = st.integers(0, 1)
forms = st.fixed_dictionaries(
    {
        "policy": st.sampled_from(DuplicatePolicy),
        "several": st.booleans(),
        "required": st.booleans(),
    }
)


class Owners(Frame):
    """Owners of a few polls, at work in either process."""

    @initialize(decisions=st.tuples(forms, forms))
    def begin(self, decisions: Any) -> None:
        for form in decisions:
            self._create(Schedule(Status.OPEN), **form)

    @precondition(lambda machine: len(machine.model.polls) < MOST_POLLS)
    @rule(
        status=st.sampled_from([Status.OPEN, Status.DRAFT]),
        opens=st.none() | minutes,
        closes=st.none() | st.integers(1, 30),
        form=forms,
    )
    def create(self, status: Status, opens: Any, closes: Any, form: Mapping[str, Any]) -> None:
        self._create(Schedule(status, self.moment(opens), self.moment(closes)), **form)

    @rule(process=processes, slug=slugs, status=st.sampled_from(GIVEN))
    def set_status(self, process: int, slug: str, status: Status) -> None:
        stores, now = self.world.of(process), self.world.now
        poll = self.model.polls[slug]
        schedule, seen = poll.decided.schedule, poll.status_at(now)
        refusal: Refusal | None = None
        if not status is schedule.status is seen:
            if status not in MOVES[seen]:
                refusal = StatusConflict
            elif status is Status.DRAFT and poll.ballots:
                refusal = PollHasBallots
            elif status is Status.OPEN and schedule.closes_at and schedule.closes_at <= now:
                refusal = ValidationError
        act = partial(edits.set_status, stores, OPERATOR, slug, status, now)
        self.decide(slug, act, refusal)

    @rule(process=processes, slug=slugs, opens=st.none() | minutes, closes=st.none() | minutes)
    def reschedule(self, process: int, slug: str, opens: int | None, closes: int | None) -> None:
        poll = self.model.polls[slug]
        before = poll.decided.schedule
        after = Schedule(before.status, self.moment(opens), self.moment(closes))
        cast = [kept.cast_at for kept in poll.ballots.values()]
        refusal: Refusal | None = None
        if _is_upside_down(after):
            refusal = ValidationError
        elif cast and (
            (after.opens_at != before.opens_at and _is_after(after.opens_at, min(cast)))
            or (after.closes_at != before.closes_at and not _is_open_after(after, max(cast)))
        ):
            refusal = PollHasBallots
        self._edit(process, slug, replace(poll.decided, schedule=after), refusal)

    @rule(process=processes, slug=slugs, policy=st.sampled_from(DuplicatePolicy))
    def know_voters_otherwise(self, process: int, slug: str, policy: DuplicatePolicy) -> None:
        poll = self.model.polls[slug]
        draft = replace(poll.decided, duplicate_policy=policy, network_limit=_limit(policy))
        differs = policy is not poll.decided.duplicate_policy
        self._edit(process, slug, draft, PollHasBallots if poll.ballots and differs else None)

    @rule(process=processes, slug=slugs, place=places)
    def offer_another_choice(self, process: int, slug: str, place: int) -> None:
        self.made += 1
        poll = self.model.polls[slug]
        question = poll.decided.questions[place]
        given = set(poll.codes[question.code])
        choice = Choice("", f"Crop {self.made}")
        self._ask(process, slug, place, replace(question, choices=(*question.choices, choice)))
        assert poll.decided.questions[place].choices[-1].code not in given, "it is used again"

    @rule(process=processes, slug=slugs, place=places, code=codes)
    def remove_a_choice(self, process: int, slug: str, place: int, code: str) -> None:
        poll = self.model.polls[slug]
        question = poll.decided.questions[place]
        left = tuple(choice for choice in question.choices if choice.code != code)
        is_marked = (question.code, code) in poll.marked
        new = replace(question, choices=left)
        self._ask(process, slug, place, new, PollHasBallots if is_marked else None)

    @rule(process=processes, slug=slugs, place=places, code=codes)
    def retire_a_choice_or_bring_it_back(
        self, process: int, slug: str, place: int, code: str
    ) -> None:
        question = self.model.polls[slug].decided.questions[place]
        turned = tuple(
            replace(choice, retired=not choice.retired) if choice.code == code else choice
            for choice in question.choices
        )
        self._ask(process, slug, place, replace(question, choices=turned))

    @rule(process=processes, slug=slugs, place=places)
    def list_the_choices_the_other_way(self, process: int, slug: str, place: int) -> None:
        question = self.model.polls[slug].decided.questions[place]
        self._ask(process, slug, place, replace(question, choices=question.choices[::-1]))

    @rule(process=processes, slug=slugs)
    def save_what_was_edited_meanwhile(self, process: int, slug: str) -> None:
        poll = self.model.polls[slug]
        stores, now = self.world.of(process), self.world.now
        with pytest.raises(StaleEdit):
            edits.edit(stores, OPERATOR, slug, poll.decided, poll.row_version - 1, now)

    @precondition(lambda machine: machine.model.slugs_with_ballots())
    @rule(data=st.data(), process=processes, voids=st.booleans())
    def void_or_restore(self, data: st.DataObject, process: int, voids: bool) -> None:
        slug = data.draw(st.sampled_from(self.model.slugs_with_ballots()))
        kept = self.model.polls[slug].ballots
        ids = data.draw(st.lists(st.sampled_from(sorted(kept)), min_size=1, max_size=3))
        stores, now = self.world.of(process), self.world.now
        if voids:
            changed = ballot_log.void(stores, OPERATOR, slug, ids, "A test.", now)
        else:
            changed = ballot_log.restore(stores, OPERATOR, slug, ids, now)
        assert set(changed) == {one for one in ids if kept[one].voided is not voids}
        for one in changed:
            kept[one].voided = voids

    @precondition(lambda machine: len(machine.model.polls) == MOST_POLLS)
    @rule(process=processes, slug=slugs)
    def delete(self, process: int, slug: str) -> None:
        polls.delete(self.world.of(process), OPERATOR, slug, self.world.now)
        self.model.delete(slug)

    def _create(self, schedule: Schedule, policy: DuplicatePolicy, **asks: bool) -> None:
        self.made += 1
        draft = PollDraft(
            slug=f"poll-{self.made}",
            title="Poll",
            schedule=schedule,
            duplicate_policy=policy,
            network_limit=_limit(policy),
            questions=_questions(**asks),
        )
        make = partial(polls.create, self.world.stores, self.world.site_id, draft, self.world.now)
        if _is_upside_down(schedule):
            with pytest.raises(ValidationError):
                make()
        else:
            self.model.polls[draft.slug] = ModelPoll.of(make())

    def _ask(
        self, process: int, slug: str, place: int, new: Question, refusal: Refusal | None = None
    ) -> None:
        """Have the poll ask the question in another form."""
        poll = self.model.polls[slug]
        asked = list(poll.decided.questions)
        asked[place] = new
        draft = replace(poll.decided, questions=tuple(asked))
        self._edit(process, slug, draft, refusal if _can_be(new) else ValidationError)

    def _edit(self, process: int, slug: str, draft: PollDraft, refusal: Refusal | None) -> None:
        poll = self.model.polls[slug]
        stores, now = self.world.of(process), self.world.now
        edit = partial(edits.edit, stores, OPERATOR, slug, draft, poll.row_version, now)
        self.decide(slug, edit, refusal)
        if refusal is None:
            assert _without_codes(poll.decided) == _without_codes(draft)


def _questions(*, several: bool, required: bool) -> tuple[Question, ...]:
    grains = tuple(Choice("", f"Grain {number}") for number in range(4))
    two = {"type": QuestionType.MULTIPLE_CHOICE, "max_choices": 2}
    which = Question("", "Which one?", grains, **(two if several else {}))  # type: ignore[arg-type]
    else_ = Question("", "Which else?", grains[:3], required=required, **two)  # type: ignore[arg-type]
    return which, else_


def _limit(policy: DuplicatePolicy) -> int | None:
    return NETWORK_LIMIT if policy is DuplicatePolicy.DEVICE_AND_NETWORK else None


def _is_upside_down(schedule: Schedule) -> bool:
    opens, closes = schedule.opens_at, schedule.closes_at
    return opens is not None and closes is not None and opens >= closes


def _is_after(moment: datetime | None, other: datetime) -> bool:
    return moment is not None and moment > other


def _is_open_after(schedule: Schedule, moment: datetime) -> bool:
    return schedule.closes_at is None or schedule.closes_at > moment


def _can_be(question: Question) -> bool:
    """Whether it may be asked with the choices it has."""
    return len(question.offered) >= 2 and question.max_choices <= len(question.choices)


def _without_codes(draft: PollDraft) -> PollDraft:
    asked = (
        replace(one, choices=tuple(replace(choice, code="") for choice in one.choices))
        for one in draft.questions
    )
    return replace(draft, questions=tuple(asked))
