"""What an owner may publish; every fault is told at once, by its place in the body."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.domain import drafts
from service.errors import ValidationError
from service.records import (
    Choice,
    DuplicatePolicy,
    PollDraft,
    Question,
    QuestionType,
    Schedule,
    Status,
)
from tests.conftest import NOON

TEA, COFFEE = Choice("", "Tea"), Choice("", "Coffee")
DRINK = Question("", "Tea or coffee?", (TEA, COFFEE))
DRAFT = PollDraft(slug="drink", title="Drinks", questions=(DRINK,))
# Moments that no clock of some zones can show, and those next to them that all can.
BEFORE_ALL, FIRST = datetime(1969, 12, 31, 23, 59, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)
LAST, AFTER_ALL = datetime(9998, 12, 31, 23, 59, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
IMAGE = "https://img.example/tea.png"


def faults(draft: PollDraft) -> list[str]:
    """The pointers of what is wrong."""
    try:
        drafts.checked(draft)
    except ValidationError as error:
        return [fault.pointer for fault in error.errors]
    return []


def question(**fields: Any) -> PollDraft:
    return replace(DRAFT, questions=(replace(DRINK, **fields),))


def choice(**fields: Any) -> PollDraft:
    return question(choices=(TEA, replace(COFFEE, **fields)))


def several(least: int, most: int, *choices: Choice) -> PollDraft:
    return question(
        type=QuestionType.MULTIPLE_CHOICE,
        min_choices=least,
        max_choices=most,
        choices=choices or (TEA, COFFEE),
    )


def test_a_sound_draft_passes_as_it_is() -> None:
    assert drafts.checked(DRAFT) == DRAFT
    lasting = replace(DRAFT, schedule=Schedule(Status.OPEN, FIRST, LAST))
    assert drafts.checked(lasting) == lasting


def test_texts_are_tidied() -> None:
    rough = replace(
        DRAFT,
        title="  Cafe\u0301 ",
        thank_you=" ",
        questions=(replace(DRINK, text=" Tea or coffee? ", help=""),),
    )
    tidied = drafts.checked(rough)
    assert (tidied.title, tidied.thank_you) == ("Caf\u00e9", None)
    assert (tidied.questions[0].text, tidied.questions[0].help) == ("Tea or coffee?", None)


@pytest.mark.parametrize("code", [0xFDD0, 0xFDEF, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF])
def test_what_is_no_character_is_in_no_text(code: int) -> None:
    assert faults(choice(text=f"Tea{chr(code)}")) == ["/questions/0/choices/1/text"]
    assert faults(choice(text="Tea\ufffd")) == []


def test_a_poll_without_a_title_is_called_by_its_first_question() -> None:
    assert drafts.checked(replace(DRAFT, title=" ")).title == "Tea or coffee?"
    long = replace(DRAFT, title="", questions=(replace(DRINK, text="x" * 1000),))
    assert drafts.checked(long).title == "x" * 300


@pytest.mark.parametrize(
    ("draft", "pointer"),
    [
        (replace(DRAFT, slug="No!"), "/slug"),
        (replace(DRAFT, kind="quiz"), "/kind"),
        (replace(DRAFT, title="x" * 301), "/title"),
        (replace(DRAFT, title="a\x07b"), "/title"),
        (replace(DRAFT, thank_you="x" * 1001), "/thank_you"),
        (replace(DRAFT, schedule=Schedule(Status.SCHEDULED)), "/status"),
        (replace(DRAFT, schedule=Schedule(Status.OPEN, NOON, NOON)), "/closes_at"),
        (
            replace(DRAFT, schedule=Schedule(Status.OPEN, datetime(2026, 1, 1))),
            "/opens_at",
        ),
        (replace(DRAFT, schedule=Schedule(Status.OPEN, BEFORE_ALL)), "/opens_at"),
        (replace(DRAFT, schedule=Schedule(Status.OPEN, None, AFTER_ALL)), "/closes_at"),
        (replace(DRAFT, duplicate_policy=DuplicatePolicy.DEVICE_AND_NETWORK), "/network_limit"),
        (
            replace(DRAFT, duplicate_policy=DuplicatePolicy.DEVICE_AND_NETWORK, network_limit=0),
            "/network_limit",
        ),
        *[
            (replace(DRAFT, duplicate_policy=policy, network_limit=5), "/network_limit")
            for policy in DuplicatePolicy
            if policy is not DuplicatePolicy.DEVICE_AND_NETWORK
        ],
        (replace(DRAFT, questions=()), "/questions"),
        (replace(DRAFT, questions=(DRINK,) * 101), "/questions"),
        (question(text=" "), "/questions/0/text"),
        (question(text="\u200b\u2060"), "/questions/0/text"),
        (question(text="x" * 1001), "/questions/0/text"),
        (question(help="x" * 1001), "/questions/0/help"),
        (question(choices=(TEA,)), "/questions/0/choices"),
        (question(choices=(TEA, replace(COFFEE, retired=True))), "/questions/0/choices"),
        (
            question(choices=tuple(Choice("", f"No {n}") for n in range(101))),
            "/questions/0/choices",
        ),
        (
            question(choices=tuple(Choice("", t, is_other=True) for t in "ab")),
            "/questions/0/choices",
        ),
        (question(max_choices=2), "/questions/0/max_choices"),
        (several(1, 3), "/questions/0/max_choices"),
        (several(2, 1), "/questions/0/max_choices"),
        (several(0, 1), "/questions/0/min_choices"),
        (several(3, 3, TEA, COFFEE, Choice("", "Milk", retired=True)), "/questions/0/min_choices"),
        (choice(text=""), "/questions/0/choices/1/text"),
        (choice(text="x" * 501), "/questions/0/choices/1/text"),
        (choice(text="a\x01b"), "/questions/0/choices/1/text"),
        (choice(text="a\ud800"), "/questions/0/choices/1/text"),
        (choice(text="\uff34EA "), "/questions/0/choices/1/text"),
        (choice(image_url=IMAGE), "/questions/0/choices/1/image_alt"),
        (choice(image_alt="A cup"), "/questions/0/choices/1/image_alt"),
        *[
            (choice(image_url=url, image_alt="A cup"), "/questions/0/choices/1/image_url")
            for url in (
                "http://img.example/tea.png",
                "//img.example/tea.png",
                "/tea.png",
                "data:image/png;base64,AAAA",
                "javascript:alert(1)",
                "https://",
                "https://me@img.example/tea.png",
                "https://img.example:x/tea.png",
                "https://img.example/a b.png",
                'https://img.example/".png',
                f"https://img.example/{'x' * 2000}",
            )
        ],
    ],
)
def test_a_fault_is_told_by_its_place(draft: PollDraft, pointer: str) -> None:
    assert faults(draft) == [pointer]


@pytest.mark.parametrize(
    "draft",
    [
        replace(DRAFT, slug=""),
        replace(DRAFT, thank_you="Thank you.\nCome again."),
        replace(DRAFT, schedule=Schedule(Status.OPEN, NOON, NOON + timedelta(seconds=1))),
        replace(DRAFT, network_limit=3, duplicate_policy=DuplicatePolicy.DEVICE_AND_NETWORK),
        several(2, 2),
        several(1, 3, TEA, COFFEE, Choice("", "Milk", retired=True)),
        choice(image_url=IMAGE, image_alt="A cup"),
        choice(is_other=True),
        choice(text="👩‍🌾 \u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
    ],
)
def test_what_is_allowed_passes(draft: PollDraft) -> None:
    assert faults(draft) == []


def test_all_faults_are_told_at_once() -> None:
    draft = replace(
        DRAFT, kind="quiz", questions=(replace(DRINK, text=""), replace(DRINK, text=""))
    )
    assert faults(draft) == ["/kind", "/questions/0/text", "/questions/1/text"]
