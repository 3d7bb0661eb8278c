"""Polls, their questions and choices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, NamedTuple

from service.phrases import Phrase
from service.records.signing_keys import SigningKey

Translations = Mapping[str, Mapping[str, str]]
"""Texts in other languages than the site's own: language tag -> field -> text."""


class Status(StrEnum):
    """Where a poll stands. `SCHEDULED` is never stored: an open poll before `opens_at`."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSED = "closed"
    ARCHIVED = "archived"


class QuestionType(StrEnum):
    """How many choices a ballot may mark: one, or `min_choices` to `max_choices`."""

    SINGLE_CHOICE = "single_choice"
    MULTIPLE_CHOICE = "multiple_choice"


class ResultsVisibility(StrEnum):
    """Who sees a poll's results, and when."""

    ALWAYS = "always"
    AFTER_VOTE = "after_vote"
    AFTER_CLOSE = "after_close"
    OWNERS = "owners"


class DuplicatePolicy(StrEnum):
    """How a second ballot of the same voter is recognised."""

    DEVICE = "device"
    NETWORK = "network"
    DEVICE_AND_NETWORK = "device_and_network"
    ACCOUNT = "account"
    NONE = "none"


class ChoiceOrder(StrEnum):
    """In which order a question's choices are offered. `SHUFFLED` is another for each reader."""

    FIXED = "fixed"
    SHUFFLED = "shuffled"
    ALPHABETICAL = "alphabetical"


class ResultsOrder(StrEnum):
    """In which order results list the choices."""

    AS_LISTED = "as_listed"
    BY_VOTES = "by_votes"


class WhenClosed(StrEnum):
    """What a closed poll shows: its results (where they may be seen), the question and its choices
    without figures, or only that it is over."""

    RESULTS = "results"
    QUESTION = "question"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Schedule:
    """An owner's decision and the two moments that bound it: open in `[opens_at, closes_at)`."""

    status: Status
    opens_at: datetime | None = None
    closes_at: datetime | None = None

    def status_at(self, now: datetime) -> Status:
        """The status as readers see it at `now`."""
        if self.status is not Status.OPEN:
            return self.status
        if self.closes_at is not None and now >= self.closes_at:
            return Status.CLOSED
        if self.opens_at is not None and now < self.opens_at:
            return Status.SCHEDULED
        return Status.OPEN


@dataclass(frozen=True, slots=True)
class Choice:
    """An offered alternative; `code` is stable within its question.

    `is_other` asks for a text of the voter's own. `retired` is offered no more: its votes stand.
    """

    TRANSLATED: ClassVar = ("text", "image_alt")

    code: str
    text: str
    image_url: str | None = None
    image_alt: str | None = None
    is_other: bool = False
    retired: bool = False
    translations: Translations = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Question:
    """One thing asked; `code` is stable within its poll."""

    TRANSLATED: ClassVar = ("text", "help")

    code: str
    text: str
    choices: tuple[Choice, ...]
    type: QuestionType = QuestionType.SINGLE_CHOICE
    help: str | None = None
    required: bool = True
    min_choices: int = 1
    max_choices: int = 1
    translations: Translations = field(default_factory=dict, hash=False)

    @property
    def offered(self) -> tuple[Choice, ...]:
        """The choices that a ballot may mark now."""
        return tuple(choice for choice in self.choices if not choice.retired)


@dataclass(frozen=True, slots=True, kw_only=True)
class PollDraft:
    """What an owner decides about a poll."""

    TRANSLATED: ClassVar = ("title", "thank_you")
    LONGEST_TITLE: ClassVar = 300

    slug: str
    kind: str = "poll"
    title: str
    schedule: Schedule = Schedule(Status.OPEN)
    results_visibility: ResultsVisibility = ResultsVisibility.ALWAYS
    duplicate_policy: DuplicatePolicy = DuplicatePolicy.DEVICE
    network_limit: int | None = None
    choice_order: ChoiceOrder = ChoiceOrder.FIXED
    results_order: ResultsOrder = ResultsOrder.AS_LISTED
    percent_only: bool = False
    thank_you: str | None = None
    when_closed: WhenClosed = WhenClosed.RESULTS
    translations: Translations = field(default_factory=dict, hash=False)
    questions: tuple[Question, ...]

    @property
    def question_as_title(self) -> str:
        """What the poll is called unless it has a title of its own."""
        return self.questions[0].text[: self.LONGEST_TITLE].rstrip()

    @property
    def is_named_after_its_question(self) -> bool:
        """Whether it has no title of its own."""
        return self.title in ("", self.question_as_title)


class Edition(NamedTuple):
    """Which poll it is, and how often it and its site have been edited."""

    poll_id: int
    row_version: int
    site_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll(PollDraft):
    """A poll as it is kept, with all that casting and showing it needs.

    `site_slug`, `site_name`, `origins`, `signing_keys`, `locale`, `timezone` and `theme` are its
    site's; `voter_secret` is the poll's own random key for voter pseudonyms (32 bytes).
    `row_version` counts the edits: an edit names the one it saw; `site_version` counts those of its
    site. `locales` are the other languages that it has texts in. A poll as it reads in one of them
    has that as its `locale`, and names the texts that are in another one still.
    """

    id: int
    site_id: int
    site_slug: str
    site_name: str
    locale: str
    timezone: str
    theme: Mapping[str, str]
    site_version: int
    row_version: int
    created_at: datetime
    updated_at: datetime
    origins: frozenset[str]
    signing_keys: tuple[SigningKey, ...]
    voter_secret: bytes
    locales: tuple[str, ...] = ()
    in_other_locales: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def edition(self) -> Edition:
        """What is another once anything of the poll is."""
        return Edition(self.id, self.row_version, self.site_version)

    def locale_of(self, text: str) -> str:
        """The language that one of the poll's texts is in."""
        return self.in_other_locales.get(text, self.locale)

    def status_at(self, now: datetime) -> Status:
        """The status as readers see it at `now`."""
        return self.schedule.status_at(now)

    @property
    def takes_accounts(self) -> bool:
        """Whether one votes by an account of the site's, and so on its own pages alone."""
        return self.duplicate_policy is DuplicatePolicy.ACCOUNT

    @property
    def lacks_signing_key(self) -> bool:
        """Whether nobody can vote because the site has nothing to know its accounts by."""
        return self.takes_accounts and not self.signing_keys

    def says_nothing_at(self, now: datetime) -> bool:
        """Whether readers are told nothing at `now` but that the poll is over."""
        over = self.status_at(now) in (Status.CLOSED, Status.ARCHIVED)
        return over and self.when_closed is WhenClosed.NOTHING

    @property
    def heading(self) -> str:
        """What stands above the poll: its title, but not where that is only its question, which
        stands below it or of which nothing is to be said."""
        return Phrase("Poll") if self.is_named_after_its_question else self.title

    def subject_at(self, now: datetime) -> str:
        """What the poll's pages are about at `now`: what it asks."""
        return self.heading if self.says_nothing_at(now) else self.questions[0].text
