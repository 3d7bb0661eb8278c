"""A poll as the form holds it: what is typed, fit to be kept or not, so that none of it is lost.

The fields are named by codes (`q1-text`, `q1-c2-text`), and the order of the fields `question` and
`q1-choice`, which hold the codes, is the order of the questions and choices. So a script may move a
row by moving its node, and what was kept under a code stays under it. What is new has a code that
begins with `n` until it is kept; the service gives it its own then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any
from zoneinfo import available_timezones

from werkzeug.datastructures import MultiDict

from service.errors import FieldError, ValidationError
from service.records import Choice, Poll, Question, QuestionType
from service.web import zones

CODE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
LONGEST_CODE = 32
MOST_ROWS = 2000  # a row is 2 kB of the page
TOO_MANY_ROWS = (
    f"This form has more than {MOST_ROWS} questions and choices. Nothing is saved. "
    "What you wrote is one page back; the API takes larger polls."
)
NEW = "n"


@dataclass(frozen=True, slots=True)
class ChoiceForm:
    """A row of a question's choices."""

    code: str
    text: str = ""
    image_url: str = ""
    image_alt: str = ""
    is_other: bool = False
    retired: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether nothing at all stands in the row, so that it may be passed over."""
        texts = self.text + self.image_url + self.image_alt
        return not texts.strip() and not self.is_other


@dataclass(frozen=True, slots=True)
class QuestionForm:
    """A question with its choices."""

    code: str
    text: str = ""
    help: str = ""
    type: str = "single_choice"
    required: bool = True
    min_choices: str = "1"
    max_choices: str = ""
    choices: tuple[ChoiceForm, ...] = ()

    @property
    def written(self) -> tuple[ChoiceForm, ...]:
        """The choices without rows that were never filled in."""
        return tuple(
            choice for choice in self.choices if not (is_new(choice.code) and choice.is_blank)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PollForm:
    """All that the form holds. Its times are those of `timezone`, the site's when it was opened."""

    title: str = ""
    slug: str = ""
    kind: str = "poll"
    timezone: str = "UTC"
    opens_at: str = ""
    opens_at_which: str = ""
    closes_at: str = ""
    closes_at_which: str = ""
    results_visibility: str = "always"
    results_order: str = "as_listed"
    percent_only: bool = False
    choice_order: str = "fixed"
    duplicate_policy: str = "device"
    network_limit: str = ""
    thank_you: str = ""
    when_closed: str = "results"
    questions: tuple[QuestionForm, ...] = field(default_factory=lambda: (new_question(()),))

    def question(self, code: str) -> QuestionForm | None:
        """The question under the code."""
        return next((question for question in self.questions if question.code == code), None)

    def local_time(self, name: str) -> tuple[str, str]:
        """What is written in the field, and which one of a time that comes twice is meant."""
        return getattr(self, name), getattr(self, f"{name}_which")

    def with_question(self, changed: QuestionForm) -> "PollForm":
        """The form with another content of the question."""
        questions = (changed if one.code == changed.code else one for one in self.questions)
        return replace(self, questions=tuple(questions))


OWN_FIELDS = tuple(one.name for one in fields(PollForm) if one.name != "questions")
QUESTION_FIELDS = tuple(
    one.name for one in fields(QuestionForm) if one.name not in ("code", "choices")
)
CHOICE_FIELDS = tuple(one.name for one in fields(ChoiceForm) if one.name != "code")
TICKS = frozenset({"percent_only", "required", "is_other", "retired"})


def new_question(taken: Iterable[str]) -> QuestionForm:
    """An empty question with three rows to write choices in."""
    choices = tuple(ChoiceForm(f"{NEW}{place}") for place in (1, 2, 3))
    return QuestionForm(new_code(taken), choices=choices)


def new_code(taken: Iterable[str]) -> str:
    """A code of something new beside those taken: `n4` after `n3`."""
    numbers = (int(code[1:]) for code in taken if is_new(code) and code[1:].isdecimal())
    return f"{NEW}{max(numbers, default=0) + 1}"


def is_new(code: str) -> bool:
    """Whether the poll has nothing under the code yet."""
    return code.startswith(NEW)


