"""What the poll screens say of a poll's options, in a line each."""

from datetime import datetime
from typing import NamedTuple

from service.domain import languages, wordings
from service.records import Poll, Status
from service.web import zones
from service.web.admin.polls import drafts
from service.web.admin.polls.form import PollForm, QuestionForm


class Option(NamedTuple):
    """One of the options of a field: its value, what it is called, and what it means."""

    value: str
    name: str
    meaning: str = ""


TYPES = (
    Option("single_choice", "One choice"),
    Option("multiple_choice", "Several choices"),
)
VISIBILITIES = (
    Option("always", "Always", "Before the vote too, by the link View Results."),
    Option("after_vote", "After the vote", "To readers who have voted, and to all once it closes."),
    Option("after_close", "When voting has closed"),
    Option("owners", "Never", "Only here, to the owners of the site."),
)
POLICIES = (
    Option(
        "device",
        "One ballot a browser",
        "Good for most polls. Who clears the browser's storage or takes another browser can vote "
        "again.",
    ),
    Option(
        "device_and_network",
        "One ballot a browser, and few from one network",
        "Stops ballot stuffing from one place. Offices, schools and mobile networks share one "
        "address, so set the number for them.",
    ),
    Option(
        "network",
        "One ballot a network",
        "Strict: of all who share an address, a household or a whole school, only the first votes.",
    ),
    Option(
        "account",
        "One ballot an account",
        "For readers who are signed in on your own site. Its server signs for them: an admin sets "
        "that up in the settings. Nobody else can vote, and nobody in a frame or on our pages.",
    ),
    Option(
        "none",
        "As often as one likes",
        "No check at all. The figures are clicks, not readers.",
    ),
)
CHOICE_ORDERS = (
    Option("fixed", "As listed"),
    Option("shuffled", "Shuffled", "Another order for each reader, so that no place is favoured."),
    Option("alphabetical", "By the alphabet"),
)
RESULTS_ORDERS = (
    Option("as_listed", "As listed"),
    Option("by_votes", "By votes", "The most chosen first."),
)
WHEN_CLOSED = (
    Option("results", "The results", "As far as readers may see them."),
    Option("question", "The question and its choices", "Without figures."),
    Option("nothing", "Only that it is over"),
)
STATUSES = (
    Option("", "All"),
    Option("open", "Open"),
    Option("scheduled", "Scheduled"),
    Option("draft", "Drafts"),
    Option("closed", "Closed"),
    Option("archived", "Archived"),
)
FIELD_NAMES = {
    "title": "Name",
    "slug": "Address",
    "kind": "Kind",
    "opens_at": "Opens",
    "opens_at_which": "Opens, which of the two times",
    "closes_at": "Closes",
    "closes_at_which": "Closes, which of the two times",
    "results_visibility": "Who sees the results",
    "results_order": "Order of the results",
    "percent_only": "Percentages only",
    "choice_order": "Order of the choices",
    "duplicate_policy": "Voting twice",
    "network_limit": "Ballots from one network",
    "thank_you": "Thank-you text",
    "when_closed": "What a closed poll shows",
    "questions": "Order of the questions",
    "question": "The whole question",
    "text": "Question",
    "help": "Explanation",
    "type": "A reader marks",
    "required": "Must be answered",
    "min_choices": "At least",
    "max_choices": "At most",
    "choice": "Choice",
    "choices": "Choices",
    "image_url": "address of a picture",
    "image_alt": "what the picture shows",
    "is_other": "own answer",
    "order": "Order of the choices",
}
_OPTIONS = (TYPES, VISIBILITIES, POLICIES, CHOICE_ORDERS, RESULTS_ORDERS, WHEN_CLOSED)
NAMES = {option.value: option.name for options in _OPTIONS for option in options}


