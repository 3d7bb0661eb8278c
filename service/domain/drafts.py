"""The one validator of polls: what an owner may publish, whichever way it comes in.

Pointers are those of the API's body, in which a choice's code is its `id`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from service import origins
from service.domain import moments, slugs, texts, translations
from service.domain.lengths import (
    LONGEST_ADDRESS,
    LONGEST_CHOICE,
    LONGEST_HELP,
    LONGEST_QUESTION,
    LONGEST_THANKS,
    LONGEST_TITLE,
)
from service.errors import FieldError, ValidationError
from service.records import (
    Choice,
    DuplicatePolicy,
    PollDraft,
    Question,
    QuestionType,
    Status,
)

KINDS = ("poll", "survey")
MOST_QUESTIONS = 100
FEWEST_CHOICES, MOST_CHOICES = 2, 100
LARGEST_NETWORK = 1_000_000
OUT_OF_BOUNDS = "Must be min_choices to the number of choices."


def checked(draft: PollDraft, own_locale: str | None = None) -> PollDraft:
    """The draft with its texts tidied; without a title it is called by its first question.

    An empty slug is left for `polls.create` to fill. No translation may be into `own_locale`, which
    is the site's. Raises ValidationError naming every fault.
    """
    tidied = _tidy(draft)
    faults = (*_faults(tidied), *translations.faults(tidied, own_locale))
    if faults:
        raise ValidationError(*faults)
    return tidied


def _tidy(draft: PollDraft) -> PollDraft:
    questions = tuple(_tidy_question(question) for question in draft.questions)
    tidied = replace(draft, questions=questions)
    return replace(
        translations.tidy(tidied),
        slug=draft.slug.strip(),
        title=texts.tidy(draft.title) or (tidied.question_as_title if questions else ""),
        thank_you=texts.tidy_or_none(draft.thank_you, lines=True),
    )


def _tidy_question(question: Question) -> Question:
    return replace(
        translations.tidy(question),
        text=texts.tidy(question.text),
        help=texts.tidy_or_none(question.help, lines=True),
        choices=tuple(
            replace(
                translations.tidy(choice),
                text=texts.tidy(choice.text),
                image_url=(choice.image_url or "").strip() or None,
                image_alt=texts.tidy_or_none(choice.image_alt),
            )
            for choice in question.choices
        ),
    )


def _faults(draft: PollDraft) -> Iterator[FieldError]:
    if draft.slug:
        yield from slugs.faults("/slug", draft.slug)
    if draft.kind not in KINDS:
        yield FieldError("/kind", "Must be poll or survey.")
    yield from texts.faults("/title", draft.title, LONGEST_TITLE)
    yield from texts.faults(
        "/thank_you", draft.thank_you or "", LONGEST_THANKS, required=False, lines=True
    )
    if draft.schedule.status is Status.SCHEDULED:
        yield FieldError("/status", "A poll is scheduled by opening it with opens_at to come.")
    yield from _schedule_faults(draft.schedule.opens_at, draft.schedule.closes_at)
    yield from _network_faults(draft)
    if not 1 <= len(draft.questions) <= MOST_QUESTIONS:
        yield FieldError("/questions", f"Ask 1 to {MOST_QUESTIONS} questions.")
    for place, question in enumerate(draft.questions):
        yield from _question_faults(f"/questions/{place}", question)


def _schedule_faults(opens_at: datetime | None, closes_at: datetime | None) -> Iterator[FieldError]:
    faults = [*moments.faults("/opens_at", opens_at), *moments.faults("/closes_at", closes_at)]
    yield from faults
    if not faults and opens_at and closes_at and opens_at >= closes_at:
        yield FieldError("/closes_at", "Must be after opens_at.", "order")


def _network_faults(draft: PollDraft) -> Iterator[FieldError]:
    limit, limits = draft.network_limit, DuplicatePolicy.DEVICE_AND_NETWORK
    if limit is None and draft.duplicate_policy is limits:
        yield FieldError("/network_limit", "device_and_network needs a limit.", "limit")
    if limit is not None and draft.duplicate_policy is not limits:
        yield FieldError("/network_limit", "Only the duplicate_policy device_and_network has one.")
    elif limit is not None and not 1 <= limit <= LARGEST_NETWORK:
        yield FieldError("/network_limit", f"Must be 1 to {LARGEST_NETWORK}.")


def _question_faults(pointer: str, question: Question) -> Iterator[FieldError]:
    yield from texts.faults(f"{pointer}/text", question.text, LONGEST_QUESTION)
    yield from texts.faults(
        f"{pointer}/help", question.help or "", LONGEST_HELP, required=False, lines=True
    )
    if len(question.choices) > MOST_CHOICES or len(question.offered) < FEWEST_CHOICES:
        yield FieldError(f"{pointer}/choices", f"Offer 2 to {MOST_CHOICES} choices.")
    else:
        yield from _bound_faults(pointer, question)
    for place, choice in enumerate(question.choices):
        yield from _choice_faults(f"{pointer}/choices/{place}", choice)
    yield from _repeated(f"{pointer}/choices", question.choices)
    if sum(choice.is_other for choice in question.choices) > 1:
        yield FieldError(f"{pointer}/choices", "Only one choice can be the other one.")


def _bound_faults(pointer: str, question: Question) -> Iterator[FieldError]:
    least, most = question.min_choices, question.max_choices
    if question.type is QuestionType.SINGLE_CHOICE:
        if (least, most) != (1, 1):
            yield FieldError(f"{pointer}/max_choices", "A single choice is 1 to 1.")
        return
    if not 1 <= least <= len(question.offered):
        yield FieldError(f"{pointer}/min_choices", "Must be 1 to the number of choices offered.")
    # Retired choices are within the bound: to retire one changes no rule under which ballots stand.
    if not least <= most <= len(question.choices):
        yield FieldError(f"{pointer}/max_choices", OUT_OF_BOUNDS, "bounds")


def _choice_faults(pointer: str, choice: Choice) -> Iterator[FieldError]:
    yield from texts.faults(f"{pointer}/text", choice.text, LONGEST_CHOICE)
    alt = choice.image_alt or ""
    yield from texts.faults(f"{pointer}/image_alt", alt, LONGEST_CHOICE, required=False)
    if choice.image_url is None:
        if alt:
            yield FieldError(f"{pointer}/image_alt", "There is no image to describe.")
        return
    if not _is_image_address(choice.image_url):
        yield FieldError(f"{pointer}/image_url", "Must be an https:// address.")
    if not alt:
        yield FieldError(f"{pointer}/image_alt", "Say what the image shows.")


def _is_image_address(url: str) -> bool:
    if len(url) > LONGEST_ADDRESS or not url.isprintable() or any(c in url for c in ' "<>\\^`{|}'):
        return False
    try:
        return bool(origins.policy_source(url))  # a page must be able to allow it
    except ValueError:
        return False


def _repeated(pointer: str, choices: Sequence[Choice]) -> Iterator[FieldError]:
    seen: set[str] = set()
    for place, choice in enumerate(choices):
        text = texts.folded(choice.text)
        if text and text in seen:
            yield FieldError(f"{pointer}/{place}/text", "Another choice has this text.")
        seen.add(text)