def of_poll(poll: Poll, timezone: str = "") -> PollForm:
    """The form as it first shows a poll, in the site's time zone unless another is given."""
    zone = timezone or poll.timezone
    opens_at, opens_at_which = zones.written(poll.schedule.opens_at, zone)
    closes_at, closes_at_which = zones.written(poll.schedule.closes_at, zone)
    return PollForm(
        title="" if poll.is_named_after_its_question else poll.title,
        slug=poll.slug,
        kind=poll.kind,
        timezone=zone,
        opens_at=opens_at,
        opens_at_which=opens_at_which,
        closes_at=closes_at,
        closes_at_which=closes_at_which,
        results_visibility=poll.results_visibility.value,
        results_order=poll.results_order.value,
        percent_only=poll.percent_only,
        choice_order=poll.choice_order.value,
        duplicate_policy=poll.duplicate_policy.value,
        network_limit="" if poll.network_limit is None else str(poll.network_limit),
        thank_you=poll.thank_you or "",
        when_closed=poll.when_closed.value,
        questions=tuple(_of_question(question) for question in poll.questions),
    )


def of_fields(sent: "MultiDict[str, str]", timezone: str) -> PollForm:
    """The form as it was sent; `timezone` is that of a form which names none that there is.

    Raises ValidationError for so many rows that to show them again would take long.
    """
    rows = {
        code: _codes(sent.getlist(f"{code}-choice")) for code in _codes(sent.getlist("question"))
    }
    if len(rows) + sum(map(len, rows.values())) > MOST_ROWS:
        raise ValidationError(FieldError("", TOO_MANY_ROWS))
    own = {"timezone": timezone, **_values(sent, "", OWN_FIELDS)}
    if own["timezone"] != timezone and own["timezone"] not in available_timezones():
        own["timezone"] = timezone
    questions = tuple(_sent_question(sent, code, choices) for code, choices in rows.items())
    return PollForm(**own, questions=questions)


def to_fields(form: PollForm) -> list[tuple[str, str]]:
    """What `of_fields` reads the same form from."""
    sent = _named("", OWN_FIELDS, form)
    for question in form.questions:
        sent.append(("question", question.code))
        sent += _named(f"{question.code}-", QUESTION_FIELDS, question)
        for choice in question.choices:
            sent.append((f"{question.code}-choice", choice.code))
            sent += _named(f"{question.code}-{choice.code}-", CHOICE_FIELDS, choice)
    return sent


def _of_question(question: Question) -> QuestionForm:
    is_single = question.type is QuestionType.SINGLE_CHOICE
    takes_all = question.max_choices == len(question.choices)
    return QuestionForm(
        code=question.code,
        text=question.text,
        help=question.help or "",
        type=question.type.value,
        required=question.required,
        min_choices=str(question.min_choices),
        max_choices="" if is_single or takes_all else str(question.max_choices),
        choices=tuple(_of_choice(choice) for choice in question.choices),
    )


def _of_choice(choice: Choice) -> ChoiceForm:
    return ChoiceForm(
        code=choice.code,
        text=choice.text,
        image_url=choice.image_url or "",
        image_alt=choice.image_alt or "",
        is_other=choice.is_other,
        retired=choice.retired,
    )


def _sent_question(sent: "MultiDict[str, str]", code: str, choices: Iterable[str]) -> QuestionForm:
    return QuestionForm(
        code,
        **_values(sent, f"{code}-", QUESTION_FIELDS),
        choices=tuple(
            ChoiceForm(choice, **_values(sent, f"{code}-{choice}-", CHOICE_FIELDS))
            for choice in choices
        ),
    )


def _values(sent: Mapping[str, str], prefix: str, names: Iterable[str]) -> dict[str, Any]:
    """What was sent under the names. A field that is not there leaves its default; a tick that is
    not there is none, because browsers send only those that are set."""
    ticks = {name: f"{prefix}{name}" in sent for name in names if name in TICKS}
    texts = {name: sent[f"{prefix}{name}"] for name in names if f"{prefix}{name}" in sent}
    return {**texts, **ticks}


def _named(prefix: str, names: Iterable[str], holder: object) -> list[tuple[str, str]]:
    values = ((name, getattr(holder, name)) for name in names)
    return [
        (f"{prefix}{name}", "on" if value is True else value)
        for name, value in values
        if value is not False
    ]


def _codes(sent: Iterable[str]) -> list[str]:
    """The codes in their order, each once; those that no form of ours sends are passed over."""
    known = (code for code in sent if 0 < len(code) <= LONGEST_CODE and CODE.issuperset(code))
    return list(dict.fromkeys(known))