def summaries(form: PollForm, decided: str, now: datetime) -> dict[str, str]:
    """What each closed part of the form holds; `decided` is the status that an owner has given the
    poll."""
    questions = {f"{question.code}-rules": rules(question) for question in form.questions}
    return {
        **questions,
        "results-part": _results(form),
        "schedule-part": _schedule(form, decided, now),
        "voting-part": _voting(form),
        "words-part": form.title.strip() or "Named after its question",
    }


def rules(question: QuestionForm) -> str:
    """How many choices a ballot marks."""
    if question.type != "multiple_choice":
        return "One choice"
    least, most = question.min_choices.strip() or "1", question.max_choices.strip()
    if not most:
        return f"{least} or more choices" if least != "1" else "As many choices as one likes"
    if least == most:
        return f"Exactly {most} choices"
    return f"{least} to {most} choices" if least != "1" else f"Up to {most} choices"


NO_SIGNING_KEY = "the site has no signing key."


def opened(poll: Poll, now: datetime) -> str:
    """What has come of opening the poll."""
    status, opens_at = poll.status_at(now), poll.schedule.opens_at
    if status is Status.SCHEDULED and opens_at is not None:
        moment = zones.shown(opens_at, poll.timezone)
        return f"Your poll “{poll.title}” is ready and opens on {moment} ({poll.timezone})."
    if status is Status.OPEN and poll.lacks_signing_key:
        return f"Your poll “{poll.title}” is open, but nobody can vote yet: {NO_SIGNING_KEY}"
    if status is Status.OPEN:
        return f"Your poll “{poll.title}” is open."
    return f"Your poll “{poll.title}” is saved; voting is over."


def saved(before: Poll, after: Poll, now: datetime) -> str:
    """What has come of saving the poll: a moment in the past ends voting, or lets it go on."""
    was, is_now = before.status_at(now), after.status_at(now)
    if was is not is_now is Status.CLOSED:
        return "Saved. Voting is closed, because its end is in the past."
    if was is Status.CLOSED and is_now is Status.OPEN:
        return "Saved. Voting is open again."
    if left := wordings.outdated(before, after):
        named = " and ".join(languages.name(locale) for locale in left)
        return f"Saved. Its texts in {named} are as they were: see whether they still fit."
    return "Saved."


def _results(form: PollForm) -> str:
    shown = {
        "always": "Shown always",
        "after_vote": "Shown after the vote",
        "after_close": "Shown when voting has closed",
        "owners": "Not shown to readers",
    }
    order = "by votes" if form.results_order == "by_votes" else "as listed"
    percent = ", percentages only" if form.percent_only else ""
    return f"{shown.get(form.results_visibility, '')}, {order}{percent}"


def _schedule(form: PollForm, decided: str, now: datetime) -> str:
    found = drafts.readings(form)
    opens, closes = found["opens_at"].moment, found["closes_at"].moment
    begin, end = _begin(form, opens, decided, now), _end(form, closes, decided, now)
    return f"{begin}, {end}"


def _begin(form: PollForm, opens: datetime | None, decided: str, now: datetime) -> str:
    if opens and (opens > now or decided == Status.DRAFT):
        return f"Opens {zones.shown(opens, form.timezone)}"
    if opens:
        return f"Opened {zones.shown(opens, form.timezone)}"
    return "Opens when you say so" if decided == Status.DRAFT else "Opened by hand"


def _end(form: PollForm, closes: datetime | None, decided: str, now: datetime) -> str:
    by_hand = decided in (Status.CLOSED, Status.ARCHIVED)
    if closes and closes <= now and decided != Status.DRAFT:
        return f"closed {zones.shown(closes, form.timezone)}"
    if by_hand:
        return "closed by hand"
    return f"closes {zones.shown(closes, form.timezone)}" if closes else "no end"


def _voting(form: PollForm) -> str:
    orders = {"shuffled": "shuffled", "alphabetical": "by the alphabet"}
    order = orders.get(form.choice_order, "as listed")
    return f"{NAMES.get(form.duplicate_policy, '')}, choices {order}"
