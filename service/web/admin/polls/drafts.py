"""From what the form holds to what the domain takes."""

from datetime import datetime
from enum import Enum
from typing import TypeVar

from service.domain import texts
from service.errors import FieldError, ValidationError
from service.records import (
    Choice,
    ChoiceOrder,
    DuplicatePolicy,
    PollDraft,
    Question,
    QuestionType,
    ResultsOrder,
    ResultsVisibility,
    Schedule,
    WhenClosed,
)
from service.web import zones
from service.web.admin.polls.form import ChoiceForm, PollForm, QuestionForm, is_new

NO_NUMBER = "Write a whole number."
NO_OPTION = "Choose one of the options."
LONGEST_NUMBER = 9

Option = TypeVar("Option", bound=Enum)
Number = TypeVar("Number", int, None)


def draft_of(form: PollForm, stands: Schedule) -> PollDraft:
    """The form as the domain takes it, which then judges what it says; `stands` is the poll's
    schedule by now. Raises ValidationError naming all that is no number, no time or none of the
    options."""
    reader = _Reader(stands)
    draft = reader.draft(form)
    if reader.faults:
        raise ValidationError(*reader.faults)
    return draft


def so_far(form: PollForm, stands: Schedule) -> PollDraft:
    """As much of the draft as the form says by now, for a look at it."""
    return _Reader(stands).draft(form)


class _Reader:
    """Reads a form's fields, noting the faults on the way."""

    def __init__(self, stands: Schedule) -> None:
        self._stands = stands
        self.faults: list[FieldError] = []

    def draft(self, form: PollForm) -> PollDraft:
        return PollDraft(
            slug=form.slug,
            kind=form.kind,
            title=form.title,
            schedule=self._schedule(form),
            results_visibility=self._option(ResultsVisibility, form, "results_visibility"),
            duplicate_policy=self._option(DuplicatePolicy, form, "duplicate_policy"),
            network_limit=self._network_limit(form),
            choice_order=self._option(ChoiceOrder, form, "choice_order"),
            results_order=self._option(ResultsOrder, form, "results_order"),
            percent_only=form.percent_only,
            thank_you=texts.tidy_or_none(form.thank_you, lines=True),
            when_closed=self._option(WhenClosed, form, "when_closed"),
            questions=tuple(
                self._question(question, f"/questions/{place}")
                for place, question in enumerate(form.questions)
            ),
        )

    def _schedule(self, form: PollForm) -> Schedule:
        moments = {}
        for name, reading in readings(form).items():
            stands: datetime | None = getattr(self._stands, name)
            untouched = zones.written(stands, form.timezone) == form.local_time(name)
            # What a program has set may be finer than a form can say.
            moments[name] = stands if untouched else reading.moment
            if reading.fault:
                self._fault(f"/{name}", reading.fault)
        return Schedule(self._stands.status, **moments)

    def _network_limit(self, form: PollForm) -> int | None:
        if form.duplicate_policy != DuplicatePolicy.DEVICE_AND_NETWORK:
            return None
        return self._number(form.network_limit, "/network_limit", None)

    def _question(self, question: QuestionForm, pointer: str) -> Question:
        kind = self._option(QuestionType, question, "type", f"{pointer}/type")
        choices = tuple(_choice(choice) for choice in question.written)
        least = most = 1
        if kind is QuestionType.MULTIPLE_CHOICE:
            most = len(choices)
            least = self._number(question.min_choices, f"{pointer}/min_choices", 1)
            most = self._number(question.max_choices, f"{pointer}/max_choices", len(choices))
        return Question(
            code="" if is_new(question.code) else question.code,
            text=question.text,
            choices=choices,
            type=kind,
            help=texts.tidy_or_none(question.help, lines=True),
            required=question.required,
            min_choices=least,
            max_choices=most,
        )

    def _option(
        self, options: type[Option], holder: PollForm | QuestionForm, name: str, pointer: str = ""
    ) -> Option:
        try:
            return options(getattr(holder, name))
        except ValueError:
            self._fault(pointer or f"/{name}", NO_OPTION)
            return next(iter(options))

    def _number(self, text: str, pointer: str, otherwise: Number) -> int | Number:
        """The number; `otherwise` where nothing is written."""
        digits = text.strip()
        if not digits:
            return otherwise
        if digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST_NUMBER:
            return int(digits)
        self._fault(pointer, NO_NUMBER)
        return otherwise

    def _fault(self, pointer: str, detail: str) -> None:
        self.faults.append(FieldError(pointer, detail))


def readings(form: PollForm) -> dict[str, zones.Reading]:
    """What the form's local times mean."""
    return {
        name: zones.read(*form.local_time(name), form.timezone)
        for name in ("opens_at", "closes_at")
    }


def opens_later(form: PollForm, now: datetime) -> bool:
    """Whether a poll that is opened as the form says is scheduled by that."""
    opens_at = readings(form)["opens_at"].moment
    return opens_at is not None and opens_at > now


def _choice(choice: ChoiceForm) -> Choice:
    return Choice(
        code="" if is_new(choice.code) else choice.code,
        text=choice.text,
        image_url=choice.image_url.strip() or None,
        image_alt=choice.image_alt.strip() or None,
        is_other=choice.is_other,
        retired=choice.retired,
    )
